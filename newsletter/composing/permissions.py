"""Who may send, and who may look at what was sent."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from newsletter.models import SEND, Dispatch

SEE_READERS = "newsletter.view_subscriber"


def may_send(user: Any) -> bool:
    """Whether this person may send an issue to its subscribers."""
    return user.has_perm(SEND)


def may_see_readers(user: Any) -> bool:
    """Whether this person may see the readers' addresses, and take them along."""
    return user.has_perm(SEE_READERS)


def may_export(user: Any) -> bool:
    """Whether this person may take along whom a sending went to."""
    may_look = DispatchPolicy(Dispatch).user_has_permission(user, "view")
    return may_look and may_see_readers(user)


class DispatchPolicy(ModelPermissionPolicy):
    """Sendings are looked at by senders and never added, edited or deleted by hand."""

    def user_has_permission(self, user, action):
        if action != "view":
            return False
        return may_send(user) or user.has_perm("newsletter.view_dispatch")

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)
