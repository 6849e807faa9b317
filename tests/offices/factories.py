"""Offices for tests, and a source server that says what a test wants."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wagtail.models import Page

from offices.models import Office
from topics.models import CountryPage

COUNTRIES = {"PE": ("Perú", "Peru"), "CL": ("Chile", "Chile"), "CO": ("Colombia",) * 2}


def make_country(code: str = "PE") -> CountryPage:
    """A country hub, made once per code."""
    if found := CountryPage.objects.filter(code=code).first():
        return found
    spanish, english = COUNTRIES.get(code, (code, code))
    country = CountryPage(
        title=spanish,
        slug=f"country-{code.lower()}",
        code=code,
        headline_es=spanish,
        headline_en=english,
        slug_es=f"country-{code.lower()}",
        slug_en=f"country-{code.lower()}",
    )
    return Page.get_first_root_node().add_child(instance=country)


def make_office(country: str = "PE", **values) -> Office:
    """A valid live office; any field may be given."""
    values = {
        "name_es": "Oficina de Lima",
        "name_en": "Lima office",
        "city_es": "Lima",
        "city_en": "Lima",
        "address": "Jirón de la Unión 100",
        "postal_code": "15001",
        "phones": "+51 1 4280000",
        "email": "lima@oficinas.example",
        "latitude": "-12.046400",
        "longitude": "-77.042800",
        "time_zone": "America/Lima",
        "opening_hours": "Mo-Fr 09:00-18:00; PH off",
        **values,
    }
    office = Office.objects.create(country=make_country(country), **values)
    return Office.objects.get(pk=office.pk)


@dataclass
class Answer:
    """What the source server answers, and what it was asked."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = self.server.answer
        answer.asked.append(dict(self.headers))
        etag = answer.headers.get("ETag")
        same = etag and self.headers.get("If-None-Match") == etag
        self.send_response(304 if same else answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not same:
            self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def source_server():
    """A real HTTP server on a free port; set `.body`, `.status`, `.headers`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.handle_error = lambda *_who: None  # whoever hangs up early
    server.answer = Answer(url=f"http://127.0.0.1:{server.server_port}/offices")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.answer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
