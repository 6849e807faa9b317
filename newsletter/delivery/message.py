"""Mails prebuilt as bytes with slots, so that one recipient costs microseconds.

A mail is compiled once per edition into its wire form: quoted-printable, 7-bit,
dot-stuffed segments, and between them slots. In the bodies these take tokens, which are
plain in every encoding, each on a line of its own between soft line breaks: what fills
a slot can neither change what is around it nor make a line too long.
"""

from __future__ import annotations

import binascii
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr
from functools import lru_cache
from typing import Any, NamedTuple

from newsletter.delivery import parts as joining
from newsletter.delivery.parts import Choice, Parts, Piece

CRLF = b"\r\n"
SOFT_BREAK = b"=\r\n"
LINE_LIMIT = 76  # characters of an encoded line, RFC 2045 section 6.7
# Most addresses, which need no look at their domain's IDNA form.
PLAIN_ADDRESS = re.compile(r"[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+", re.A)
PLACEHOLDER = re.compile(r"\{\{(unsubscribe_url|preferences_url|view_url|parts)\}\}")
PARTS = "{{parts}}"


class MessageError(ValueError):
    """The mail cannot be built from what was given."""


class HeaderInjectionError(MessageError):
    """A header value held a line break or another control character."""


class Link(NamedTuple):
    """A personal link: what its token is for, and the address around the token."""

    purpose: str
    before: str
    after: str


