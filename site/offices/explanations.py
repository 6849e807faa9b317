"""What went wrong with a source or a decision, and what an editor can do about it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guards.errors import from_kept
from offices.errors import (
    ProposalDecidedError,
    ProposalError,
    ProposalInvalidError,
    ProposalStaleError,
)
from offices.models import Office, OfficeSource


def explain_source(source: OfficeSource) -> str:
    """Why the last look at a source brought nothing; empty where it did."""
    if not source.last_error:
        return ""
    texts = {
        "unreachable": _(
            "The source did not answer properly. Open its address in a browser; if "
            "it has moved, change it in the office. Nothing was changed."
        ),
        "malformed": _(
            "The source is not in the format the office expects. Check the kind of "
            "source, or ask whoever keeps it. Nothing was changed."
        ),
        "no_office": _(
            "We could not tell which entry of the source is this office. Fill in "
            "“which one in the source”. Nothing was changed."
        ),
        "invalid": _(
            "The source has a value that cannot be used. Ask whoever keeps it to "
            "correct it. Nothing was changed."
        ),
    }
    return texts[source.last_error]


def explain_detail(source: OfficeSource) -> str:
    """The exact spot: what the connection said, or the value in question."""
    if source.last_error != OfficeSource.Error.UNREACHABLE:
        return source.last_error_detail
    return str(from_kept(source.last_error_detail))


def explain_decision(error: ProposalError) -> str:
    """Why a proposal could not be decided."""
    texts = {
        ProposalDecidedError: _("Somebody has already decided on this."),
        ProposalStaleError: _(
            "The office was changed in the meantime. Check its source again to "
            "compare with how it is now."
        ),
        ProposalInvalidError: _("The office would not be valid with these values."),
    }
    return texts[type(error)]


def field_label(field: str) -> str:
    """A field of an office as the admin calls it."""
    return str(Office._meta.get_field(field).verbose_name)
