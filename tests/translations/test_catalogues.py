"""Catalogues compile without gettext, and every kind of damage is found."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from translations.catalogues import check_file, compile_catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURAL = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'


def catalogue(folder: Path, entries: str, language: str = "es") -> Path:
    """A .po file with these entries under `folder`."""
    path = folder / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEADER}{PLURAL}\n{entries}\n")
    return path


def test_a_compiled_catalogue_is_what_python_reads(tmp_path):
    catalogue(tmp_path / "po", 'msgid "News"\nmsgstr "Noticias"')
    compile_catalogues(tmp_path / "po", tmp_path / "mo")
    found = gettext.translation("django", tmp_path / "mo", ["es"])
    assert found.gettext("News") == "Noticias"


def test_compiling_again_writes_only_what_changed(tmp_path):
    catalogue(tmp_path / "po", 'msgid "News"\nmsgstr "Noticias"')
    assert len(compile_catalogues(tmp_path / "po", tmp_path / "mo")) == 1
    assert compile_catalogues(tmp_path / "po", tmp_path / "mo") == []


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('msgid "News"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "News"\nmsgstr "Nuevas"', "fuzzy"),
        ('msgid "%(n)s new"\nmsgstr "%(m)s nuevas"', "placeholders differ"),
        ('msgid "{name} left"\nmsgstr "se fue"', "placeholders differ"),
        ('msgid "News"\nmsgstr "Noticias', "does not parse"),
        (
            'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
            'msgstr[0] "%(n)s día"\nmsgstr[1] ""',
            "not translated",
        ),
    ],
)
def test_damage_is_found_with_its_line(tmp_path, entry, reason):
    findings = list(check_file(catalogue(tmp_path, entry)))
    assert [reason in finding.reason for finding in findings] == [True]


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "%(n)s new"\nmsgstr "%(n)s nuevas"',
        'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
        'msgstr[0] "%(n)s día"\nmsgstr[1] "%(n)s días"',
    ],
)
def test_a_whole_entry_passes(tmp_path, entry):
    assert list(check_file(catalogue(tmp_path, entry))) == []


def test_the_source_language_may_stay_empty(tmp_path):
    path = catalogue(tmp_path, 'msgid "News"\nmsgstr ""', language="en")
    assert list(check_file(path)) == []
