"""The caught mails: a Maildir, and what the inbox shows of it."""

from __future__ import annotations

import mailbox
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

KEY = re.compile(r"[\w.,=+-]{1,200}")


@dataclass(frozen=True)
class Caught:
    """One mail with what the list shows of it."""

    key: str
    message: EmailMessage
    size: int

    @property
    def subject(self) -> str:
        """The subject as a person reads it."""
        return str(self.message.get("Subject", ""))

    @property
    def recipient(self) -> str:
        """Whom the envelope named."""
        return str(self.message.get("X-Envelope-To", self.message.get("To", "")))

    @property
    def sender(self) -> str:
        """Whom the mail says it is from."""
        return str(self.message.get("From", ""))

    @property
    def language(self) -> str:
        """What Content-Language says."""
        return str(self.message.get("Content-Language", ""))

    @property
    def date(self) -> object:
        """When it says it was sent, or nothing."""
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except (TypeError, ValueError):
            return None

    def body(self, kind: str) -> str:
        """The part of this kind, `plain` or `html`, or nothing."""
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part else ""

    def summary(self) -> dict[str, object]:
        """The mail for /messages.json."""
        headers = {name: str(value) for name, value in self.message.items()}
        return {
            "key": self.key,
            "to": self.recipient,
            "from": self.sender,
            "subject": self.subject,
            "language": self.language,
            "size": self.size,
            "headers": headers,
            "text": self.body("plain"),
            "html": self.body("html"),
        }


class Store:
    """A Maildir under `folder`; safe for one writer and many readers."""

    def __init__(self, folder: Path) -> None:
        mailbox.Maildir(folder, create=True)
        self.folder = folder

    def add(self, content: bytes, sender: str, recipients: list[str]) -> None:
        """Keep the mail, with its envelope in two headers in front."""
        envelope = (
            f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(recipients)}\r\n"
        )
        self._box().add(envelope.encode("utf-8", "replace") + content)

    def all(self, query: str = "") -> list[Caught]:
        """Newest first; with `query` only those whose envelope or subject holds it."""
        paths = sorted(
            (self.folder / "new").iterdir(),
            key=lambda path: path.stat().st_mtime_ns,
            reverse=True,
        )
        found = (self._read(path) for path in paths)
        wanted = query.strip().casefold()
        return [
            mail
            for mail in found
            if wanted in f"{mail.recipient} {mail.subject}".casefold()
        ]

    def get(self, key: str) -> Caught | None:
        """One mail, or nothing."""
        path = self.folder / "new" / key
        if not KEY.fullmatch(key) or not path.is_file():
            return None
        return self._read(path)

    def source(self, key: str) -> str:
        """The mail as it came, byte for byte."""
        return (self.folder / "new" / key).read_bytes().decode("utf-8", "replace")

    def clear(self) -> None:
        """Delete all mails."""
        for path in (self.folder / "new").iterdir():
            path.unlink(missing_ok=True)

    def _read(self, path: Path) -> Caught:
        content = path.read_bytes()
        message = message_from_bytes(content, policy=policy.default)
        return Caught(path.name, message, len(content))

    def _box(self) -> mailbox.Maildir:
        return mailbox.Maildir(self.folder)
