"""What a button of the page editor will do for the readers of each language, in words.

Told from what stands in the database, not from the form: what is being written changes
none of it, and after a refusal it is still true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from pages import locks, paths
from pages.actions import keeps_shared
from pages.languages import field, languages, name_in_words, names_in_words
from pages.models import BilingualPage, ScheduledPublication
from pages.models.columns import State


class Outlook:
    """How a page stands, asked once for all buttons: three queries, none for a new one.

    `page` is the page in the editor, None where it is yet to be made.
    """

    def __init__(self, page: BilingualPage | None, user: Any) -> None:
        self.page, self.user = page, user

    @cached_property
    def row(self) -> BilingualPage:
        """The page as its row stands; an empty one for a new page."""
        pk = self.page and self.page.pk
        return BilingualPage.objects.get(pk=pk) if pk else BilingualPage(live=False)

    @cached_property
    def plans(self) -> list[ScheduledPublication]:
        """What is planned for the page, the next one first."""
        if not self.row.pk:
            return []
        return list(
            ScheduledPublication.objects.filter(page=self.row.pk, done_at=None)
            .order_by("at", "pk")
            .only("kind", "languages", "at")
        )

    @cached_property
    def leaves_shared(self) -> bool:
        """Whether publishing leaves what languages share as readers see it."""
        return bool(self.row.pk) and keeps_shared(self.row, self.user)

    @property
    def original(self) -> str | None:
        """The language the others translate; None where a draft changes which it is."""
        known = self.row.original_language
        return known if self.page and self.page.original_language == known else None

    def translations(self, *states: State) -> list[str]:
        """Languages readers see in a translation that is in one of these states."""
        return [
            code
            for code in self.row.live_languages()
            if self.original not in (None, code) and self._state(code) in states
        ]

    def of_publishing(self, wanted: Collection[str]) -> list[str]:
        """Sentences: what publishing in these languages means to all readers."""
        if closed := [code for code in wanted if self._has_no_place(code)]:
            return paths.no_place_error(language=closed[0]).messages
        others = [code for code in languages() if code not in wanted]
        return [
            self._seen(wanted),
            *(text for code in wanted for text in self._replaced(code)),
            *(self._kept(code) for code in others),
            *(text for code in languages() for text in self._standing(code, wanted)),
        ]

    def of_submitting(self, language: str) -> Iterator[str]:
        """Sentences: what asking for approval in a language means."""
        yield _("Readers see no change until it is approved.")
        if self.page and (waiting := locks.in_review(self.page)):
            text = _("It is reviewed together with %(languages)s, from the first step.")
            yield text % {"languages": names_in_words(waiting)}

    def _has_no_place(self, code: str) -> bool:
        """Whether publishing is refused, as the page above has no address in it."""
        is_named = bool(self.row.pk and field(self.row, "slug", code))
        return (
            is_named
            and field(self.row, "public_path", code) is None
            and paths.site_root_of(self.row.path) is not None
        )

    def _seen(self, wanted: Collection[str]) -> str:
        text = _("Readers in %(languages)s will see this version.")
        if self.leaves_shared:
            text = _(
                "Readers in %(languages)s will see this text; date, pictures and "
                "whatever else the languages share stay as they are."
            )
        return text % {"languages": names_in_words(wanted)}

    def _replaced(self, code: str) -> Iterator[str]:
        """What is planned for a language about to be published."""
        due = self._next_plan(code)
        if due is None:
            return
        text = _("In %(language)s, another version takes its place on %(when)s.")
        if due.kind == ScheduledPublication.Kind.UNPUBLISH:
            text = _("In %(language)s, it will be taken down on %(when)s.")
        yield text % {"language": name_in_words(code), "when": _moment(due.at)}

    def _kept(self, code: str) -> str:
        """What readers of another language go on seeing."""
        is_live = self.row.is_live_in(code)
        due = self._next_plan(code) if is_live else self._next_publication(code)
        if is_live:
            text = _("Readers in %(language)s keep the text of %(date)s.")
            if due:
                text = _(
                    "Readers in %(language)s keep the text of %(date)s until what is "
                    "planned for %(when)s."
                )
        elif due:
            text = _(
                "Readers in %(language)s find nothing until what is planned for "
                "%(when)s."
            )
        else:
            text = _("Readers in %(language)s find nothing yet.")
        return text % {
            "language": name_in_words(code),
            "date": _day(field(self.row, "last_published_at", code)),
            "when": _moment(due and due.at),
        }

    def _standing(self, code: str, wanted: Collection[str]) -> Iterator[str]:
        """Whether a translation will be up to date, where this touches it."""
        touched = {code, self.original} & {*wanted}
        if not self.row.pk or self.original in (None, code) or not touched:
            return
        is_live = self.row.is_live_in(code)
        is_first = field(self.row, "first_published_at", code) is None
        if code in wanted and is_first:
            text = _("The text in %(language)s will count as up to date.")
        elif is_live and self._state(code) == State.BEHIND:
            text = _(
                "The text in %(language)s is behind the original in %(original)s and "
                "stays marked so."
            )
        elif (is_live and self.original in wanted) or (code in wanted and not is_live):
            text = _(
                "If the original in %(original)s has changed, the text in %(language)s "
                "will be marked as behind."
            )
        else:
            return
        names = {"language": name_in_words(code)}
        yield text % {**names, "original": name_in_words(self.original or code)}

    def _state(self, code: str) -> str:
        return field(self.row, "state", code)

    def _next_plan(self, code: str) -> ScheduledPublication | None:
        return next((due for due in self.plans if code in due.languages), None)

    def _next_publication(self, code: str) -> ScheduledPublication | None:
        publish = ScheduledPublication.Kind.PUBLISH
        found = (due for due in self.plans if due.kind == publish)
        return next((due for due in found if code in due.languages), None)


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else "–"


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
