"""Moving a page where another has its address is a message, never a broken page."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import Page

from pages import paths
from pages.languages import field, languages
from pages.models import BilingualPage


def refusal_to_move(page: Page, destination: Page) -> str | None:
    """Why a page cannot stand below another, if so."""
    page, destination = page.specific, destination.specific
    root = paths.site_root_of(destination.path)
    if not isinstance(page, BilingualPage) or root is None:
        return None
    for code in languages():
        path = paths.path_below(destination, field(page, "slug", code), code)
        if path is not None and paths.is_taken(
            site_root_id=root[0], language=code, path=path, page_id=page.pk
        ):
            return paths.taken_error(language=code, path=path).messages[0]
    return None


class BilingualMoveConfirmView(MoveConfirmView):
    """Says so where another page was faster."""

    def post(self, request, *args, **kwargs):
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("wagtailadmin_pages:move", self.page_to_move.pk)
