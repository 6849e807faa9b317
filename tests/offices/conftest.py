"""What several tests of offices need."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from wagtail.users.models import UserProfile

from people import roles
from tests.offices.factories import make_office, source_server


@pytest.fixture
def source(settings):
    """A source the guarded fetch may ask."""
    with source_server() as answer:
        host = answer.url.split("/")[2]
        settings.OUTGOING_HTTP_ALLOW = [host]
        yield answer


@pytest.fixture
def office(db, source):
    """A live office with a JSON-LD source."""
    return make_office(source_url=source.url)


@pytest.fixture
def log_in(client, db):
    """Log in as a member of a role, with the admin in a language."""

    def as_role(role: str | None, language: str = "es"):
        user = get_user_model().objects.create_user(
            username=f"{role}-{language}", password="long enough", email="a@b.example"
        )
        if role:
            roles.write_grants()
            user.groups.add(roles.group_of(role))
        profile = UserProfile.get_for_user(user)
        profile.preferred_language = language
        profile.save()
        client.force_login(user)
        return user

    return as_role
