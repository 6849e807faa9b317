"""Mail servers: what the engine needs of one, and plain SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from newsletter.delivery.outcomes import SENT, UNCERTAIN, Outcome


class TransportError(Exception):
    """The server, not one recipient, is the trouble; nothing was handed over."""


class ConnectionLostError(TransportError):
    """The connection went away before the mail was handed over; it was not sent."""


class RelayRefusedError(TransportError):
    """The server refuses us: no connection, no login, or our sender address."""


class Session(Protocol):
    """One open connection."""

    def deliver(
        self, sender: str, to: str, data: bytes, on_handover: Callable[[], None]
    ) -> Outcome:
        """Hand over one mail in wire form.

        `on_handover` is called after the server asked for the content and before the
        first byte of it leaves: from then on, no answer means uncertain. Raises
        `TransportError` where the mail certainly did not go.
        """

    def close(self) -> None:
        """Say goodbye; never raises."""


class Transport(Protocol):
    """Opens connections."""

    def connect(self) -> Session:
        """A new session. Raises `RelayRefusedError`."""


@dataclass(frozen=True)
class SmtpTransport:
    """Plain SMTP over the standard library, with STARTTLS or TLS and a login."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    timeout_s: float = 30
    own_name: str | None = None

    def connect(self) -> Session:
        """Open, encrypt and log in."""
        try:
            return SmtpSession(self._open())
        except (OSError, smtplib.SMTPException) as error:
            raise RelayRefusedError(f"{self.host}:{self.port}: {error}") from error

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        options: dict[str, Any] = {
            "timeout": self.timeout_s,
            "local_hostname": self.own_name,
        }
        server: smtplib.SMTP
        if self.tls:
            server = smtplib.SMTP_SSL(self.host, self.port, context=context, **options)
        else:
            server = smtplib.SMTP(self.host, self.port, **options)
        try:
            self._introduce(server, context)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server

    def _introduce(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if self.starttls:
            server.starttls(context=context)
        if self.username:
            server.login(self.username, self.password)
        server.ehlo_or_helo_if_needed()


class SmtpSession:
    """One SMTP connection, one mail after the other."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def deliver(
        self, sender: str, to: str, data: bytes, on_handover: Callable[[], None]
    ) -> Outcome:
        """As `Session.deliver`."""
        try:
            refusal = self._envelope(sender, to)
        except (OSError, smtplib.SMTPException) as error:
            self._server.close()
            raise ConnectionLostError(str(error)) from error
        if refusal is not None:
            return refusal
        on_handover()
        return self._content(data)

    def _envelope(self, sender: str, to: str) -> Outcome | None:
        """None when the server waits for the content, else why it does not."""
        code, text = self._command(f"MAIL FROM:<{sender}>")
        if code >= 500:
            raise RelayRefusedError(f"{sender}: {code} {text}")
        if code >= 400:
            return self._refused("MAIL", code, text)
        code, text = self._command(f"RCPT TO:<{to}>")
        if code >= 300:
            return self._refused("RCPT", code, text)
        code, text = self._command("DATA")
        return None if code == 354 else self._refused("DATA", code, text)

    def _content(self, data: bytes) -> Outcome:
        try:
            self._server.send(data + b".\r\n")
            code, answer = self._server.getreply()
        except (OSError, smtplib.SMTPException):
            self._server.close()
            return UNCERTAIN
        if 200 <= code < 300:
            return SENT
        if 400 <= code < 600:
            return Outcome.from_reply("END", code, answer.decode("utf-8", "replace"))
        self._server.close()  # no verdict, so who knows what comes next
        return UNCERTAIN

    def _command(self, line: str) -> tuple[int, str]:
        code, answer = self._server.docmd(line)
        text = answer.decode("utf-8", "replace")
        if code == 421 or code < 0:
            self._server.close()
            raise ConnectionLostError(f"{code} {text}")
        return code, text

    def _refused(self, stage: str, code: int, text: str) -> Outcome:
        self._server.rset()
        return Outcome.from_reply(stage, code, text)

    def close(self) -> None:
        """As `Session.close`."""
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()
