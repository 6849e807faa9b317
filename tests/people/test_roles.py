"""Roles: groups with the right permissions, given once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page

from front.models import PlainPage
from pages.actions import publish_languages
from people import roles
from people.models import RoleGrant
from tests.pages.factories import make_home, make_index, make_person, make_story

pytestmark = pytest.mark.django_db

CODES = ("es", "en")


def test_there_is_one_group_per_role_and_no_other():
    names = set(Group.objects.values_list("name", flat=True))
    assert names == set(roles.ROLES.values())


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_enters_the_admin(client, role):
    client.force_login(make_person("someone", role))
    assert client.get("/cms/").status_code == 200


WRITING = {f"pages.{verb}_{code}" for verb in ("write", "publish") for code in CODES}
KNOWN = {
    *WRITING,
    "pages.write_shared",
    "pages.restrict_page",
    "pages.change_brandsettings",
    "people.add_user",
    "newsletter.send_issue",
    "newsletter.view_subscriber",
    "offices.change_office",
}
MAY = {
    "administrator": KNOWN,
    "editor": {
        "offices.change_office",
        *WRITING,
        "pages.write_shared",
        "pages.change_brandsettings",
    },
    "translator_es": {"pages.write_es", "pages.publish_es"},
    "translator_en": {"pages.write_en", "pages.publish_en"},
    "newsletter_sender": {"newsletter.send_issue", "newsletter.view_subscriber"},
    "office_keeper": {"offices.change_office"},
}


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_role_may_what_it_should(role):
    person = make_person("someone", role)
    assert {name for name in KNOWN if person.has_perm(name)} == MAY[role]


# What each may do with a live story and the list it stands in.
WITH_A_STORY = {
    "administrator": "edit move copy unpublish restrict reorder add delete",
    "editor": "edit move copy unpublish reorder add",
    "translator_es": "edit",
    "translator_en": "edit",
    "newsletter_sender": "",
    "office_keeper": "",
}
QUESTIONS = {
    "edit": lambda story, above: story.can_edit(),
    "move": lambda story, above: story.can_move_to(above.page),
    "copy": lambda story, above: story.can_copy_to(above.page),
    "unpublish": lambda story, above: story.can_unpublish(),
    "restrict": lambda story, above: story.can_set_view_restrictions(),
    "delete": lambda story, above: story.can_delete(),
    "reorder": lambda story, above: above.can_reorder_children(),
    "add": lambda story, above: above.can_add_subpage(),
}


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_role_does_with_a_live_story_what_it_should(role):
    person = make_person("someone", role)
    index = make_index(make_home())
    story = make_story(index, live=CODES, headline_es="Uno", headline_en="One")
    page = story.permissions_for_user(person)
    above = index.permissions_for_user(person)
    may = {name for name, ask in QUESTIONS.items() if ask(page, above)}
    assert may == set(WITH_A_STORY[role].split())


def test_an_editor_deletes_what_nobody_reads():
    story = make_story(make_index(make_home()), headline_es="Uno")
    assert story.permissions_for_user(make_person("a", "editor")).can_delete()
    assert not story.permissions_for_user(
        make_person("b", "translator_es")
    ).can_delete()


def test_an_editor_moves_a_live_page_and_puts_it_in_another_place(client):
    home = make_home()
    pages = [PlainPage(headline_es=name, live=False) for name in ("Uno", "Dos", "Tres")]
    for page in pages:
        home.add_child(instance=page)
        publish_languages(page=page, languages=["es"])
    client.force_login(make_person("someone", "editor"))
    first, second, third = (page.pk for page in pages)
    url = reverse("wagtailadmin_pages:set_page_position", args=[third])
    assert client.post(f"{url}?position=0").status_code == 200
    ours = Page.objects.child_of(home).values_list("pk", flat=True)
    assert list(ours) == [third, first, second]
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[first, second]))
    assert Page.objects.get(pk=first).get_parent().pk == second


@pytest.mark.parametrize(
    "name",
    [
        "wagtailsites:index",
        "wagtailsites:add",
        "wagtailredirects:index",
        "wagtailredirects:add",
        "wagtailadmin_workflows:index",
        "wagtailadmin_workflows:add",
        "wagtailadmin_workflows:task_index",
        "wagtailadmin_collections:index",
        "wagtailadmin_collections:add",
        "wagtailusers_users:index",
        "wagtailusers_groups:index",
    ],
)
def test_only_administrators_see_to_the_site_itself(client, name):
    for role in roles.ROLES:
        client.force_login(make_person(role, role))
        code = client.get(reverse(name)).status_code
        assert code == (200 if role == "administrator" else 302), role


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
