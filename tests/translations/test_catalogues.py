"""Catalogues compile without gettext, and every kind of damage is found."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
import wagtail
from babel.messages.pofile import read_po
from django.urls import reverse
from django.utils import translation

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


def test_what_wagtail_lacks_is_compiled_apart_for_pages_and_scripts(tmp_path):
    path = catalogue(tmp_path / "po", 'msgid "Saved"\nmsgstr "Guardado"')
    path.rename(path.with_name("wagtail.po"))
    written = compile_catalogues(tmp_path / "po", tmp_path / "mo")
    folder = tmp_path / "mo" / "wagtail" / "es" / "LC_MESSAGES"
    assert written == [folder / "django.mo", folder / "djangojs.mo"]
    found = gettext.translation("djangojs", tmp_path / "mo" / "wagtail", ["es"])
    assert found.gettext("Saved") == "Guardado"


def messages(*paths: Path) -> dict[str, bool]:
    """Every message of these files, and whether it is translated."""
    found: dict[str, bool] = {}
    for path in paths:
        with path.open("rb") as text:
            for message in read_po(text):
                strings = message.string
                whole = strings if isinstance(strings, str) else all(strings)
                known = message.id if isinstance(message.id, str) else message.id[0]
                found[known] = found.get(known, False) or bool(whole)
    return found


def test_we_say_only_what_wagtail_asks_for_and_does_not_say(settings):
    ours = messages(settings.BASE_DIR / "locale/es/LC_MESSAGES/wagtail.po")
    ours.pop("")
    root = Path(wagtail.__file__).parent
    asked = messages(*root.glob("**/locale/en/LC_MESSAGES/*.po"))
    said = messages(*root.glob("**/locale/es/LC_MESSAGES/*.po"))
    assert set(ours) <= set(asked)
    assert [known for known in ours if said.get(known)] == []


def test_wagtail_speaks_spanish_where_it_did_not():
    with translation.override("es"):
        assert translation.gettext("Search all pages…").startswith("Buscar en todas")
        assert translation.gettext("Pages") == "Páginas"


def test_the_admin_s_scripts_speak_it_too(client):
    url = reverse("wagtailadmin_javascript_catalog")
    script = client.get(url, headers={"Accept-Language": "es"})
    assert "Los cambios se guardaron solos." in script.content.decode()


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
