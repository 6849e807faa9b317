"""Addresses, tokens, limits, origins, stamps, logs, CSV: each as the rooms use it."""

from __future__ import annotations

import io
import logging
import sys
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import RequestFactory

from guards import limits, stamps, tokens
from guards.addresses import AddressError, check_address
from guards.csv import defuse, write_csv
from guards.logs import RedactingFormatter, redact
from guards.origin import Origin, origin_of

# Addresses


@pytest.mark.parametrize(
    ("text", "address", "mailbox"),
    [
        ("ana@centro.example", "ana@centro.example", "ana@centro.example"),
        ("  Ana@CENTRO.Example ", "Ana@centro.example", "ana@centro.example"),
        ("ana+news@centro.example", "ana+news@centro.example", "ana@centro.example"),
        (
            "jose@peñas.example",
            "jose@xn--peas-hqa.example",
            "jose@xn--peas-hqa.example",
        ),
    ],
)
def test_a_good_address_is_normal_and_has_a_mailbox(text, address, mailbox):
    found = check_address(text)
    assert (found.address, found.mailbox_key) == (address, mailbox)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "josé@centro.example",  # few relays take it (SMTPUTF8)
        "ana@",
        "@centro.example",
        "ana@localhost",
        "ana@centro.test",
        "ana@centro.example\r\nBcc: all@centro.example",
        "ana\0@centro.example",
        "a" * 65 + "@centro.example",
        f"ana@{'a' * 250}.example",
        "ana@[127.0.0.1]",
        "ana@centro..example",
        "Ana <ana@centro.example>",
    ],
)
def test_a_bad_address_is_refused_with_a_reason(text):
    with pytest.raises(AddressError) as refused:
        check_address(text)
    assert str(refused.value.reason)


def test_the_command_answers_line_by_line(monkeypatch, capsys):
    lines = '"ana@centro.example"\n"ana@centro.test"\nnot json\n7\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    call_command("check_addresses")
    assert capsys.readouterr().out.split() == ["ok", "bad", "bad", "bad"]


# Tokens


def test_a_token_gives_its_subject_back():
    assert tokens.read("leave", tokens.sign("leave", "subscription:7")) == (
        "subscription:7"
    )


def test_a_token_is_good_for_one_purpose():
    with pytest.raises(tokens.TokenInvalidError):
        tokens.read("confirm", tokens.sign("leave", "subscription:7"))


def test_no_single_changed_character_passes():
    token = tokens.sign("leave", "subscription:7")
    for at, character in enumerate(token):
        changed = token[:at] + ("A" if character != "A" else "B") + token[at + 1 :]
        with pytest.raises(tokens.TokenError):
            tokens.read("leave", changed)


@pytest.mark.parametrize("token", ["", ".", "...", "1.x.y.z", "é" * 20, "a" * 5000])
def test_garbage_is_invalid_and_nothing_else(token):
    with pytest.raises(tokens.TokenInvalidError):
        tokens.read("leave", token)


def test_an_old_token_expires_only_where_there_is_a_limit():
    token = tokens.sign("confirm", "s", at=time.time() - 15 * 86_400)
    assert tokens.read("confirm", token) == "s"
    with pytest.raises(tokens.TokenExpiredError):
        tokens.read("confirm", token, max_age=timedelta(days=14))


def test_old_mails_survive_a_new_key(settings):
    settings.TOKEN_KEYS = {"1": "old"}
    token = tokens.sign("leave", "s")
    settings.TOKEN_KEYS = {"2": "new", "1": "old"}
    assert tokens.read("leave", token) == "s"
    assert tokens.sign("leave", "s").startswith("2.")


def test_the_suppression_hash_ignores_case_and_needs_its_key(settings):
    first = tokens.suppression_hash("Ana@centro.example")
    assert first == tokens.suppression_hash("ana@centro.example ")
    settings.SUPPRESSION_KEY = "another"
    assert first != tokens.suppression_hash("ana@centro.example")


# Limits and whose request it is


def test_a_limit_says_how_long_to_wait():
    limits.forget()
    assert limits.hit("test", "key", "2/hour") is None
    assert limits.hit("test", "other", "2/hour") is None
    assert limits.hit("test", "key", "2/hour") is None
    assert 0 < limits.hit("test", "key", "2/hour") <= 3601


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "client"),
    [
        ([], "1.2.3.4", "9.9.9.9", "9.9.9.9"),
        (["10.0.0.0/8"], "1.2.3.4", "10.0.0.1", "1.2.3.4"),
        (["10.0.0.0/8"], "6.6.6.6, 1.2.3.4, 10.0.0.2", "10.0.0.1", "1.2.3.4"),
        (["10.0.0.0/8"], "nonsense", "10.0.0.1", "10.0.0.1"),
        ([], "", "::ffff:9.9.9.9", "9.9.9.9"),
    ],
)
def test_the_forwarded_address_counts_only_behind_our_proxies(
    settings, proxies, forwarded, peer, client
):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded
    )
    assert limits.client_address(request) == client


def test_one_ipv6_customer_is_one_network():
    requests = [
        RequestFactory().get("/", REMOTE_ADDR=f"2001:db8:1:2::{end}") for end in (1, 2)
    ]
    assert {limits.client_network(r) for r in requests} == {"2001:db8:1:2::/64"}


# Origins and stamps


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, Origin.SAME),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, Origin.CROSS),
        ({"Sec-Fetch-Site": "same-site"}, Origin.CROSS),
        ({"Origin": "http://testserver"}, Origin.SAME),
        ({"Origin": "https://evil.example"}, Origin.CROSS),
        ({"Origin": "null"}, Origin.CROSS),
        ({}, Origin.UNKNOWN),
    ],
)
def test_where_a_post_comes_from(headers, origin):
    assert origin_of(RequestFactory().post("/", headers=headers)) is origin


def test_a_stamp_is_for_one_form():
    stamp = stamps.fresh_stamp("join")
    assert stamps.is_stamped("join", stamp)
    assert not stamps.is_stamped("leave", stamp)
    assert not stamps.is_stamped("join", "x")


# Logs


@pytest.mark.parametrize(
    "path",
    [
        "/es/suscripcion/baja/{}/",
        "/en/subscription/preferences/{}/?saved=1",
        "/u/{}/",
    ],
)
def test_no_token_reaches_the_log(path):
    token = tokens.sign("leave", "subscription:7")
    try:
        raise ValueError(path.format(token))
    except ValueError:
        trouble = sys.exc_info()
    known = ("x", 20, "x", 1, "GET %s", (path.format(token),), trouble)
    line = RedactingFormatter().format(logging.LogRecord(*known))
    assert token not in line
    assert line.count("/-") == 2
    assert redact("/es/suscripcion/alta/") == "/es/suscripcion/alta/"


# CSV


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '"=1', "＝1", "'=1"],
)
def test_no_cell_is_a_formula(text):
    assert defuse(text) == f"'{text}"


def test_plain_cells_and_numbers_stay():
    stream = io.StringIO()
    rows = [["Ana, «Perú»", -3, None, True]]
    assert write_csv(stream, ["a", "b", "c", "d"], rows, bom=True) == 1
    assert stream.getvalue() == '\ufeffa,b,c,d\r\n"Ana, «Perú»",-3,,True\r\n'
