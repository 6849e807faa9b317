"""A proxy that compresses, as docker-compose.yml has one and `make up` has none."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = ("text/", "image/svg", "application/xml", "application/atom", "application/json")
OF_ONE_HOP = {"connection", "content-length", "transfer-encoding", "keep-alive"}


@contextmanager
def compressed(port: int) -> Iterator[str]:
    """The address at which the site on this port is served compressed."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {**self.headers, "Host": f"127.0.0.1:{port}"}
            site.request("GET", self.path, headers=headers)
            answer = site.getresponse()
            body = answer.read()
            site.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in OF_ONE_HOP:
                    self.send_header(name, value)
            if answer.getheader("Content-Type", "").startswith(TEXT):
                body = gzip.compress(body, 6)
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Vary", "Accept-Encoding")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Nothing: Lighthouse says what it got."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
