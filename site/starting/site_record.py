"""Copy SITE_URL into Wagtail's record of the site: it is the truth for every link."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

PORTS = {"http": 80, "https": 443}


def copy_site_url() -> None:
    """Set the default site's host and port; nothing where there is no site yet."""
    parts = urlsplit(settings.SITE_URL)
    port = parts.port or PORTS[parts.scheme]
    for site in Site.objects.filter(is_default_site=True):
        if (site.hostname, site.port) != (parts.hostname, port):
            site.hostname, site.port = parts.hostname, port
            site.save(update_fields=["hostname", "port"])
