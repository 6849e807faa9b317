"""What the columns of a file hold, and what holds for rows that do not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsletter.subscribing.names import strip_accents

ADDRESS = "address"
ROLES = {
    ADDRESS: _("E-mail address"),
    "language": _("Language of the mails"),
    "agreed_on": _("Agreed on"),
    "proof": _("How they agreed"),
    "projects": _("Projects"),
    "countries": _("Countries"),
    "frequency": pgettext_lazy("of mails", "Frequency"),
}
# Parts of headings, without accents, as Mailchimp, Sendinblue and people write them.
HINTS = {
    ADDRESS: ("mail", "correo", "direccion", "address"),
    "language": ("idioma", "language", "lengua", "lang", "locale"),
    "agreed_on": ("fecha", "date", "optin_time", "alta", "confirm_time", "agreed"),
    "proof": ("consent", "prueba", "proof", "origen", "source", "fuente"),
    "projects": ("proyecto", "project"),
    "countries": ("pais", "countr"),
    "frequency": ("frecuencia", "frequency", "periodicidad"),
}


@dataclass(frozen=True)
class Plan:
    """Column numbers by role; the rest is for rows whose cell is empty or missing.

    `agreed_on` is an ISO day. `is_day_first` says what 03/04/2025 is.
    """

    columns: dict[str, int]
    language: str
    agreed_on: str
    proof: str
    is_day_first: bool = True

    @classmethod
    def from_json(cls, known: dict[str, Any]) -> Plan:
        """What `as_json` gave."""
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        """Fit to be kept."""
        return asdict(self)


def guess(header: Sequence[str], preview: Sequence[Sequence[str]]) -> dict[str, int]:
    """What the columns seem to hold, by their names, and the address by its looks."""
    names = [strip_accents(name) for name in header]
    found: dict[str, int] = {}
    looks = _like_addresses(preview)
    if looks is not None:
        found[ADDRESS] = looks
    for role, hints in HINTS.items():
        if role not in found:
            _guess_one(found, role, hints, names)
    return found


def _like_addresses(preview: Sequence[Sequence[str]]) -> int | None:
    """The first column of which most cells have an @."""
    width = max(map(len, preview), default=0)
    for column in range(width):
        cells = [row[column] for row in preview if len(row) > column]
        if sum("@" in cell for cell in cells) * 2 > len(cells):
            return column
    return None


def _guess_one(
    found: dict[str, int], role: str, hints: Sequence[str], names: Sequence[str]
) -> None:
    for hint in hints:
        for column, name in enumerate(names):
            if hint in name and column not in found.values():
                found[role] = column
                return
