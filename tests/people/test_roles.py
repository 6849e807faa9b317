"""Roles: groups with the right permissions, given once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from people import roles
from people.models import RoleGrant
from tests.pages.factories import make_person

pytestmark = pytest.mark.django_db


def test_there_is_one_group_per_role_and_no_other():
    names = set(Group.objects.values_list("name", flat=True))
    assert names == set(roles.ROLES.values())


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_enters_the_admin(client, role):
    client.force_login(make_person("someone", role))
    assert client.get("/cms/").status_code == 200


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("administrator", ["pages.publish_es", "people.add_user"], []),
        ("editor", ["pages.publish_es", "pages.publish_en"], ["people.add_user"]),
        ("translator_es", ["pages.publish_es"], ["pages.publish_en"]),
        ("translator_en", ["pages.publish_en"], ["pages.publish_es"]),
        ("office_keeper", [], ["pages.publish_es", "pages.publish_en"]),
    ],
)
def test_a_role_may_what_it_should(role, may, may_not):
    person = make_person("someone", role)
    assert [name for name in may if not person.has_perm(name)] == []
    assert [name for name in may_not if person.has_perm(name)] == []


def test_what_was_taken_away_stays_away():
    group = roles.group_of("editor")
    group.permissions.filter(codename="publish_en").get()
    group.permissions.remove(group.permissions.get(codename="publish_en"))
    roles.write_grants()
    assert not group.permissions.filter(codename="publish_en").exists()


def test_migrating_again_gives_nothing_twice():
    before = RoleGrant.objects.count()
    call_command("migrate", verbosity=0)
    assert RoleGrant.objects.count() == before > 10


def test_every_grant_found_its_permission():
    given = set(RoleGrant.objects.values_list("role", "permission"))
    assert roles.granted() - given == set()


def test_an_unknown_role_is_refused():
    with pytest.raises(KeyError):
        roles.grant("boss", "pages.publish_es")
