"""People who work in the admin, for tests."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from wagtail.users.models import UserProfile

from people.roles import group_of, write_grants


def person(role: str, language: str = "en"):
    """A user with one role, who works in the admin in `language`."""
    write_grants()
    made = get_user_model().objects.create_user(
        username=role, email=f"{role}@centre.example", password="a quiet place"
    )
    made.groups.add(group_of(role))
    UserProfile.objects.create(user=made, preferred_language=language)
    return made
