"""The way out never leads into our own network, and never takes too long."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command

from guards.errors import (
    AddressRefusedError,
    BadUrlError,
    HttpStatusError,
    TimedOutError,
    TooLargeError,
    UnreachableError,
)
from guards.http import fetch, is_public


class Answers(BaseHTTPRequestHandler):
    """One path, one kind of answer."""

    def do_GET(self) -> None:
        getattr(self, f"_{self.path.strip('/').partition('?')[0]}", self._missing)()

    def _good(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            self._answer(304, b"")
            return
        self._answer(200, b"hello", ETag='"v1"')

    def _bomb(self) -> None:
        body = gzip.compress(b"0" * 30_000_000)
        self._answer(200, body, **{"Content-Encoding": "gzip"})

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def _slow_head(self) -> None:
        for _ in range(40):
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.1)

    def _inward(self) -> None:
        self._answer(302, b"", Location="http://10.0.0.8/secret")

    def _to_file(self) -> None:
        self._answer(302, b"", Location="file:///etc/passwd")

    def _around(self) -> None:
        self._answer(302, b"", Location="/around")

    def _missing(self) -> None:
        self._answer(404, b"no")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def inside(settings, port) -> str:
    """Our own test server, allowed by name."""
    settings.OUTGOING_HTTP_ALLOW = [f"127.0.0.1:{port}"]
    return f"http://127.0.0.1:{port}"


def test_a_page_comes_with_its_validator(inside):
    answer = fetch(f"{inside}/good")
    assert (answer.status, answer.body, answer.etag) == (200, b"hello", '"v1"')


def test_an_unchanged_page_is_not_sent_again(inside):
    assert fetch(f"{inside}/good", etag='"v1"').not_modified


def test_the_same_server_is_refused_unless_allowed(settings, port):
    settings.OUTGOING_HTTP_ALLOW = []
    with pytest.raises(BadUrlError):
        fetch(f"http://127.0.0.1:{port}/good")
    with pytest.raises(AddressRefusedError):
        fetch("http://127.0.0.1/good")


def test_a_redirect_inward_is_refused(inside):
    with pytest.raises(AddressRefusedError):
        fetch(f"{inside}/inward")


def test_a_redirect_to_another_scheme_is_refused(inside):
    with pytest.raises(BadUrlError):
        fetch(f"{inside}/to_file")


def test_redirects_in_a_circle_end(inside):
    with pytest.raises(UnreachableError):
        fetch(f"{inside}/around")


def test_a_name_that_changes_its_answer_gains_nothing():
    """The address that is judged is the address that is connected to (rebinding)."""
    answers = iter([["127.0.0.1"], ["93.184.216.34"]])
    with pytest.raises(AddressRefusedError):
        fetch("http://rebind.example/", resolver=lambda host, port: next(answers))


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    both = ["93.184.216.34", "10.1.2.3"]
    with pytest.raises(AddressRefusedError):
        fetch("http://mixed.example/", resolver=lambda host, port: both)


def test_a_bomb_stops_at_the_limit(inside):
    with pytest.raises(TooLargeError):
        fetch(f"{inside}/bomb", max_bytes=100_000)


@pytest.mark.parametrize("path", ["drip", "slow_head"])
def test_a_dripping_server_does_not_keep_us(inside, path):
    with pytest.raises(TimedOutError):
        fetch(f"{inside}/{path}", timeout_s=0.5)


def test_a_missing_page_is_an_error_with_its_status(inside):
    with pytest.raises(HttpStatusError, match="404"):
        fetch(f"{inside}/nothing")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://org.example/x",
        "file:///etc/passwd",
        "https://user:secret@org.example/",
        "http://org.example:22/",
        "http://org.example:99999/",
        "http://",
        "http://org.example/\r\nHost: x",
        "http://[::1",
    ],
)
def test_a_bad_address_is_refused_before_anything_is_asked(url):
    def never(host: str, port: int) -> list[str]:
        raise AssertionError("resolved")

    with pytest.raises(BadUrlError):
        fetch(url, resolver=never)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - nothing binds
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1%eth0",
        "ff02::1",
    ],
)
def test_no_private_address_counts_as_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_do(address):
    assert is_public(address)


def test_the_command_refuses_with_one_line_and_exit_code_one(capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("fetch_source", "ftp://org.example/")
    assert stopped.value.code == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
