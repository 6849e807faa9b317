"""SMTP: the standard library opens, encrypts and logs in; then our lines take over."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from typing import Any

from newsletter.delivery.line import Line
from newsletter.delivery.lines import Lines
from newsletter.delivery.transport import Mails, RelayRefusedError


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
    answer_timeout_s: float = 300  # RFC 5321 section 4.5.3.2 asks for minutes
    own_name: str | None = None

    def carry(self, mails: Mails, connections: int) -> str:
        """As `Transport.carry`."""
        return Lines(lambda: self._line(mails), mails, connections).run()

    def _line(self, mails: Mails) -> Line:
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise RelayRefusedError(f"{self.host}:{self.port}: {error}") from error
        if server.sock is None:
            raise RelayRefusedError(f"{self.host}:{self.port}: no connection")
        return Line(
            server.sock,
            mails,
            is_pipelining=server.has_extn("pipelining"),
            answer_timeout_s=self.answer_timeout_s,
            takes_utf8=server.has_extn("smtputf8"),
        )

    def _open(self) -> smtplib.SMTP:
        is_secret = self.tls or self.starttls
        context = ssl.create_default_context() if is_secret else None
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

    def _introduce(self, server: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
        if self.starttls:
            server.starttls(context=context)
        if self.username:
            server.login(self.username, self.password)
        server.ehlo_or_helo_if_needed()
