"""The catcher's inbox in a browser of this machine, without script or cookie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from mail.catcher.store import Caught, Store

TABS = ("html", "text", "source")
POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {site} data:; sandbox"
)
Start = Callable[[str, list[tuple[str, str]]], object]


class Server(ThreadingMixIn, WSGIServer):
    """One thread per request; none keeps the process alive."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """No access log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def web_server(store: Store, port: int, host: str = "127.0.0.1") -> Server:
    """A server; call serve_forever() and shutdown()."""
    return make_server(
        host, port, Inbox(store), server_class=Server, handler_class=Quiet
    )


class Inbox:
    """The WSGI application: list, one mail, its HTML, JSON, delete all."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __call__(self, environ: dict, start: Start) -> Iterable[bytes]:
        """Answer in the browser's language."""
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        language = "es" if accepted.lower().startswith("es") else "en"
        with translation.override(language):
            status, kind, body, policy = self._answer(environ)
        headers = [
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Security-Policy", policy),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ]
        if status.startswith("303"):
            headers.append(("Location", "/"))
        start(status, headers)
        return [body.encode("utf-8", "replace")]

    def _answer(self, environ: dict) -> tuple[str, str, str, str]:
        path = environ.get("PATH_INFO", "/")
        query = parse_qs(environ.get("QUERY_STRING", ""))
        if not self._is_local(environ):
            return "403 Forbidden", "text/plain", "loopback only", POLICY
        if environ["REQUEST_METHOD"] == "POST" and path == "/delete":
            return self._delete(environ)
        if path == "/":
            return self._list(query.get("q", [""])[0])
        if path == "/messages.json":
            found = [mail.summary() for mail in self.store.all()]
            return "200 OK", "application/json", json.dumps(found), POLICY
        if path == "/catcher.css":
            css = render_to_string("mail/catcher/catcher.css")
            return "200 OK", "text/css", css, POLICY
        return self._one(path, query)

    def _is_local(self, environ: dict) -> bool:
        """Refuse names that were pointed at loopback from elsewhere (DNS rebinding)."""
        host = environ.get("HTTP_HOST", "").rsplit(":", 1)[0]
        return host in {"127.0.0.1", "localhost"}

    def _delete(self, environ: dict) -> tuple[str, str, str, str]:
        origin = environ.get("HTTP_ORIGIN", "")
        if origin and origin != f"http://{environ.get('HTTP_HOST')}":
            return "403 Forbidden", "text/plain", "", POLICY
        self.store.clear()
        return "303 See Other", "text/plain", "", POLICY

    def _list(self, query: str) -> tuple[str, str, str, str]:
        values = {"mails": self.store.all(query), "query": query}
        return self._page("inbox", values)

    def _one(self, path: str, query: dict) -> tuple[str, str, str, str]:
        kind, _slash, key = path.strip("/").partition("/")
        mail = self.store.get(key) if kind in {"mail", "html"} else None
        if mail is None:
            return ("404 Not Found", *self._page("gone", {})[1:])
        if kind == "html":
            policy = MAIL_POLICY.format(site=settings.SITE_URL)
            return "200 OK", "text/html", mail.body("html"), policy
        return self._page("message", self._view(mail, query))

    def _view(self, mail: Caught, query: dict) -> dict:
        tab = query.get("tab", ["html"])[0]
        tab = tab if tab in TABS else "html"
        if tab == "html" and not mail.body("html"):
            tab = "text"
        shown = {"text": mail.body("plain"), "source": self.store.source(mail.key)}
        return {"mail": mail, "tab": tab, "text": shown.get(tab, "")}

    def _page(self, name: str, values: dict) -> tuple[str, str, str, str]:
        values["language"] = translation.get_language()
        page = render_to_string(f"mail/catcher/{name}.html", values)
        return "200 OK", "text/html", page, POLICY
