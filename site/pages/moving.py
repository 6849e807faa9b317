"""Moving a page where another has its address is a message, never a broken page."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.move import MoveBulkAction
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import Page

from pages import paths
from pages.languages import field, languages
from pages.models import BilingualPage


def refusal_to_move(pages: Iterable[Page], destination: Page) -> str | None:
    """Why pages cannot stand below another one, all together, if so."""
    destination = destination.specific
    root = paths.site_root_of(destination.path)
    if root is None:
        return None
    taken: set[tuple[str, str]] = set()
    try:
        for page in pages:
            _check_move(page.specific, destination, root, taken)
    except ValidationError as error:
        return f"{page.get_admin_display_title()}: {error.messages[0]}"
    return None


def _check_move(page: Page, destination: Page, root: tuple, taken: set) -> None:
    """Refuse one page where its address is not free, or readers would lose it."""
    for code in languages() if isinstance(page, BilingualPage) else ():
        slug = field(page, "slug", code)
        path = paths.path_below(destination, slug, code)
        if path is None:
            _check_nobody_reads(page, code)
            continue
        if paths.is_reserved(destination, root, slug):
            raise paths.reserved_error(language=code)
        if (code, path) in taken or paths.is_taken(
            site_root_id=root[0], language=code, path=path, page_id=page.pk
        ):
            raise paths.taken_error(language=code, path=path)
        taken.add((code, path))


def _check_nobody_reads(page: BilingualPage, code: str) -> None:
    """A page without an address in a language has none below it either."""
    moved = BilingualPage.objects.descendant_of(page, inclusive=True)
    if moved.live_in(code).exists():
        raise paths.no_place_error(language=code)


class BilingualMoveBulkAction(MoveBulkAction):
    """Moves all of them, or says why not."""

    def prepare_action(self, pages, pages_without_access):
        response = super().prepare_action(pages, pages_without_access)
        refusal = refusal_to_move(pages, self.cleaned_form.cleaned_data["chooser"])
        return response or (self.refuse(refusal) if refusal else None)

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ValidationError as error:
            return self.refuse(" ".join(error.messages))

    def refuse(self, why):
        messages.error(self.request, why)
        return redirect(self.next_url)


class BilingualMoveConfirmView(MoveConfirmView):
    """Says so where another page was faster."""

    def post(self, request, *args, **kwargs):
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("wagtailadmin_pages:move", self.page_to_move.pk)
