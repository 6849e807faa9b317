"""A transactional mail as a message: subject, text and HTML in one named language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from mail.errors import MailTemplateError
from mail.shell import current_brand, render_shell


def message_id(*parts: object) -> str:
    """A Message-ID (RFC 5322, 3.6.4) that is the same for the same parts."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


def render_message(
    *,
    template: str,
    language: str,
    to: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str],
    identity: object,
) -> EmailMultiAlternatives:
    """The message, wholly in `language`, whatever language is active.

    `template` names three files: NAME.subject.txt, NAME.txt and NAME.html.
    """
    brand = current_brand()
    with translation.override(language):
        values = {**context, "language": language, "brand": brand}
        values["site_url"] = settings.SITE_URL
        subject = " ".join(_plain(f"{template}.subject.txt", values).split())
        text = _plain(f"{template}.txt", values).strip() + "\n"
        html = render_shell(
            language=language,
            title=subject,
            preheader=str(context.get("preheader", "")),
            body_html=render_to_string(f"{template}.html", values),
            footer_html=render_to_string("mail/footer.html", values),
            brand=brand,
        )
    if not subject:
        raise MailTemplateError(f"{template}.subject.txt is empty")
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[to],
        headers={
            "Message-ID": message_id(template, identity),
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation replies
            **headers,
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _plain(name: str, values: Mapping[str, Any]) -> str:
    """A text template rendered as text: an ampersand stays one."""
    return get_template(name).template.render(Context(dict(values), autoescape=False))
