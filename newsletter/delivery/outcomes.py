"""What can become of one mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})\b")
# Only these say that the mailbox itself is gone (RFC 3463). Policy, content, quota and
# unclear codes do not: one reputation block must not suppress a whole list.
DEAD_MAILBOX = frozenset({"5.1.1", "5.1.6", "5.1.10", "5.2.1"})
CODE_LIMIT = 200  # characters of a server's answer that we keep


class Kind(Enum):
    """The verdict on one hand-over."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNCERTAIN = "uncertain"

    __hash__ = object.__hash__  # an enum's own runs in Python, twice a mail


@dataclass(frozen=True)
class Outcome:
    """The verdict with the server's words: `stage` is MAIL, RCPT, DATA or END."""

    kind: Kind
    stage: str = ""
    answer: str = ""

    @classmethod
    def from_reply(cls, stage: str, code: int, text: str) -> Outcome:
        """Read a refusal: 4xx may be tried again, anything else is final."""
        kind = Kind.RETRY if 400 <= code < 500 else Kind.FAILED
        words = " ".join(text.split())
        return cls(kind, stage, f"{stage} {code} {words}"[:CODE_LIMIT])

    @property
    def is_dead_mailbox(self) -> bool:
        """True when the answer to RCPT says that nobody is there."""
        words = self.answer.split(" ", 2)
        found = ENHANCED.match(words[2]) if len(words) == 3 else None
        return (
            self.kind is Kind.FAILED
            and self.stage == "RCPT"
            and found is not None
            and found[1] in DEAD_MAILBOX
        )


SENT = Outcome(Kind.SENT)
UNCERTAIN = Outcome(Kind.UNCERTAIN, "END", "no answer after the mail was handed over")
