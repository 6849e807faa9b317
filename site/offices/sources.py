"""What a source says about one office, as a flat dictionary of texts.

Two kinds are read: JSON-LD (a document, or script elements of a web page) and CSV.
Keys are field names of `Office`; a source that says nothing of a field has no key.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.conf import settings

from offices.errors import SourceMalformedError, SourceNoOfficeError
from offices.schema_hours import hours_of

Reading = dict[str, str]
Node = dict[str, Any]

MAX_NODES = 20_000
MAX_ROWS = 10_000
MAX_TEXT = 1_000

NOT_OFFICES = {
    "ContactPoint",
    "Event",
    "GeoCoordinates",
    "OpeningHoursSpecification",
    "Person",
    "PostalAddress",
}
OFFICE_FACTS = (
    "address",
    "contactPoint",
    "email",
    "geo",
    "openingHours",
    "openingHoursSpecification",
    "telephone",
)
COLUMNS = {
    "key": ("id", "key", "code", "office", "clave", "codigo", "oficina"),
    "address": ("address", "street", "direccion", "calle", "domicilio"),
    "postal_code": ("postal code", "postcode", "zip", "codigo postal", "cp"),
    "phones": ("phone", "phones", "telephone", "telefono", "telefonos"),
    "email": ("email", "e mail", "mail", "correo", "correo electronico"),
    "latitude": ("latitude", "lat", "latitud"),
    "longitude": ("longitude", "lon", "lng", "longitud"),
    "opening_hours": ("opening hours", "hours", "horario", "horarios"),
}
TRANSLATED_COLUMNS = {
    "name": ("name", "nombre"),
    "city": ("city", "ciudad"),
    "notes": ("notes", "notas"),
}


def fields_read() -> list[str]:
    """Every field of an office that a source may say something about."""
    codes = [code for code, _language in settings.LANGUAGES]
    translated = [f"{field}_{code}" for field in TRANSLATED_COLUMNS for code in codes]
    return sorted([*(COLUMNS.keys() - {"key"}), *translated])


def read_source(*, kind: str, body: bytes, key: str = "") -> Reading:
    """The facts of the office called `key`; without a key there must be only one.

    Raises `SourceMalformedError` or `SourceNoOfficeError`.
    """
    readers = {"jsonld": read_json_ld, "csv": read_csv}
    reading = readers[kind](_decode(body), key.strip())
    kept = {field: _tidy(value) for field, value in reading.items()}
    return {field: value for field, value in kept.items() if value}


def read_json_ld(text: str, key: str) -> Reading:
    """The facts of one office in a JSON-LD document or a web page that holds one."""
    nodes = [
        node
        for document in _documents(text)
        for node in _nodes(document)
        if _is_office(node)
    ]
    return _facts(_chosen(nodes, key, _node_names))


def read_csv(text: str, key: str) -> Reading:
    """The facts of one row of a table with a header line in Spanish or English."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    lines = io.StringIO(text, newline="")
    try:
        rows = list(_rows(csv.reader(lines, delimiter=delimiter)))
    except csv.Error as error:
        raise SourceMalformedError(str(error)) from error
    row = _chosen(rows, key, _row_names)
    return {field: value for field, value in row.items() if field != "key"}


