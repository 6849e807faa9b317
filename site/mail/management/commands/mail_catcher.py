"""The local mail catcher: SMTP in, an inbox in the browser, nothing out."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mail.catcher.smtp import smtp_server
from mail.catcher.store import Store
from mail.catcher.web import web_server


class Command(BaseCommand):
    """mail_catcher --smtp-port N --http-port N [--host ADDRESS]"""

    help = _("Catch every mail of this site and show it in the browser.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Both ports; on loopback unless a container needs another address."""
        parser.add_argument("--smtp-port", type=int, default=8001)
        parser.add_argument("--http-port", type=int, default=8002)
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="Where to listen; in a container 0.0.0.0, published on loopback only.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until told to stop."""
        if settings.PRODUCTION:
            raise CommandError(_("The mail catcher never runs in production."))
        store = Store(settings.DATA_DIR / "mail")
        smtp = smtp_server(store, options["smtp_port"], options["host"])
        web = web_server(store, options["http_port"], options["host"])
        signal.signal(signal.SIGTERM, lambda *_: self._stop(web))
        smtp.start()
        try:
            web.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            smtp.stop()

    def _stop(self, web: Any) -> None:
        threading.Thread(target=web.shutdown).start()  # it waits for serve_forever
