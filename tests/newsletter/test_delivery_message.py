"""The wire form of mails: what is parsed back is exactly what was written."""

from __future__ import annotations

import email
import email.policy
import json
import random
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from newsletter.delivery import message
from newsletter.delivery.message import (
    HeaderInjectionError,
    Link,
    MessageError,
    Sender,
    Wire,
)

HTML = (
    '<html lang="es"><body><p>Más de 300 niñas — y niños — leen «Pregón».</p>\n'
    '<a href="{{unsubscribe_url}}">Darse de baja</a> · '
    '<a href="{{preferences_url}}">Preferencias</a>\n'
    '<a href="{{view_url}}">Ver en la web</a></body></html>\n'
)
TEXT = (
    "Más de 300 niñas leen.\n\n.gitignore empieza con punto\n.\n"
    "Baja: {{unsubscribe_url}}\n{{preferences_url}}.gif\nWeb: {{view_url}}\n"
)
VIEW_URL = "https://pregon.example/es/boletines/general/n1/?a=1&b=2"
SITE = "https://pregon.example"
LINKS = {
    "one_click_url": Link("leave", f"{SITE}/u/", "/"),
    "unsubscribe_url": Link("leave", f"{SITE}/es/suscripcion/baja/?a=1&t=", "/"),
    "preferences_url": Link("preferences", f"{SITE}/es/suscripcion/preferencias/", "/"),
}
VALUES = {
    "to": b"ana@lectores.example",
    "date": b"Tue, 24 Nov 2026 10:00:00 GMT",
    "message_id": b"<7.12@pregon.example>",
    "leave": b"1.abc.d-_",
    "preferences": b"1.efg.h-_",
}


def compiled(**changes) -> Wire:
    parts = {
        "subject": "Boletín de noviembre: más escuelas, más agua — y 14 historias "
        "contadas por quienes las viven en los valles",
        "html": HTML,
        "text": TEXT,
        "language": "es",
        "sender": Sender(
            "Centro de Desarrollo Andino – Pregón",
            "boletin@pregon.example",
            "hola@pregon.example",
            "general.pregon.example",
        ),
        "view_url": VIEW_URL,
        "links": LINKS,
    }
    return message.compile(**(parts | changes))


def filled(wire: Wire, values=VALUES) -> bytes:
    return b"".join(wire.fill(values))


def url_of(name: str, links=LINKS) -> str:
    purpose, before, after = links[name]
    return before + VALUES[purpose].decode() + after


def parsed(wire: Wire, values=VALUES):
    data = message.unstuffed(filled(wire, values))
    return email.message_from_bytes(data, policy=email.policy.default)


def body_of(mail, kind: str) -> str:
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_a_filled_mail_parses_back_to_what_was_written():
    mail = parsed(compiled())
    assert mail["Subject"].startswith("Boletín de noviembre: más escuelas, más agua —")
    assert mail["From"].addresses[0].display_name == (
        "Centro de Desarrollo Andino – Pregón"
    )
    assert mail["From"].addresses[0].addr_spec == "boletin@pregon.example"
    assert mail["To"] == "ana@lectores.example"
    assert mail["Reply-To"] == "hola@pregon.example"
    assert mail["Message-ID"] == "<7.12@pregon.example>"
    assert mail["Content-Language"] == "es"
    assert mail["List-Id"].endswith("<general.pregon.example>")
    assert mail["List-Unsubscribe"] == f"<{url_of('one_click_url')}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    text = TEXT.replace("{{view_url}}", VIEW_URL)
    for name in ("unsubscribe_url", "preferences_url"):
        text = text.replace("{{" + name + "}}", url_of(name))
    assert body_of(mail, "plain") == text
    page = body_of(mail, "html")
    assert f'href="{SITE}/es/suscripcion/baja/?a=1&amp;t=1.abc.d-_/"' in page
    assert 'general/n1/?a=1&amp;b=2">Ver' in page
    assert "Más de 300 niñas — y niños — leen «Pregón»." in page


