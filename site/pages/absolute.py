"""Addresses as they are written where the site is not around them: mails, feeds."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings


def absolute(url: str) -> str:
    """The address with the site in front; a whole one stays as it is."""
    try:
        return urljoin(f"{settings.SITE_URL.rstrip('/')}/", url)
    except ValueError:  # an address in brackets that is none
        return ""
