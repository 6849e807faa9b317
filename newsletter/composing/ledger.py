"""The ledger of one sending as a table: who was sent what, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.log_actions import log

from guards.csv import BOM, csv_text
from newsletter.composing.moments import site_zone
from newsletter.composing.replies import meaning_of
from newsletter.models import Delivery, Dispatch
from pages.languages import language_name

COLUMNS = (
    "subscriber_id", "subscriber__address", "edition__language", "standing", "code",
    "tries", "went_at", "next_at",
)  # fmt: skip
BATCH = 2000  # rows in memory at a time, however many there are


def export_ledger(
    dispatch: Dispatch, *, language: str, by: Any = None
) -> Iterator[str]:
    """The ledger as pieces of a CSV file, in one language's words; noted as exported.

    Nothing is read before the first piece is taken.
    """
    log(instance=dispatch, action="newsletter.export_ledger", user=by)
    return _pieces(dispatch, language)


def file_name(dispatch: Dispatch) -> str:
    """What the file is called."""
    return f"pregon-{dispatch.pk}.csv"


def _pieces(dispatch: Dispatch, language: str) -> Iterator[str]:
    # The language is set per piece: between two, others run in this process.
    with translation.override(language):
        head = BOM + csv_text([_header()])
    yield head
    last = 0
    while rows := list(_rows(dispatch, last)[:BATCH]):
        last = rows[-1]["subscriber_id"]
        with translation.override(language):
            piece = csv_text(map(_cells, rows))
        yield piece


def _rows(dispatch: Dispatch, last: int) -> QuerySet[Delivery, dict[str, Any]]:
    """By the index that keeps a person from having two."""
    rows = Delivery.objects.filter(dispatch=dispatch, subscriber_id__gt=last)
    return rows.with_standing().order_by("subscriber_id").values(*COLUMNS)


def _header() -> list[str]:
    return [
        _("Reader"),
        _("Language"),
        _("State"),
        _("What the mail server said"),
        _("What that means"),
        _("Attempts"),
        _in_zone(_("sent at")),
        _in_zone(_("next attempt")),
    ]


def _in_zone(words: str) -> str:
    return f"{capfirst(words)} ({settings.TIME_ZONE})"


def _cells(row: dict[str, Any]) -> list[object]:
    return [
        row["subscriber__address"] or pgettext("address", "erased"),
        language_name(row["edition__language"]),
        str(Delivery.State(row["standing"]).label),
        row["code"],
        meaning_of(row["code"]),
        row["tries"],
        _moment(row["went_at"]),
        _moment(row["next_at"]),
    ]


def _moment(at: datetime | None) -> str:
    """In the site's time zone, in the form that every spreadsheet reads as a date."""
    if at is None:
        return ""
    return timezone.localtime(at, site_zone()).strftime("%Y-%m-%d %H:%M:%S")
