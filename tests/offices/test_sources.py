"""What is read from a source, good and hostile."""

from __future__ import annotations

import json

import pytest

from offices.errors import SourceMalformedError, SourceNoOfficeError
from offices.sources import read_source
from offices.timetables import check_hours

LIMA = {
    "@type": "LocalBusiness",
    "@id": "https://centro.example/#lima",
    "name": [
        {"@language": "es", "@value": "Oficina de Lima"},
        {"@language": "en", "@value": "Lima office"},
    ],
    "telephone": ["+51 1 4280000", "+51 999 999 999"],
    "email": "mailto:lima@centro.example",
    "address": {
        "@type": "PostalAddress",
        "streetAddress": "Jirón Ica 200",
        "postalCode": "15001",
        "addressLocality": "Lima",
    },
    "geo": {"@type": "GeoCoordinates", "latitude": -12.05, "longitude": "-77.04"},
    "openingHours": ["Mo-Fr 09:00-13:00", "Mo-Fr 14:00-18:00"],
}
READ = {
    "name_es": "Oficina de Lima",
    "name_en": "Lima office",
    "phones": "+51 1 4280000\n+51 999 999 999",
    "email": "lima@centro.example",
    "address": "Jirón Ica 200",
    "postal_code": "15001",
    "latitude": "-12.05",
    "longitude": "-77.04",
    "opening_hours": "Mo-Fr 09:00-13:00, Mo-Fr 14:00-18:00",
}


def json_ld(document: object, key: str = "") -> dict[str, str]:
    return read_source(kind="jsonld", body=json.dumps(document).encode(), key=key)


def page(*scripts: str) -> bytes:
    elements = (
        f'<SCRIPT TYPE="application/ld+json">{text}</SCRIPT>' for text in scripts
    )
    return f"<!doctype html><title>x</title>{''.join(elements)}".encode()


def test_a_json_ld_document_is_read():
    assert json_ld(LIMA) == READ


def test_the_office_in_a_graph_is_found_by_its_id_or_name():
    quito = {**LIMA, "@id": "https://centro.example/#quito", "name": "Quito"}
    graph = {"@context": "https://schema.org", "@graph": [LIMA, quito]}
    assert json_ld(graph, "oficina de lima") == READ
    assert json_ld(graph, "https://centro.example/#lima") == READ
    assert "name_es" not in json_ld(graph, "Quito")


@pytest.mark.parametrize("key", ["", "Bogotá"])
def test_it_is_not_guessed_which_office_is_meant(key):
    with pytest.raises(SourceNoOfficeError):
        json_ld([LIMA, LIMA], key)


def test_scripts_of_a_web_page_are_read_and_broken_ones_passed_over():
    body = page("{broken", json.dumps(LIMA))
    assert read_source(kind="jsonld", body=body) == READ


def test_people_events_and_contact_points_are_no_offices():
    document = {
        "@graph": [
            {"@type": "Person", "telephone": "+51 1 1111111"},
            {"@type": "schema:Event", "name": "x"},
            {**LIMA, "contactPoint": {"@type": "ContactPoint", "telephone": "1"}},
        ]
    }
    assert json_ld(document)["phones"] == READ["phones"]


def test_opening_hours_specifications_become_our_syntax():
    week = ["Monday", "https://schema.org/Tuesday", "Wednesday", "Thursday", "Friday"]
    document = {
        "@type": "NGO",
        "openingHoursSpecification": [
            {"dayOfWeek": week, "opens": "09:00:00", "closes": "13:00"},
            {"dayOfWeek": week, "opens": "14:00", "closes": "18:00"},
            {"dayOfWeek": "Saturday", "opens": "10:00", "closes": "23:59"},
            {"dayOfWeek": "PublicHolidays", "opens": "00:00", "closes": "00:00"},
            {"validFrom": "2026-12-24", "opens": "09:00", "closes": "12:00"},
        ],
    }
    hours = json_ld(document)["opening_hours"]
    assert hours == "Mo-Fr 09:00-13:00,14:00-18:00; Sa 10:00-24:00; PH off"
    check_hours(hours)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null and void",
        b"{",
        b"[" * 100_000,
        b"[" + b"0," * 50_000 + b"0]",
        b'{"a":' * 50_000,
        b"9" * 10_000,
        b"\0\0\0\0",
        b"\xff\xd8\xff\xe0 JPEG",
        b"<html><p>no script here</p></html>",
        page("{broken"),
        page("[" * 100_000),
    ],
)
def test_a_malformed_document_is_refused(body):
    with pytest.raises(SourceMalformedError):
        read_source(kind="jsonld", body=body)


def test_hostile_values_come_out_as_plain_short_text():
    document = {
        **LIMA,
        "address": {"streetAddress": "<script>alert(1)</script>\x00\x1b[31m\r\nCalle"},
        "telephone": {"@value": ["nested"]},
        "email": ["a", "b"],
        "geo": {"latitude": True, "longitude": {"@value": {}}},
        "openingHours": {"@type": "x"},
        "name": {"@language": "es", "@value": "N" * 5_000},
    }
    raw = json.dumps(document).encode()
    with pytest.raises(SourceMalformedError):
        read_source(kind="jsonld", body=raw + b"\0")
    reading = json_ld(document)
    assert reading["address"] == "<script>alert(1)</script> [31m\nCalle"
    assert set(reading) == {"address", "name_es"}
    assert len(reading["name_es"]) == 1_000


CSV_ROWS = [
    "Clave;Nombre (es);Name (en);Teléfono;Correo electrónico;Dirección;Horario;Otra",
    "lima;Oficina de Lima;Lima office;+51 1 4280000;lima@centro.example"
    ";Jirón Ica 200;Mo-Fr 09:00-18:00;x",
    "",
    "quito;Oficina de Quito;Quito office;;quito@centro.example;Av. Amazonas 1;;",
]
CSV_BODY = "\ufeff" + "\r\n".join(CSV_ROWS)


def test_a_table_is_read_by_header_names_in_both_languages():
    assert read_source(kind="csv", body=CSV_BODY.encode(), key="LIMA") == {
        "name_es": "Oficina de Lima",
        "name_en": "Lima office",
        "phones": "+51 1 4280000",
        "email": "lima@centro.example",
        "address": "Jirón Ica 200",
        "opening_hours": "Mo-Fr 09:00-18:00",
    }


def test_an_empty_cell_says_nothing():
    reading = read_source(kind="csv", body=CSV_BODY.encode(), key="Oficina de Quito")
    assert set(reading) == {"name_es", "name_en", "email", "address"}


def test_english_headers_and_latin_1_are_read():
    body = "id,phone,address\n1,+51 1 4280000,Jirón Ica 200\n".encode("latin-1")
    assert read_source(kind="csv", body=body) == {
        "phones": "+51 1 4280000",
        "address": "Jirón Ica 200",
    }


@pytest.mark.parametrize("key", ["", "bogota"])
def test_a_table_of_many_needs_to_know_which_row(key):
    with pytest.raises(SourceNoOfficeError):
        read_source(kind="csv", body=CSV_BODY.encode(), key=key)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"one,two\n1,2\n",
        b'phone,address\n"' + b"x" * 200_000,
        b"phone\n" + b"1\n" * 10_001,
        b"\0",
    ],
)
def test_a_malformed_table_is_refused(body):
    with pytest.raises(SourceMalformedError):
        read_source(kind="csv", body=body)
