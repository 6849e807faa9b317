"""Who may log in: as Django says, but nobody of the demo on a real site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from demo.people import is_demo_person


class RealPeopleBackend(ModelBackend):
    """Django's backend without the demo's people in production.

    Their passwords were printed on a screen, and their rows move along when the
    database of a trial becomes that of a real site.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked at login and on each request, so that open sessions end too."""
        if settings.PRODUCTION and is_demo_person(user):
            return False
        return super().user_can_authenticate(user)