def _decode(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    if "\0" in text:
        raise SourceMalformedError("binary")
    return text


def _tidy(value: str) -> str:
    """Without control characters, no longer than any field could be."""
    lines = value.replace("\r", "\n").split("\n")
    cleaned = (" ".join(re.sub(r"[\x00-\x1f\x7f]", " ", x).split()) for x in lines)
    return "\n".join(filter(None, cleaned))[:MAX_TEXT]


def _chosen(found: list[Node], key: str, names: Any) -> Node:
    """The one that is called `key`, or the only one."""
    if key:
        found = [one for one in found if key.casefold() in names(one)]
    if len(found) != 1:
        raise SourceNoOfficeError(f"{key or '—'}: {len(found)}")
    return found[0]


# --- JSON-LD


class _Scripts(HTMLParser):
    """Collects the text of `<script type="application/ld+json">`."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").strip().lower()
        self._inside = tag == "script" and kind == "application/ld+json"
        if self._inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def _documents(text: str) -> list[Any]:
    """Every JSON document in `text`; of a page's scripts the readable ones."""
    if not text.lstrip().startswith("<"):
        return [_parse(text)]
    scripts = _Scripts()
    scripts.feed(text)
    found = []
    for script in scripts.texts:
        try:
            found.append(_parse(script))
        except SourceMalformedError:
            continue
    if not found:
        raise SourceMalformedError("application/ld+json")
    return found


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceMalformedError(str(error)[:120]) from error


def _nodes(document: Any) -> Iterator[Node]:
    """Every object in the document, outermost first; hostile sizes are refused."""
    waiting, seen = deque([document]), 0
    while waiting:
        part = waiting.popleft()
        seen += 1
        if seen > MAX_NODES:
            raise SourceMalformedError("too many parts")
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _is_office(node: Node) -> bool:
    kinds = {str(kind).rpartition("/")[2] for kind in _list(node.get("@type"))}
    return bool(kinds - NOT_OFFICES) and any(fact in node for fact in OFFICE_FACTS)


def _node_names(node: Node) -> set[str]:
    values = (_text(node.get(name)) for name in ("@id", "identifier", "url"))
    names = (_text(value) for value in _list(node.get("name")))
    return {value.casefold() for value in (*values, *names) if value}


def _facts(node: Node) -> Reading:
    address = node.get("address")
    geo = _dict(node.get("geo"))
    facts = {
        "phones": _telephones(node),
        "email": _text(node.get("email")).removeprefix("mailto:"),
        "latitude": _text(geo.get("latitude", node.get("latitude"))),
        "longitude": _text(geo.get("longitude", node.get("longitude"))),
        "opening_hours": hours_of(node),
        **_address(address),
        **_in_languages("name", node.get("name")),
    }
    return facts


def _address(address: Any) -> Reading:
    address = address[0] if isinstance(address, list) and address else address
    if not isinstance(address, dict):
        return {"address": _text(address)}
    return {
        "address": _text(address.get("streetAddress")),
        "postal_code": _text(address.get("postalCode")),
        **_in_languages("city", address.get("addressLocality")),
    }


def _telephones(node: Node) -> str:
    own = [_text(value) for value in _list(node.get("telephone"))]
    if not any(own):
        points = map(_dict, _list(node.get("contactPoint")))
        own = [_text(point.get("telephone")) for point in points]
    return "\n".join(filter(None, own))


def _in_languages(field: str, value: Any) -> Reading:
    """Only texts that say their language: the bare ones could be in any."""
    marked = [part for part in _list(value) if isinstance(part, dict)]
    said = {str(part.get("@language", ""))[:2]: _text(part) for part in marked}
    codes = (code for code, _name in settings.LANGUAGES)
    return {f"{field}_{code}": said[code] for code in codes if code in said}


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _dict(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """Texts and numbers as text, `{"@value": …}` unpacked, all else as nothing."""
    if isinstance(value, dict):
        value = value.get("@value", "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


# --- CSV


def _rows(reader: Any) -> Iterator[Reading]:
    header = [_column(cell) for cell in next(reader, [])]
    if not any(header):
        raise SourceMalformedError("header")
    for number, cells in enumerate(reader):
        if number >= MAX_ROWS:
            raise SourceMalformedError("too many rows")
        if any(cell.strip() for cell in cells):
            pairs = zip(header, cells, strict=False)
            yield {field: cell.strip() for field, cell in pairs if field}


def _column(cell: str) -> str:
    """The field a header cell stands for: `Teléfono`, `phone`; empty if none."""
    plain = unicodedata.normalize("NFKD", cell.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _column_names().get(" ".join(re.findall(r"[a-z0-9]+", plain)), "")


def _column_names() -> dict[str, str]:
    names = {name: field for field, known in COLUMNS.items() for name in known}
    for field, known in TRANSLATED_COLUMNS.items():
        for code, _language in settings.LANGUAGES:
            names |= {f"{name} {code}": f"{field}_{code}" for name in known}
    return names


def _row_names(row: Node) -> set[str]:
    fields = ("key", *(f"name_{code}" for code, _language in settings.LANGUAGES))
    return {row[field].casefold() for field in fields if row.get(field)}
