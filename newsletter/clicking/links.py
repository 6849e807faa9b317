"""The counted links of an edition: written once, and the same for each of its readers.

A link names a row by number and is signed, so it leads only where the mail led. Mail
programs show what a link says as before; personal links, mailto and tel stay as they
are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from guards import tokens
from newsletter.models import Edition, MailLink
from pages.languages import languages
from pages.models import PagePath

PURPOSE = "click"
LONGEST = 2000  # characters; Django redirects to little more
HREF = re.compile(r"""(<a\b[^>]*?\shref=)(["'])(.*?)\2""", re.I | re.S)
# Where a text part has links: alone on a line, or behind the words that lead there.
IN_TEXT = re.compile(r"(?m)(?<=<)https?://[^\s<>]+(?=>)|^https?://[^\s<>]+$")


@dataclass(frozen=True)
class CountedLinks:
    """An edition's links by the addresses they lead to."""

    by_address: Mapping[str, str]

    def in_html(self, html: str) -> str:
        """The HTML, or a part of it, with these for the addresses."""

        def counted(found: re.Match[str]) -> str:
            tag, quote, href = found.groups()
            link = self.by_address.get(unescape(href).strip())
            return f"{tag}{quote}{escape(link)}{quote}" if link else found[0]

        return HREF.sub(counted, html)

    def in_text(self, text: str) -> str:
        """The same for text."""
        links = self.by_address
        return IN_TEXT.sub(lambda found: links.get(found[0], found[0]), text)


def write_links(edition: Edition) -> CountedLinks:
    """Write a row for each address that the saved edition leads to."""
    rows = _write_links(edition)
    sign = tokens.signer(PURPOSE, at=0)  # without a time: they never end
    return CountedLinks(
        {row.url: _link(sign(str(row.pk).encode()).decode()) for row in rows}
    )


def _write_links(edition: Edition) -> list[MailLink]:
    found = [*dict.fromkeys(_addresses(edition.html))]
    pages = _pages(found)
    return MailLink.objects.bulk_create(
        MailLink(
            edition=edition,
            number=number,
            url=url,
            page_id=page,
            language=language,
        )
        for number, url in enumerate(found, 1)
        for page, language in [pages.get(url, (None, ""))]
    )


def _addresses(html: str) -> Iterable[str]:
    urls = (unescape(href).strip() for _tag, _quote, href in HREF.findall(html))
    return (url for url in urls if _is_web(url))


def _is_web(url: str) -> bool:
    """Whether it is an address of the web that a redirect can lead to."""
    if len(url) > LONGEST or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _pages(urls: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Address → page and language, of those that are pages of ours; in one query."""
    places = {url: place for url in urls if (place := _place(url))}
    wanted = Q()
    for language, path in places.values():
        wanted |= Q(language=language, url_path=path)
    if not wanted:
        return {}
    rows = PagePath.objects.filter(wanted, is_current=True)
    known = {
        (language, path): page
        for language, path, page in rows.values_list("language", "url_path", "page")
    }
    return {
        url: (known[place], place[0]) for url, place in places.items() if place in known
    }


def _place(url: str) -> tuple[str, str] | None:
    """The language and the path below it that an own address has, if it is one.

    An address with a query or an anchor is kept whole instead: a page has neither.
    """
    parts = urlsplit(url)
    own = urlsplit(settings.SITE_URL).netloc
    language, slash, path = unquote(parts.path).lstrip("/").partition("/")
    is_page = parts.netloc == own and slash and language in languages()
    is_page = is_page and path.isprintable()
    return (language, path) if is_page and not (parts.query or parts.fragment) else None


def _link(token: str) -> str:
    return settings.SITE_URL + reverse("follow_link", args=[token])
