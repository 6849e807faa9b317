"""What carries a newsletter's mails: the site's relay, or the one it has chosen.

Another transport is a class with `carry` (`newsletter.delivery.transport`) and an entry
in `NEWSLETTER_TRANSPORTS`: MAKE, the class or a function by its dotted name, OPTIONS,
what it is called with, and LIMIT, what it takes from all newsletters.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from newsletter.delivery.pacing import Limit
from newsletter.delivery.smtp import SmtpTransport
from newsletter.delivery.transport import Transport
from newsletter.errors import NoTransportError
from newsletter.models import Newsletter


def transport_of(newsletter: Newsletter) -> Transport:
    """Its transport, ready to carry; raises `NoTransportError`."""
    if not newsletter.transport:
        return relay(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            starttls=settings.EMAIL_USE_TLS,
            tls=settings.EMAIL_USE_SSL,
        )
    known = _known(newsletter)
    made: Transport = import_string(known["MAKE"])(**known["OPTIONS"])
    return made


def limit_of(newsletter: Newsletter) -> Limit:
    """What its transport takes from all newsletters; raises `NoTransportError`."""
    if not newsletter.transport:
        return Limit("relay", **settings.RELAY_LIMIT)
    return Limit(f"relay-{newsletter.transport}", **_known(newsletter)["LIMIT"])


def relay(*, user: str = "", **options: Any) -> SmtpTransport:
    """A mail server, as the environment's EMAIL_URL describes it."""
    return SmtpTransport(
        username=user,
        timeout_s=settings.EMAIL_TIMEOUT,
        own_name=urlsplit(settings.SITE_URL).hostname,
        **options,
    )


def _known(newsletter: Newsletter) -> dict[str, Any]:
    try:
        found: dict[str, Any] = settings.NEWSLETTER_TRANSPORTS[newsletter.transport]
    except KeyError:
        text = _(
            "The mail server “%(name)s” is not set up any more. Choose another one "
            "for “%(newsletter)s”, or ask an operator to bring it back."
        )
        names = {"name": newsletter.transport, "newsletter": newsletter}
        raise NoTransportError(text % names) from None
    return found
