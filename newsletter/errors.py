"""What the newsletter refuses, and why.

NewsletterError
├── IllegalMoveError      a state may not follow the one that is there
├── AppendOnlyError       a proof of consent was about to be changed
├── LinkError             a link from a mail does not open anything
│   ├── LinkInvalidError      we never made it, or it was made for something else
│   ├── LinkExpiredError      it was good, but its time is over
│   └── LinkUsedError         it has done what it could do
├── TooManyError          too many sign-ups in too short a time
├── UnknownAddressError   nobody we know has this address
├── SuppressedError       an address must not be written to, whoever adds it
├── AlreadySubscribedError  somebody is to be added who is there
├── UnreadableFileError   a file to be imported is no table that we can read
└── DispatchError
    ├── NothingToSendError    no edition, or nobody to send to
    ├── AlreadySentError      the issue has a sending that reached, or may reach, people
    │   └── AlreadyScheduledError  it has one that waits for its moment
    ├── BlockedError          a check before sending refuses the issue
    ├── NoTransportError      the newsletter's mail server is not set up any more
    ├── NotTakenError         the mail server did not take a test
    ├── ChangedMeanwhileError what was to be decided is not what was shown
    ├── HeldIssueError        the issue is locked or in review
    ├── UnfinishedError       a digest waits or is on its way; the next comes after it
    ├── ComplaintsError       too many readers complain about the newsletter
    └── UnknownDispatchError  no such sending
"""

from __future__ import annotations


class NewsletterError(Exception):
    """Anything the newsletter refuses; the text is fit to be shown."""


class IllegalMoveError(NewsletterError):
    """A state may not follow the one that is there."""


class AppendOnlyError(NewsletterError):
    """A proof of consent was about to be changed."""


class LinkError(NewsletterError):
    """A link from a mail does not open anything."""


class LinkInvalidError(LinkError):
    """We never made this link, or it was made for something else."""


class LinkExpiredError(LinkError):
    """The link was good, but its time is over."""


class LinkUsedError(LinkError):
    """The link has already done what it could do."""


class TooManyError(NewsletterError):
    """Too many sign-ups in too short a time; `retry_after_s` says how long to wait."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


class UnknownAddressError(NewsletterError):
    """Nobody we know has this address."""


class SuppressedError(NewsletterError):
    """An address must not be written to, whoever adds it."""


class AlreadySubscribedError(NewsletterError):
    """Somebody is to be added who is there."""


class UnreadableFileError(NewsletterError):
    """A file to be imported is no table that we can read; the text says what to do."""


class DispatchError(NewsletterError):
    """A sending cannot do what was asked."""


class NothingToSendError(DispatchError):
    """No edition has content, or nobody may receive it."""


class UnknownDispatchError(DispatchError):
    """There is no such sending."""


class ChangedMeanwhileError(DispatchError):
    """What was to be decided is not what was shown; somebody may have been faster."""


class HeldIssueError(DispatchError):
    """The issue is locked or in review, so nobody else may change it now."""


class ComplaintsError(DispatchError):
    """Too many readers complain about the newsletter; the text says how many."""


class UnfinishedError(DispatchError):
    """A digest waits or is on its way, and the next one comes after it."""

    def __init__(self, dispatch_id: int) -> None:
        super().__init__(f"The digest before is not finished: dispatch {dispatch_id}.")
        self.dispatch_id = dispatch_id


class AlreadySentError(DispatchError):
    """The issue has a sending that has reached people or still may."""

    def __init__(self, dispatch_id: int) -> None:
        super().__init__(f"This issue was sent before: dispatch {dispatch_id}.")
        self.dispatch_id = dispatch_id


class AlreadyScheduledError(AlreadySentError):
    """The issue has a sending that waits for its moment."""


class BlockedError(DispatchError):
    """A check before sending refuses the issue; the text says which."""


class NoTransportError(DispatchError):
    """The mail server that the newsletter has chosen is not set up any more."""


class NotTakenError(DispatchError):
    """The mail server did not take a test; the text holds its words."""
