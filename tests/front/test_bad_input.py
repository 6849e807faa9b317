"""Whatever is asked of a page: the right status, and nothing given back.

A view that fails would raise here, as Django's client lets it. Short; `make audit`
plays EXAMPLES of queries, and all that is listed on every page.
"""

from __future__ import annotations

import os
from itertools import cycle
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as plays
from hypothesis import strategies as st

from front.urls import SEARCH
from newsletter.subscribing.paths import path_to
from tests.front.filled import FilledSite

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
MARKUP = "\"'><i id=reflected>%_"
NAMES = ["q", "page", "year", "after", "country", "project", "newsletter", "x"]
ODD = [
    "", "-1", "0", "99999", "9" * 400, "1e9", "٣", "\0", "%", MARKUP, "a" * 10_000,
    "2026-13-45_1", "2026-01-01_99999999999999999999", "9999-12-31_1", "🌽", "\ud800",
]  # fmt: skip
# As they arrive, before anybody decodes them.
RAW = ["%ff%fe", "q=%ff", "%00=%00", "&&&==", "?", "q[]=1&q[a]=2", "%", "q=%zz", "a;b"]
QUERIES = [
    "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name in NAMES)
    for value in ODD
]
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 300]
REFUSED = {400, 403, 404, 405, 422}
HEADERS = [
    {"HTTP_ACCEPT_LANGUAGE": "xx;q=abc, *;q=9, " + "e" * 9_000},
    {"HTTP_ACCEPT_LANGUAGE": "\x00\xff,es-<i>;;q=,,"},
    {"HTTP_RANGE": "bytes=9-1,0-,-99999999999999999999"},
    {"HTTP_IF_MODIFIED_SINCE": "Sun, 99 Nov 99999", "HTTP_IF_NONE_MATCH": '"\xff'},
    {"HTTP_COOKIE": "sessionid=\x01\xff; csrftoken=<i>; =; a" + ";" * 999},
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher"},
    {"HTTP_ACCEPT": "text/<i>;q=x", "HTTP_ACCEPT_ENCODING": "br;q=-1,\xff"},
    {"HTTP_REFERER": "javascript:\xff//" + "a" * 9_000, "HTTP_USER_AGENT": "\xff"},
]
HOSTS = ["evil.example", "testserver/evil", "test server", "[::1", "<i>", "a" * 999]
OPEN = ["join", "sent", "embed", "ask", "mailed"]
ELSEWHERE = [
    "/es/nada/", "/sitemap.xml", "/robots.txt", "/brand.css", "/c/x/", "/u/x/", "/m/1/",
    "/es/documents/", "/media/images/no.jpg",
]  # fmt: skip
PATHS = [
    "/es/%ff/", "/es/a%00b/", "/es/%2e%2e/", f"/es/{MARKUP}/", "/en/" + "ñ%_'" * 8_000,
]  # fmt: skip


def usual(site: FilledSite) -> dict[str, int]:
    """The path of each kind of page, in either language, and what it answers with."""
    pages = [
        page.url_in(code)
        for page, code in zip(site.pages().values(), cycle(SEARCH), strict=False)
    ]
    steps = [
        path_to(step, code) for step, code in zip(OPEN, cycle(SEARCH), strict=False)
    ]
    searches = [f"/{code}/{word}/" for code, word in SEARCH.items()]
    others = ["/", f"{pages[2]}feed/", path_to("preferences", "es", "made-up")]
    paths = [*pages, *steps, *searches, *others, *ELSEWHERE]
    return {path: Client().get(path).status_code for path in paths}


def ask(path: str, query: str = "", method: str = "GET", **headers: str) -> int:
    """The answer to a stranger; what was sent must not come back as markup."""
    response = Client().generic(method, path, QUERY_STRING=query, **headers)
    if not response.streaming:
        assert b"<i id=reflected" not in response.content
    return response.status_code


def some(found: list, turn: int, of: int) -> list:
    """One in so many, other ones each time; everything in the audit."""
    return found if EXAMPLES else found[turn % of :: of]


@pytest.mark.timeout(0 if EXAMPLES else 300)
def test_every_page_bears_whatever_it_is_asked(subtests):
    """One site for all of it: making one takes longer than asking."""
    pages = usual(FilledSite())
    for turn, (path, status) in enumerate(pages.items()):
        with subtests.test(path=path):
            for query in some([*QUERIES, *RAW], turn, of=24):
                assert ask(path, query) == status, query[:80]
            for method in some(METHODS, turn, of=8):
                assert ask(path, method=method) in REFUSED | {status}, method
            for headers in some(HEADERS, turn, of=8):
                assert ask(path, **headers) == status, headers
            for host in some(HOSTS, turn, of=6):
                assert ask(path, HTTP_HOST=host) == 400, host
    for path in PATHS:
        with subtests.test(path=path[:80]):
            assert ask(path) in {400, 404}
    play(pages)


def play(pages: dict[str, int]) -> None:
    """Ask with any query that Hypothesis thinks of."""
    text = st.text(max_size=60) | st.sampled_from(ODD[:-1])
    pairs = st.tuples(st.sampled_from(NAMES) | text, text)
    raw = st.text("%=&;+?[]<>\"' \0\xff0aF", max_size=60)
    joined = st.lists(pairs, max_size=5).map(
        lambda found: "&".join(f"{quote(name)}={quote(value)}" for name, value in found)
    )

    @plays(
        max_examples=EXAMPLES or 10,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=list(Phase) if EXAMPLES else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(list(pages)), joined | raw)
    def once(path: str, query: str) -> None:
        assert ask(path, query) == pages[path]

    once()