@dataclass(frozen=True)
class Wire:
    """A mail ready to be filled: `segments[0] slots[0] segments[1] … segments[n]`.

    With `parts`, the slots text_parts and html_parts take what is joined of them.
    """

    segments: tuple[bytes, ...]
    slots: tuple[str, ...]
    parts: Parts[bytes] | None = None

    def fill(self, values: Mapping[str, bytes]) -> list[bytes]:
        """The mail for one recipient in pieces to be joined by whoever sends it.

        Together they are dot-stuffed and end in CRLF, without the dot.
        """
        pieces = [b""] * (len(self.segments) + len(self.slots))
        pieces[::2] = self.segments
        pieces[1::2] = [values[slot] for slot in self.slots]
        return pieces

    def joined(self, choice: Choice | None) -> dict[str, bytes]:
        """What fills the slots of the parts; without a choice all of them."""
        if self.parts is None:
            return {}
        text, html = _joined(self.parts, choice or self.parts.everything)
        return {"text_parts": text, "html_parts": html}

    def to_json(self) -> dict[str, Any]:
        """A form that JSON keeps unchanged; segments are plain ASCII."""
        return {
            "segments": [segment.decode("ascii") for segment in self.segments],
            "slots": list(self.slots),
            "parts": joining.to_json(self.parts) if self.parts else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Wire:
        """The wire form that `to_json` wrote."""
        return cls(
            tuple(segment.encode("ascii") for segment in data["segments"]),
            tuple(data["slots"]),
            joining.from_json(found) if (found := data.get("parts")) else None,
        )


@lru_cache(maxsize=32)  # who follows nothing in particular gets the same as many others
def _joined(parts: Parts[bytes], choice: Choice) -> Piece[bytes]:
    return parts.joined(choice, SOFT_BREAK)


@dataclass(frozen=True)
class Sender:
    """Who a mail comes from, in the language of its edition."""

    name: str
    address: str
    reply_to: str = ""
    list_id: str = ""


def compile(
    *,
    subject: str,
    html: str,
    text: str,
    language: str,
    sender: Sender,
    view_url: str,
    links: Mapping[str, Link],
    parts: Parts[str] | None = None,
) -> Wire:
    """Build the wire form of one edition; `fill` then takes the personal values.

    `html` and `text` may hold `{{unsubscribe_url}}`, `{{preferences_url}}` and
    `{{view_url}}`, and `{{parts}}` where each reader's choice of `parts` belongs;
    `links` has the first two and `one_click_url`. Slots to fill: to, date, message_id,
    a token for each purpose of the links, and what `joined` gives. Raises
    `HeaderInjectionError` for a line break in a header, and `MessageError` for an
    address that has no plain form.
    """
    digest = hashlib.sha256(f"{subject}\0{text}\0{html}".encode()).hexdigest()
    boundary = f"=_pregon_{digest[:24]}"
    builder = _Builder(links)
    _write_headers(builder, subject, language, sender, boundary)
    for kind, body in (("plain", text), ("html", html)):
        builder.raw(_part_head(boundary, kind))
        builder.body(_with_view_url(body, view_url, kind), kind)
    builder.raw(f"\r\n--{boundary}--\r\n".encode())
    return builder.wire(parts.turned(_segment, _segment) if parts else None)


def message_id(dispatch_id: int, subscriber_id: int, domain: str) -> str:
    """The same for the same person and sending, so a relay's log can be searched."""
    return f"<{dispatch_id}.{subscriber_id}@{domain}>"


def domain_of(address: str) -> str:
    """The domain that the Message-IDs of this sender carry."""
    return ascii_address(address).rpartition("@")[2]


def ascii_address(address: str) -> str:
    """The address as every mail server takes it. Raises `MessageError`."""
    plain = wire_address(address)
    if not plain.isascii():
        raise MessageError("letters outside ASCII before the @")
    return plain


def wire_address(address: str) -> str:
    """The address with its domain in IDNA form. Raises `MessageError`.

    Letters outside ASCII before the @ stay as they are: SMTPUTF8 takes them.
    """
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    local, at, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
        plain.encode()
    except UnicodeError as error:
        raise MessageError(f"no plain form of the address: {error}") from error
    if not (local and at and domain) or re.search(r"[\s<>\x00-\x1f\x7f-\x9f]", plain):
        raise MessageError("not an address")
    return plain


def header_text(text: str) -> str:
    """The text as a header may hold it: one line, without control characters."""
    kept = (c for c in text if c.isspace() or unicodedata.category(c) != "Cc")
    return " ".join("".join(kept).split())


class _Builder:
    """Collects segments and slots in order."""

    def __init__(self, links: Mapping[str, Link]) -> None:
        self._links = links
        self._segments: list[bytes] = [b""]
        self._slots: list[str] = []

    def raw(self, data: bytes) -> None:
        self._segments[-1] += data

    def slot(self, name: str) -> None:
        self._slots.append(name)
        self._segments.append(b"")

    def header(self, name: str, value: str) -> None:
        self.raw(header_line(name, value))

    def header_slot(
        self, name: str, slot: str, before: str = "", after: str = ""
    ) -> None:
        _refuse_controls(before + after)
        self.raw(f"{name}: {before}".encode("ascii"))
        self.slot(slot)
        self.raw(after.encode("ascii") + CRLF)

    def header_link(self, name: str, link: str) -> None:
        purpose, before, after = self._links[link]
        self.header_slot(name, purpose, f"<{before}", f"{after}>")

    def body(self, source: str, kind: str) -> None:
        text, *rest = PLACEHOLDER.split(source)
        for name, following in zip(rest[::2], rest[1::2], strict=True):
            is_own = name == "parts"
            part = Link("text_parts" if kind == "plain" else "html_parts", "", "")
            purpose, before, after = part if is_own else self._links[name]
            self.raw(_segment(text + _encoded(before, kind)) + SOFT_BREAK)
            self.slot(purpose)
            self.raw(SOFT_BREAK)
            text = _encoded(after, kind) + following
        self.raw(_segment(text))

    def wire(self, parts: Parts[bytes] | None) -> Wire:
        return Wire(tuple(self._segments), tuple(self._slots), parts)


def _write_headers(
    builder: _Builder, subject: str, language: str, sender: Sender, boundary: str
) -> None:
    builder.raw(_address_line("From", sender.name, sender.address))
    builder.header_slot("To", "to")  # raw UTF-8 where need be: RFC 6532
    if sender.reply_to:
        builder.header("Reply-To", ascii_address(sender.reply_to))
    builder.header("Subject", subject)
    builder.header_slot("Date", "date")
    builder.header_slot("Message-ID", "message_id")
    if sender.list_id:
        builder.raw(_address_line("List-Id", sender.name, sender.list_id))
    builder.header_link("List-Unsubscribe", "one_click_url")
    builder.header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    builder.header("Content-Language", language)
    builder.header("MIME-Version", "1.0")
    builder.raw(
        b"Content-Type: multipart/alternative;\r\n"
        + f' boundary="{boundary}"\r\n'.encode("ascii")
    )


def _part_head(boundary: str, kind: str) -> bytes:
    return (
        f"\r\n--{boundary}\r\n"
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode("ascii")


def _with_view_url(body: str, view_url: str, kind: str) -> str:
    return body.replace("{{view_url}}", _encoded(view_url, kind))


def _encoded(url: str, kind: str) -> str:
    return html.escape(url) if kind == "html" else url


def header_line(name: str, value: str) -> bytes:
    """One header, folded, in RFC 2047 words where it is not plain ASCII."""
    _refuse_controls(value)
    return f"{name}: {_folded(name, value)}\r\n".encode("ascii")


def _address_line(name: str, phrase: str, address: str) -> bytes:
    """A header of a phrase and an address in angle brackets."""
    _refuse_controls(phrase)
    plain = ascii_address(address) if "@" in address else address
    if _is_plain(phrase):
        return f"{name}: {formataddr((phrase, plain))}\r\n".encode("ascii")
    return f"{name}: {_folded(name, phrase)}\r\n <{plain}>\r\n".encode("ascii")


def _folded(name: str, value: str) -> str:
    charset = "us-ascii" if _is_plain(value) else "utf-8"
    words = Header(value, charset, header_name=name, maxlinelen=LINE_LIMIT)
    return words.encode(linesep="\r\n")


def _is_plain(value: str) -> bool:
    """False also for what a reader would take for an encoded word and decode."""
    return value.isascii() and "=?" not in value


def quoted_printable(text: str) -> bytes:
    """`text` with CRLF line ends and soft breaks, no line over the limit."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return binascii.b2a_qp(lines.encode("utf-8")).replace(b"\n", CRLF)


def _segment(text: str) -> bytes:
    """`text` in wire form, ready to have a soft break put after it."""
    data = quoted_printable(text)
    if len(data) - data.rfind(CRLF) - len(CRLF) >= LINE_LIMIT - 1:
        last = 3 if data[-3:-2] == b"=" else 1  # an escape is never split
        data = data[:-last] + SOFT_BREAK + data[-last:]
    return _stuffed(data)


def _stuffed(data: bytes) -> bytes:
    """`data`, which starts a line, with every leading dot doubled for SMTP."""
    data = data.replace(b"\r\n.", b"\r\n..")
    return b"." + data if data.startswith(b".") else data


def _refuse_controls(value: str) -> None:
    if re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", value):
        raise HeaderInjectionError("a header may not hold control characters")


def unstuffed(data: bytes) -> bytes:
    """What the receiver has after taking the doubled dots away again."""
    return CRLF.join(_without_dot(data.split(CRLF)))


def _without_dot(lines: Sequence[bytes]) -> Iterable[bytes]:
    return (line[1:] if line.startswith(b".") else line for line in lines)
