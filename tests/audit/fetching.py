"""Answers of the running site as they are: no redirect followed, no error raised."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import quote

from tests.browser.conftest import Site


@dataclass(frozen=True)
class Answer:
    """Status, headers by lower-case name, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body in words."""
        return self.body.decode()


def fetch(site: Site, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request by itself, without cookies."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request(method, quote(path, safe="/?=&%:@+~"), headers=headers)
        got = connection.getresponse()
        named = {name.lower(): value for name, value in got.getheaders()}
        return Answer(got.status, named, got.read())
    finally:
        connection.close()
