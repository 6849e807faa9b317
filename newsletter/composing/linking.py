"""Whether the addresses outside of the site that a mail leads to still answer.

A worker asks them when an issue is published, so that nobody waits for other servers;
the send page reads what they answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from guards.errors import (
    FetchError,
    HttpStatusError,
    TooLargeError,
    UnreadableError,
    from_kept,
)
from guards.http import fetch
from newsletter.composing.editions import EditionContent, build_edition
from newsletter.composing.problems import Code, Problem
from newsletter.models import IssuePage, LinkCheck

FRESH = timedelta(hours=12)
KEPT = timedelta(days=90)
AT_ONCE = 8
MOST = 200  # of one issue
PATIENCE_S = 10
ENOUGH_BYTES = 5_000_000
GUARDED = {"401", "403", "405", "406", "429", "451"}


def outside_links(html: str) -> list[str]:
    """The web addresses a mail leads to that are not our own, each once."""
    parser = _Links()
    parser.feed(html)
    own = _web_host(settings.SITE_URL)
    found = (url for url in parser.found if _web_host(url) not in {"", own})
    return [*dict.fromkeys(found)][:MOST]


def _web_host(url: str) -> str:
    """The host of a web address; "" of anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} else ""


def check_links(issue: IssuePage) -> int:
    """Ask every outside address of the published issue; returns how many were asked."""
    made = [build_edition(issue, code) for code in issue.live_languages()]
    links = {url for edition in made for url in outside_links(edition.html)}
    links -= _fresh(links)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(_trouble_with, sorted(links)))
    for url, trouble in zip(sorted(links), answers, strict=True):
        known = {"url": url, "trouble": trouble[:200], "checked_at": timezone.now()}
        LinkCheck.objects.update_or_create(key=_key(url), defaults=known)
    LinkCheck.objects.filter(checked_at__lt=timezone.now() - KEPT).delete()
    return len(links)


def dead_links(editions: Iterable[EditionContent]) -> Iterator[Problem]:
    """Each link of these that did not answer well when it was asked."""
    links = [(each.language, url) for each in editions for url in _links_of(each)]
    rows = LinkCheck.objects.filter(key__in={_key(url) for _code, url in links})
    trouble = dict(rows.exclude(trouble="").values_list("url", "trouble"))
    for language, url in links:
        if url in trouble:
            details = {"url": url, "why": str(from_kept(trouble[url]))}
            yield Problem(Code.LINK_DEAD, language, details)


def _links_of(edition: EditionContent) -> list[str]:
    return [] if edition.is_empty else outside_links(edition.html)


def _fresh(links: Collection[str]) -> set[str]:
    """Those that answered well a short while ago."""
    rows = LinkCheck.objects.filter(key__in={_key(url) for url in links}, trouble="")
    rows = rows.filter(checked_at__gt=timezone.now() - FRESH)
    return set(rows.values_list("url", flat=True))


def _key(url: str) -> str:
    return hashlib.sha256(url.encode(errors="replace")).hexdigest()


def _trouble_with(url: str) -> str:
    """The error that fetching it raised, as it is kept; "" where it is there.

    A server that wants a login, or no machines, has the page all the same.
    """
    try:
        fetch(url, max_bytes=ENOUGH_BYTES, timeout_s=PATIENCE_S)
    except (TooLargeError, UnreadableError):
        return ""
    except FetchError as error:
        is_guarded = isinstance(error, HttpStatusError) and error.detail in GUARDED
        return "" if is_guarded else error.kept
    return ""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)
