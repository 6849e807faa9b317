"""Every table of the newsletter, by concept.

`newsletters` who sends and what the pages hold, `sending` one sending of an issue,
`people` who reads, `consent` what they agreed to and what must never be sent again,
`complaints` who marked a mail as spam, `filters` whom the team looks for, `digests`
what is sent by itself, `imports` files with readers, `clicks` how often the links of
mails are opened.
"""

from __future__ import annotations

from newsletter.models.clicks import MailLink
from newsletter.models.complaints import Complaint
from newsletter.models.consent import Consent, OptInMail, Suppression
from newsletter.models.digests import DIGESTS, Digest, Frequency
from newsletter.models.filters import SavedFilter
from newsletter.models.imports import ImportPiece, SubscriberImport
from newsletter.models.newsletters import (
    FallbackRule,
    IssuePage,
    IssueStory,
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
)
from newsletter.models.people import (
    AddressChange,
    Subscriber,
    Subscription,
    address_hash,
)
from newsletter.models.sending import (
    SEND,
    Chunk,
    Delivery,
    Dispatch,
    Edition,
    LinkCheck,
)

__all__ = [
    "DIGESTS",
    "SEND",
    "AddressChange",
    "Chunk",
    "Complaint",
    "Consent",
    "Delivery",
    "Digest",
    "Dispatch",
    "Edition",
    "FallbackRule",
    "Frequency",
    "ImportPiece",
    "IssuePage",
    "IssueStory",
    "LinkCheck",
    "MailLink",
    "Newsletter",
    "NewsletterIndexPage",
    "NewsletterPage",
    "OptInMail",
    "SavedFilter",
    "Subscriber",
    "SubscriberImport",
    "Subscription",
    "Suppression",
    "address_hash",
]
