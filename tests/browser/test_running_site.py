"""What only a running site shows: the server's own reading of requests, and beat."""

from __future__ import annotations

import socket

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
JOIN = "/en/subscription/join/"
WAIT = """
import time
from offices.models import OfficeProposal
for _second in range(150):
    if found := OfficeProposal.objects.first():
        print(found.office)
        break
    time.sleep(1)
"""
FORM = b"address=ana%40readers.example&language=en"


def talk(site, head: str, body: bytes = b"") -> tuple[int, bytes]:
    """Send bytes as they are; the answer's status and all of it."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + body)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    answer = b"".join(parts)
    return int(answer.split(b" ", 2)[1]), answer


def post(length: str) -> str:
    return (
        f"POST {JOIN} HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n"
        f"Content-Type: application/x-www-form-urlencoded\n{length}\n\n"
    )


@pytest.mark.parametrize(
    "length",
    [
        "Content-Length: garbage",
        "Content-Length: -1",
        "Content-Length: +41",
        "Content-Length: 41\nContent-Length: 4",
        "Content-Length: 99999999999999999999999999",
    ],
)
def test_a_made_up_length_is_refused_and_the_site_goes_on(site, length):
    status, _answer = talk(site, post(length), FORM)
    assert status in {400, 413}
    assert talk(site, "GET /healthz HTTP/1.0\nHost: 127.0.0.1\n\n")[0] == 200


def test_a_megabyte_in_chunks_is_refused_and_the_site_goes_on(site):
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    body = b"9\r\naddress=a\r\n" + chunk * 16 + b"0\r\n\r\n"
    status, _answer = talk(site, post("Transfer-Encoding: chunked"), body)
    assert 400 <= status < 500
    assert talk(site, "GET /healthz HTTP/1.0\nHost: 127.0.0.1\n\n")[0] == 200


def test_line_breaks_in_an_address_make_no_header(site):
    path = "/en/nothing/%0d%0aSet-Cookie:%20stolen=1/?q=%0d%0aX-Made-Up:%201"
    head = f"GET {path} HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"
    status, answer = talk(site, head)
    assert status == 404
    names = answer.split(b"\r\n\r\n")[0].lower()
    assert b"\r\nset-cookie: stolen" not in names
    assert b"\r\nx-made-up" not in names


def test_the_worker_asks_the_offices_source_soon_and_one_value_differs(site):
    assert site.manage("shell", "--no-imports", "-c", WAIT).strip() == "La Serena"
    lines = site.manage("sync_offices").splitlines()
    assert len(lines) == 4
    proposed = [line for line in lines if not line.endswith(": ok")]
    assert [line.split(" ", 1)[1] for line in proposed] == [
        "La Serena: proposed opening_hours"
    ]
