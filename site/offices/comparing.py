"""What a source says otherwise than an office, field by field."""

from __future__ import annotations

import hashlib
import json
from copy import copy
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from offices.errors import HoursError, SourceInvalidError
from offices.models import Office, OfficeProposal
from offices.sources import Reading, fields_read
from offices.timetables import canonical
from offices.validation import normalise_phones

Changes = dict[str, dict[str, str]]


def find_changes(office: Office, reading: Reading) -> Changes:
    """The fields whose value in the source differs, and was not rejected before.

    Raises `SourceInvalidError` where a value could never be saved.
    """
    said = {field: _normal(office, field, value) for field, value in reading.items()}
    changes = {
        field: {"old": as_text(office, field), "new": new}
        for field, new in said.items()
        if _comparable(field, new) != _comparable(field, as_text(office, field))
    }
    check_values(office, {field: change["new"] for field, change in changes.items()})
    refused = _refused(office)
    return {
        f: change for f, change in changes.items() if (f, change["new"]) not in refused
    }


def fingerprint(office: Office) -> str:
    """Changes with every value that a source is compared with."""
    facts = [office.country_code, *(as_text(office, name) for name in fields_read())]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def as_text(office: Office, field: str) -> str:
    """An office's value as proposals keep it."""
    value = getattr(office, field)
    return "" if value is None else str(value)


def check_values(office: Office, values: dict[str, str]) -> Office:
    """A copy of the office with the values in it; `SourceInvalidError` if not valid."""
    candidate = copy(office)
    for field, value in values.items():
        setattr(candidate, field, value)
    others = {f.name for f in Office._meta.get_fields()} - set(values)
    try:
        candidate.clean_fields(exclude=others)
        candidate.clean()
    except ValidationError as error:
        wrong = next((f for f in error.message_dict if f in values), "")
        detail = f"{wrong}: {values[wrong]}" if wrong else "; ".join(error.messages)
        raise SourceInvalidError(detail[:300]) from error
    return candidate


def _normal(office: Office, field: str, value: str) -> str:
    """The value as the office would keep it."""
    try:
        if field == "phones":
            return normalise_phones(value, office.country_code)
        if field in ("latitude", "longitude"):
            return str(Decimal(value).quantize(Decimal("0.000001")))
    except (ValidationError, InvalidOperation) as error:
        raise SourceInvalidError(f"{field}: {value}"[:300]) from error
    return value


def _comparable(field: str, value: str) -> str:
    """Two spellings of the same thing compare equal."""
    try:
        if field == "opening_hours":
            return canonical(value)
        if field in ("latitude", "longitude") and value:
            return str(Decimal(value).normalize())
    except HoursError:
        return value
    return "\n".join(" ".join(line.split()) for line in value.splitlines()).casefold()


def _refused(office: Office) -> set[tuple[str, str]]:
    """Every (field, value) an editor has said no to."""
    rejected = office.proposals.filter(state=OfficeProposal.State.REJECTED)
    return {
        (field, change["new"])
        for changes in rejected.values_list("changes", flat=True)
        for field, change in changes.items()
    }
