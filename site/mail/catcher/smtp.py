"""The catcher's SMTP side: takes every mail, keeps it, sends nothing on."""

from __future__ import annotations

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mail.catcher.store import Store

LARGEST = 30 * 1024 * 1024


class Keeper:
    """aiosmtpd's handler: one mail, one file."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail before saying that we did."""
        content = envelope.original_content or b""
        self.store.add(content, envelope.mail_from or "", list(envelope.rcpt_tos))
        return "250 2.0.0 kept"


def smtp_server(store: Store, port: int, host: str = "127.0.0.1") -> Controller:
    """A server in a thread of its own; call start() and stop()."""
    return Controller(
        Keeper(store),
        hostname=host,
        port=port,
        data_size_limit=LARGEST,
        enable_SMTPUTF8=True,
        ident="Pregon mail catcher",
    )
