"""Who may add readers, and who may take their addresses along."""

from __future__ import annotations

from typing import Any

SEE = "newsletter.view_subscriber"
ADD = "newsletter.add_subscriber"


def may_add(user: Any) -> bool:
    """Whether this person may add a reader, with proof of consent."""
    return user.has_perm(ADD)


def may_export(user: Any) -> bool:
    """Whether this person may take the readers' addresses with them."""
    return user.has_perm(SEE)


def may_save_filters(user: Any) -> bool:
    """Whether this person may name filters that others use as well."""
    return user.has_perm(SEE)
