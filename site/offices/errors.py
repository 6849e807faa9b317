"""What can go wrong with offices.

OfficeError
├── HoursError                  opening hours we cannot read
├── SourceError                 a source that says nothing we can use
│   ├── SourceMalformedError    not the format it should be
│   ├── SourceNoOfficeError     readable, but this office is not in it
│   └── SourceInvalidError      readable, but a value is not acceptable
└── ProposalError               a proposal that cannot be decided now
    ├── ProposalDecidedError    somebody was faster
    ├── ProposalStaleError      the office changed since it was made
    └── ProposalInvalidError    the office would no longer be valid
"""

from __future__ import annotations


class OfficeError(Exception):
    """Base of everything this room raises."""


class HoursError(OfficeError):
    """Opening hours we cannot read: `reason` is a short key, `near` the spot."""

    def __init__(self, reason: str, near: str = "") -> None:
        super().__init__(f"{reason}: {near}" if near else reason)
        self.reason = reason
        self.near = near


class SourceError(OfficeError):
    """A source that says nothing we can use; `code` is kept, `detail` is shown."""

    code = "malformed"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail


class SourceMalformedError(SourceError):
    """The answer is not the format it should be."""


class SourceNoOfficeError(SourceError):
    """The answer is readable, but does not say which part is this office."""

    code = "no_office"


class SourceInvalidError(SourceError):
    """A value in the answer could never be saved."""

    code = "invalid"


class ProposalError(OfficeError):
    """A proposal that cannot be decided now."""


class ProposalDecidedError(ProposalError):
    """It, or the chosen field, was already decided."""


class ProposalStaleError(ProposalError):
    """The office no longer says what the proposal calls old."""


class ProposalInvalidError(ProposalError):
    """The office with the new values would not be valid."""
