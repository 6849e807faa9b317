"""Over TLS we talk only to whom a known authority calls by the name we asked for."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
import pytest

from guards.errors import UnreachableError
from guards.http import fetch

NAME = "office.example"


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    """A folder with an authority, and what it and a stranger say of a name."""
    if not shutil.which("openssl"):
        assert not os.environ.get("CI"), "CI needs openssl"
        pytest.skip("openssl is not installed: TLS is NOT TESTED")
    folder = tmp_path_factory.mktemp("tls")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    openssl(
        folder, *new, "-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem"
    )
    for file, name in (("known", NAME), ("other", "another.example")):
        by_authority = ("-CA", "ca.pem", "-CAkey", "ca.key")
        _certify(folder, file, name, *new, *by_authority)
    _certify(folder, "stranger", NAME, *new)
    return folder


def _certify(folder: Path, file: str, name: str, *command: str) -> None:
    key = ("-keyout", f"{file}.key", "-out", f"{file}.pem")
    names = ("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}")
    basic = ("-addext", "basicConstraints=critical,CA:FALSE")
    openssl(folder, *command, *key, *names, *basic)


@pytest.fixture
def serve(settings, monkeypatch, certificates) -> Iterator[Callable[[str], str]]:
    """`serve("known")`: a server with that certificate; gives its address.

    The authority is the only one we know. `serve.asked` is what came past TLS.
    """
    monkeypatch.setattr(certifi, "where", lambda: str(certificates / "ca.pem"))
    servers: list[ThreadingHTTPServer] = []
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    def start(file: str) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        server.handle_error = lambda *_who: None  # whoever hangs up early
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            certificates / f"{file}.pem", certificates / f"{file}.key"
        )
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        settings.OUTGOING_HTTP_ALLOW = [f"{NAME}:{server.server_port}"]
        return f"https://{NAME}:{server.server_port}/"

    start.asked = asked
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_a_server_that_a_known_authority_calls_by_its_name_is_read(serve):
    assert fetch(serve("known"), resolver=here).body == b"hello"
    assert serve.asked == ["/"]


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [("stranger", "self-signed certificate"), ("other", "Hostname mismatch")],
)
def test_another_server_is_told_nothing(serve, certificate, reason):
    with pytest.raises(UnreachableError) as refused:
        fetch(serve(certificate), resolver=here)
    assert "CERTIFICATE_VERIFY_FAILED" in str(refused.value.__cause__)
    assert reason in str(refused.value.__cause__)
    assert serve.asked == []
