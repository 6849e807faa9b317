"""What the admin refuses to do to a project or a country in use."""

from __future__ import annotations

from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages

import topics.merging_hooks  # noqa: F401  registers its own
from topics.merging_views import merge_buttons
from topics.uses import refusal, used_terms


@hooks.register("before_delete_page")
def refuse_a_used_term(request, page):
    if _warn(request, page):
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_bulk_action")
def refuse_used_terms(request, action_type, objects, action):
    if action_type != "delete":
        return None
    warned = [_warn(request, page) for page in objects]
    return redirect(action.next_url) if any(warned) else None


def _warn(request, page) -> bool:
    """Name each use, so that an editor goes round only once."""
    used = used_terms(page)
    buttons = merge_buttons(request.user, page) if used else None
    for name, words in used.items():
        messages.error(request, refusal(name, words), buttons=buttons)
    return bool(used)
