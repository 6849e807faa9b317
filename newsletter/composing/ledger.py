"""The ledger of one sending as a table: who was sent what, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.log_actions import log

from newsletter import tables
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
    return tables.pieces(language, _header, _batches(dispatch), _cells)


def file_name(dispatch: Dispatch) -> str:
    """What the file is called."""
    return f"pregon-{dispatch.pk}.csv"


def _batches(dispatch: Dispatch) -> Iterator[list[dict[str, Any]]]:
    last = 0
    while rows := list(_rows(dispatch, last)[:BATCH]):
        yield rows
        last = rows[-1]["subscriber_id"]


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


def _cells(row: dict[str, Any]) -> Iterator[list[object]]:
    yield [
        row["subscriber__address"] or pgettext("address", "erased"),
        language_name(row["edition__language"]),
        str(Delivery.State(row["standing"]).label),
        row["code"],
        meaning_of(row["code"]),
        row["tries"],
        tables.moment(row["went_at"]),
        tables.moment(row["next_at"]),
    ]
