"""What the newsletter refuses, and why.

NewsletterError
├── IllegalMoveError      a state may not follow the one that is there
├── AppendOnlyError       a proof of consent was about to be changed
└── DispatchError
    ├── NothingToSendError    no edition, or nobody to send to
    └── UnknownDispatchError  no such sending
"""

from __future__ import annotations


class NewsletterError(Exception):
    """Anything the newsletter refuses; the text is fit to be shown."""


class IllegalMoveError(NewsletterError):
    """A state may not follow the one that is there."""


class AppendOnlyError(NewsletterError):
    """A proof of consent was about to be changed."""


class DispatchError(NewsletterError):
    """A sending cannot do what was asked."""


class NothingToSendError(DispatchError):
    """No edition has content, or nobody may receive it."""


class UnknownDispatchError(DispatchError):
    """There is no such sending."""
