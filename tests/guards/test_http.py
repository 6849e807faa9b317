"""The way out never leads into our own network, and never takes too long."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command

from guards.errors import (
    AddressRefusedError,
    BadUrlError,
    FetchError,
    HttpStatusError,
    TimedOutError,
    TooLargeError,
    UnreachableError,
    UnreadableError,
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

    def _odd(self) -> None:
        self._answer(302, b"", Location="http://[::1")

    def _nowhere(self) -> None:
        self._answer(302, b"")

    def _sets_cookie(self) -> None:
        cookie = {"Set-Cookie": "who=me; Path=/", "Location": "/cookie"}
        self._answer(302, b"", **cookie)

    def _cookie(self) -> None:
        self._answer(200, self.headers.get("Cookie", "none").encode())

    def _asks(self) -> None:
        wanted = ("User-Agent", "Accept-Encoding", "Host")
        self._answer(200, "\n".join(self.headers[name] for name in wanted).encode())

    def _packed(self) -> None:
        body = gzip.compress("Horario: 9 a 18 h ☕".encode() * 5000)
        self._answer(200, body, **{"Content-Encoding": "gzip"})

    def _cut_off(self) -> None:
        body = gzip.compress(b"whole" * 500)[:-9]
        self._answer(200, body, **{"Content-Encoding": "gzip"})

    def _not_packed(self) -> None:
        self._answer(200, b"plain", **{"Content-Encoding": "gzip"})

    def _bomb_in_bomb(self) -> None:
        body = gzip.compress(gzip.compress(b"0" * 30_000_000))
        self._answer(200, body, **{"Content-Encoding": "gzip, gzip"})

    def _other_packing(self) -> None:
        self._answer(200, b"x" * 50, **{"Content-Encoding": "br"})

    def _gone_bomb(self) -> None:
        body = gzip.compress(b"0" * 30_000_000)
        self._answer(410, body, **{"Content-Encoding": "gzip"})

    def _conditions(self) -> None:
        names = ("If-None-Match", "If-Modified-Since")
        found = [name for name in names if self.headers.get(name)]
        self._answer(200, ",".join(found).encode())

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
    server.handle_error = lambda *_who: None  # whoever hangs up early
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


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch):
    """The address that is judged is the address that is connected to (rebinding)."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []
    dialled: list[tuple[str, int]] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    def refuse(address: tuple[str, int], *args: object, **kwargs: object) -> None:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(UnreachableError):
        fetch("http://rebind.example/", resolver=resolver)
    assert asked == ["rebind.example"]
    assert dialled == [("93.184.216.34", 80)]


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


@pytest.mark.parametrize("path", ["bomb_in_bomb", "other_packing"])
def test_packing_we_did_not_ask_for_is_not_opened(inside, path):
    with pytest.raises(UnreadableError):
        fetch(f"{inside}/{path}")


@pytest.mark.parametrize("path", ["cut_off", "not_packed"])
def test_a_damaged_document_is_refused(inside, path):
    with pytest.raises(UnreadableError):
        fetch(f"{inside}/{path}")


def test_a_packed_page_comes_unpacked(inside):
    body = fetch(f"{inside}/packed").body
    assert body.decode() == "Horario: 9 a 18 h ☕" * 5000


def test_a_document_of_exactly_the_limit_passes(inside):
    assert fetch(f"{inside}/good", max_bytes=5).body == b"hello"
    with pytest.raises(TooLargeError):
        fetch(f"{inside}/good", max_bytes=4)


def test_the_body_of_a_refusal_is_not_read(inside):
    with pytest.raises(HttpStatusError, match="410"):
        fetch(f"{inside}/gone_bomb", max_bytes=1000)


def test_no_cookie_is_kept_on_the_way(inside):
    assert fetch(f"{inside}/sets_cookie").body == b"none"


def test_environment_proxies_are_ignored(inside, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert fetch(f"{inside}/good").status == 200


def test_we_say_who_we_are_and_keep_the_name_of_the_host(settings, port):
    settings.OUTGOING_HTTP_ALLOW = [f"office.example:{port}"]
    url = f"http://office.example:{port}/asks"
    body = fetch(url, resolver=lambda host, port: ["127.0.0.1"]).body.decode()
    agent, packing, host = body.splitlines()
    assert agent.startswith("Pregon/")
    assert packing == "gzip"
    assert host == f"office.example:{port}"


@pytest.mark.parametrize(
    "validator", ['"a"\r\nX-Evil: 1', '"ñ"', '"' + "a" * 600, "\0", "\ud800"]
)
def test_a_validator_that_no_header_may_hold_is_left_out(inside, validator):
    answer = fetch(f"{inside}/conditions", etag=validator, last_modified=validator)
    assert answer.body == b""


def test_a_redirect_to_nonsense_is_refused(inside):
    with pytest.raises(FetchError):
        fetch(f"{inside}/odd")


def test_a_redirect_to_nowhere_is_an_error_with_its_status(inside):
    with pytest.raises(HttpStatusError, match="302"):
        fetch(f"{inside}/nowhere")


def test_a_slow_name_server_does_not_keep_us():
    gone, answered = threading.Event(), threading.Event()

    def slow(host: str, port: int) -> list[str]:
        gone.wait(60)
        answered.set()
        return ["93.184.216.34"]

    with pytest.raises(TimedOutError):
        fetch("http://slow.example/", resolver=slow, timeout_s=0.3)
    assert not answered.is_set()
    gone.set()


def test_a_silent_server_does_not_keep_us(settings):
    """It takes the connection and says nothing, first in TLS, then in HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.OUTGOING_HTTP_ALLOW = [f"127.0.0.1:{port}"]
        for scheme in ("https", "http"):
            with pytest.raises(TimedOutError):
                fetch(f"{scheme}://127.0.0.1:{port}/", timeout_s=0.4)


def test_a_host_is_reached_at_its_second_address(settings, port):
    settings.OUTGOING_HTTP_ALLOW = [f"two.example:{port}"]
    both = ["127.0.0.7", "127.0.0.1"]  # nothing listens at the first
    url = f"http://two.example:{port}/good"
    assert fetch(url, resolver=lambda host, port: both).body == b"hello"


def test_a_host_without_address_is_unreachable():
    with pytest.raises(UnreachableError):
        fetch("http://none.example/", resolver=lambda host, port: [])
    with pytest.raises(UnreachableError):
        fetch(f"http://{'a' * 64}.example/")


def test_numbers_in_disguise_are_the_addresses_they_mean():
    for host in ("2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::ffff:7f00:1]"):
        with pytest.raises((AddressRefusedError, BadUrlError)):
            fetch(f"http://{host}/")


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
        "https://:secret@org.example/",
        "http://org.example:0/",
        "http://org.example:80\\@evil.example:22/",
        "http://org.example/\ud800",
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
        "192.0.0.9",
        "192.88.99.1",
        "198.18.0.1",
        "240.0.0.1",
        "::7f00:1",
        "::ffff:0:7f00:1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "3fff::1",
        "fec0::1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1%eth0",
        "ff02::1",
    ],
)
def test_no_private_address_counts_as_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"]
)
def test_public_addresses_do(address):
    assert is_public(address)


def test_the_command_refuses_with_one_line_and_exit_code_one(capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("fetch_source", "ftp://org.example/")
    assert stopped.value.code == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
