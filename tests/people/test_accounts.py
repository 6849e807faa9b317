"""People's own data, as an administrator or they themselves write them."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from people import roles
from tests.pages.factories import make_person
from tests.people.accounts import save_account

pytestmark = pytest.mark.django_db
WRONG = pytest.mark.parametrize("address", ["ana@localhost", "ana@centro.test"])


def new_person(address):
    """What the form for a new person sends."""
    return {
        "username": "ana",
        "email": address,
        "first_name": "Ana",
        "last_name": "Quispe",
        "password1": "una frase bastante larga",
        "password2": "una frase bastante larga",
    }


@pytest.fixture
def administrator(client):
    client.force_login(make_person("elvira", roles.ADMINISTRATOR))


def test_a_person_is_made_in_the_admin(client, administrator):
    client.post(reverse("wagtailusers_users:add"), new_person("ana@centro.example"))
    assert get_user_model().objects.get(username="ana").email == "ana@centro.example"


@WRONG
def test_a_person_needs_an_address_that_can_get_mail(client, administrator, address):
    answer = client.post(reverse("wagtailusers_users:add"), new_person(address))
    assert list(answer.context["form"].errors) == ["email"]
    assert not get_user_model().objects.filter(username="ana").exists()


@WRONG
def test_nobody_changes_to_an_address_that_cannot_get_mail(client, address):
    person = make_person("ana", roles.EDITOR)
    client.force_login(person)
    assert save_account(client, **{"name_email-email": address}).status_code == 200
    person.refresh_from_db()
    assert person.email == "ana@example.org"
    new = {"name_email-email": "ana@centro.example"}
    assert save_account(client, **new).status_code == 302
    person.refresh_from_db()
    assert person.email == "ana@centro.example"