def test_the_plain_part_comes_first_so_that_html_is_preferred():
    kinds = [part.get_content_type() for part in parsed(compiled()).iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_a_filled_mail_is_seven_bit_with_short_lines_and_stuffed_dots():
    data = filled(compiled())
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 78
    assert b"." not in lines
    assert all(line.startswith(b"..") for line in lines if line.startswith(b"."))


def test_a_dot_after_a_slot_reaches_the_reader_as_one_dot():
    links = LINKS | {"preferences_url": Link("preferences", f"{SITE}/p/", "")}
    wire = compiled(text="{{preferences_url}}.gif\n", links=links)
    assert b"\r\n..gif" in filled(wire)
    assert "h-_.gif" in body_of(parsed(wire), "plain")


@pytest.mark.parametrize("last", ["x", "é", ".", "=", " "])
def test_lines_stay_short_wherever_a_slot_falls(last):
    for length in range(60, 90):
        text = "y" * length + last + "{{unsubscribe_url}}" + "." * length + "\n"
        around = Link("leave", f"{SITE}/{'t' * length}", last * length)
        links = LINKS | {"unsubscribe_url": around}
        wire = compiled(text=text, links=links)
        body = message.unstuffed(filled(wire)).split(b"\r\n\r\n", 1)[1]
        assert max(map(len, body.split(b"\r\n"))) <= 76
        expected = text.replace("{{unsubscribe_url}}", url_of("unsubscribe_url", links))
        assert body_of(parsed(wire), "plain") == expected


def test_random_texts_survive_the_round_trip():
    random.seed(20261124)
    alphabet = "aé ñ.=\n\t—😀<&{}\u2028"
    for _turn in range(200):
        text = "".join(random.choices(alphabet, k=random.randint(0, 300))) + "\n"
        mail = message.unstuffed(filled(compiled(text=text)))
        found = email.message_from_bytes(mail, policy=email.policy.default)
        payload = found.get_body(("plain",)).get_payload(decode=True).decode()
        assert payload.replace("\r\n", "\n") == text


def test_the_stored_form_fills_the_same_mail():
    wire = compiled()
    again = Wire.from_json(json.loads(json.dumps(wire.to_json())))
    assert again.fill(VALUES) == wire.fill(VALUES)


def test_two_people_differ_only_in_their_own_values():
    wire = compiled()
    other = {name: value.replace(b"abc", b"xyz") for name, value in VALUES.items()}
    assert filled(wire).replace(b"abc", b"xyz") == filled(wire, other)


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\x00b"])
def test_a_line_break_in_a_header_is_refused(bad):
    with pytest.raises(HeaderInjectionError):
        compiled(subject=bad)
    with pytest.raises(HeaderInjectionError):
        compiled(sender=Sender(bad, "boletin@pregon.example"))
    with pytest.raises(HeaderInjectionError):
        compiled(links=LINKS | {"one_click_url": Link("leave", bad, "/")})


def test_header_text_is_one_line_without_control_characters():
    text = "\tUno\r\ndos\x02\u2028tres\x9f, cuatro \x7f"
    plain = message.header_text(text)
    assert plain == "Uno dos tres, cuatro"
    assert parsed(compiled(subject=plain))["Subject"] == plain


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "ana",
        "ana@",
        "@x.example",
        "a b@x.example",
        "ñ@x.example",
        "a@x.example\r\n",
        "a@x.example> SIZE=1",
    ],
)
def test_what_is_no_plain_address_is_refused(bad):
    with pytest.raises(MessageError):
        message.ascii_address(bad)


def test_an_international_domain_is_written_in_its_plain_form():
    assert message.ascii_address("ana@señal.example") == "ana@xn--seal-hqa.example"


def test_letters_outside_ascii_before_the_at_stay_as_they_are():
    to = message.wire_address("ñandú@señal.example")
    assert to == "ñandú@xn--seal-hqa.example"
    data = filled(compiled(), VALUES | {"to": to.encode()})
    assert f"\r\nTo: {to}\r\n".encode() in data
    for bad in ("ña\u2028n@x.example", "ñ\ud800@x.example", "ñ\x85@x.example"):
        with pytest.raises(MessageError):
            message.wire_address(bad)


NAUGHTY_NAMES = [
    '"; DROP TABLE newsletter_newsletter; --',
    "<script>alert('1')</script>",
    "a, b <eva@x.example>; @",
    "%s {{unsubscribe_url}} {0} ${HOME}",
    "=?utf-8?q?=0D=0ABcc=3A_eva=40x=2Eexample?=",
    ".",
    "\u202eabc",
    "הבינלאומי 表ポあ 👩‍👩‍👧 Z̮̞̠͙͔ͅḀ̗̞",
    "\\" * 40 + '"',
    "ñ" * 200,
]


@pytest.mark.parametrize("name", NAUGHTY_NAMES)
def test_a_naughty_name_stays_a_name(name):
    wire = compiled(subject=name, sender=Sender(name, "news@pregon.example"))
    # Not `parsed`: Python 3.11 puts a space between the encoded words of a name.
    mail = email.message_from_bytes(message.unstuffed(filled(wire)))
    phrase, address = parseaddr(mail["From"])
    assert address == "news@pregon.example"
    assert str(make_header(decode_header(phrase))) == name
    assert str(make_header(decode_header(mail["Subject"]))) == name
    assert "Bcc" not in mail


def test_the_message_id_is_the_same_for_the_same_person_and_sending():
    assert message.message_id(3, 14, "pregon.example") == "<3.14@pregon.example>"
