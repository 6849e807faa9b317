"""The errors of this room.

GuardError
├── AddressError            an e-mail address we cannot use
├── TokenError              a link we cannot follow
│   ├── TokenInvalidError   not made by us, or for another purpose
│   └── TokenExpiredError   made by us, past its time
└── FetchError              a page we could not fetch
    ├── BadUrlError         not an address we may ask
    ├── AddressRefusedError the host lies inside our own network
    ├── UnreachableError    no connection, or it broke
    ├── TimedOutError       too slow
    ├── TooLargeError       too many bytes
    ├── UnreadableError     packed in a way we did not ask for, or broken
    └── HttpStatusError     an answer other than 2xx or 304
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class GuardError(Exception):
    """Base of all errors here."""


class AddressError(GuardError):
    """An e-mail address we cannot use; `reason` is for the person who typed it."""

    def __init__(self, reason: object = "") -> None:
        super().__init__(str(reason))
        self.reason = reason or _("This is not a complete e-mail address.")


class TokenError(GuardError):
    """Base: a link we cannot follow."""


class TokenInvalidError(TokenError):
    """Not signed by us for this purpose."""


class TokenExpiredError(TokenError):
    """Signed by us, but too long ago."""


class FetchError(GuardError):
    """Base: a page we could not fetch; the text says what to do."""

    reason = _("The address could not be fetched.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason} {self.detail}".strip()

    @property
    def kept(self) -> str:
        """As it is stored, to be said later in each reader's language."""
        return f"{type(self).__name__}: {self.detail}"


class BadUrlError(FetchError):
    """Not http or https, with credentials, or an odd port."""

    reason = _("This is not a web address we may fetch; use https:// and no password.")


class AddressRefusedError(FetchError):
    """The host resolves to an address that is not public."""

    reason = _("The host lies in a private network; allow it in OUTGOING_HTTP_ALLOW.")


class UnreachableError(FetchError):
    """No connection, or it broke off."""

    reason = _("The server could not be reached; try again later.")


class TimedOutError(FetchError):
    """The server took longer than the whole fetch may take."""

    reason = _("The server took too long; try again later.")


class TooLargeError(FetchError):
    """The document is larger than we read."""

    reason = _("The document is too large.")


class UnreadableError(FetchError):
    """Packed in a way we did not ask for, or cut off."""

    reason = _("The document is damaged or packed in a way we cannot open.")


class HttpStatusError(FetchError):
    """The server refused, or the page is gone."""

    reason = _("The server did not give the document; check the address.")


def from_kept(text: str) -> FetchError:
    """The error that was stored as `FetchError.kept`."""
    name, _colon, detail = text.partition(": ")
    found = globals().get(name)
    if isinstance(found, type) and issubclass(found, FetchError):
        return found(detail)
    return FetchError(detail)
