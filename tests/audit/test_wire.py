"""What goes over the wire: headers of pages, and requests that no browser makes."""

from __future__ import annotations

import socket

import pytest

from tests.audit.fetching import fetch

FEWER_THAN_THREADS = 3
GET = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{more}\r\n"
BROKEN = {
    "no version": b"GET /es/\r\n\r\n",
    "no method": b"/es/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "made-up method": b"GE\x00T /es/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "made-up version": b"GET /es/ HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
    "bytes": bytes(range(256)) + b"\r\n\r\n",
    "a line without colon": b"GET /es/ HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n",
    "a folded line": b"GET /es/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\r\n b\r\n\r\n",
    "two lengths": b"POST /es/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST /es/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


def test_a_reader_gets_a_policy_and_no_cookie(site, kinds, subtests):
    for page in kinds.pages:
        with subtests.test(path=page.path):
            answer = fetch(site, page.path)
            assert answer.status == page.status
            assert "set-cookie" not in answer.headers
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["content-language"] == page.lang
            assert "cookie" not in answer.headers.get("vary", "").lower()


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_request_is_refused(site, name):
    status, answer = talk(site, BROKEN[name])
    assert status is None or 300 <= status < 500, answer[:200]
    assert is_well(site)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/es/?q=" + "a" * 65_536, ""),
        ("/es/" + "a" * 65_536, ""),
        ("/es/buscar/?q=" + "%C3%B1" * 10_000, ""),
        ("/es/", "X-Long: " + "a" * 1_000_000 + "\r\n"),
        ("/es/", "".join(f"X-{number}: a\r\n" for number in range(2_000))),
        ("/es/", "Cookie: " + "a=b; " * 20_000 + "\r\n"),
    ],
    ids=["query", "path", "search", "header", "headers", "cookies"],
)
def test_what_is_too_long_is_answered_or_refused(site, path, more):
    status, answer = talk(site, GET.format(path=path, more=more).encode())
    assert status is None or status < 500, answer[:200]
    assert is_well(site)


def test_slow_bodies_hold_up_nobody(site):
    """Each keeps a thread waiting, so the proxy in front takes forms whole first."""
    head = (
        b"POST /es/suscripcion/alta/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 5000\r\n\r\n"
    )
    slow = [
        socket.create_connection(("127.0.0.1", site.port), timeout=10)
        for _number in range(FEWER_THAN_THREADS)
    ]
    try:
        for each in slow:
            each.sendall(head + b"address=")
        for _turn in range(5):
            for each in slow:
                each.sendall(b"a")
            assert fetch(site, "/es/buscar/").status == 200
    finally:
        for each in slow:
            each.close()
    assert is_well(site)


def talk(site, request: bytes) -> tuple[int | None, bytes]:
    """Send bytes as they are; None where the connection was closed without a word."""
    parts = []
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                parts.append(part)
        except OSError:
            pass  # refused before all of it was sent
    answer = b"".join(parts)
    words = answer.split(b" ", 2)
    return (int(words[1]) if answer.startswith(b"HTTP/") else None), answer


def is_well(site) -> bool:
    """Whether it still serves."""
    return fetch(site, "/healthz").status == 200
