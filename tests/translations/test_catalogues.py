"""Catalogues compile without gettext, and every kind of damage is found."""

from __future__ import annotations

import gettext
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import wagtail
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from translations.catalogues import (
    ROOMS_WITH_STRINGS,
    check_against_code,
    check_file,
    compile_catalogues,
)

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


def test_the_first_start_speaks_at_once_what_it_compiles():
    """What a new site loads after compiling was in English, for good."""
    script = """
import os, sys, tempfile
os.environ["DATA_DIR"] = tempfile.mkdtemp()
import django
django.setup()
from django.core.management import call_command
from django.utils import translation
with translation.override("es"):
    assert translation.gettext("Read more") == "Read more"
call_command("compile_catalogues")
with translation.override("es"):
    sys.stdout.write(translation.gettext("Read more"))
"""
    known = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENV_FILE": os.devnull,
        "PYTHONPATH": f"{settings.BASE_DIR}{os.pathsep}{settings.BASE_DIR / 'site'}",
    }
    command = [sys.executable, "-c", script]
    said = subprocess.run(command, env=known, capture_output=True, check=True)
    assert said.stdout.decode() == "Leer más"


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
        (
            'msgid "News"\nmsgstr "Noticias"\n\nmsgid "News"\nmsgstr "Nuevas"',
            "a second time",
        ),
        ('msgid "%s of %s"\nmsgstr "%s"', "placeholders differ"),
        ('msgid "%s of %d"\nmsgstr "%d de %s"', "placeholder 1"),
        ('msgid "%(x).1f km"\nmsgstr "km"', "placeholders differ"),
        ('msgid "%(x).1f km"\nmsgstr "%(x).2f km"', "placeholders differ"),
        ('msgid "50 %% of %(n)s"\nmsgstr "50 % de %(n)s"', "placeholders differ"),
        ('msgid "%(n)s of all"\nmsgstr "%(n)s, el 100 %"', "placeholders differ"),
        ('msgid "News"\nmsgstr " \\t"', "not translated"),
        ('msgid "News\\n"\nmsgstr "Noticias"', "line break"),
        ('msgid "News"\nmsgstr[0] "Noticias"\nmsgstr[x] "x"', "does not parse"),
        ('msgid "News"', "does not parse"),
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
        'msgid "One day"\nmsgid_plural "%(n)s days"\n'
        'msgstr[0] "Un día"\nmsgstr[1] "%(n)s días"',
        'msgid "{} of {}"\nmsgstr "{} de {}"',
        'msgid "Half"\nmsgstr "El 50 % de todo"',
        'msgid "50 %% of %(n)s"\nmsgstr "La mitad de %(n)s"',
        'msgid "News\\n"\nmsgstr "Noticias\\n"',
        'msgid "News"\nmsgstr "Noticias"\n\n'
        'msgctxt "menu"\nmsgid "News"\nmsgstr "Lo nuevo"',
    ],
)
def test_a_whole_entry_passes(tmp_path, entry):
    assert list(check_file(catalogue(tmp_path, entry))) == []


def test_the_source_language_may_stay_empty(tmp_path):
    path = catalogue(tmp_path, 'msgid "News"\nmsgstr ""', language="en")
    assert list(check_file(path)) == []


def test_a_file_that_is_no_text_is_a_finding(tmp_path):
    path = catalogue(tmp_path, 'msgid "News"\nmsgstr "Noticias"')
    path.write_bytes(path.read_bytes() + "# más".encode("latin-1"))
    (finding,) = check_file(path)
    assert (finding.line, finding.reason) == (8, "is not UTF-8")


@pytest.mark.parametrize("name", ["none.po", "."])
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path, name):
    (finding,) = check_file(tmp_path / name)
    assert finding.reason.startswith("cannot be read")


def test_a_file_outside_locale_is_checked_by_what_it_says(tmp_path, monkeypatch):
    path = catalogue(tmp_path, 'msgid "%(n)s new"\nmsgstr "nuevas"')
    path.rename(tmp_path / "x.po")
    monkeypatch.chdir(tmp_path)
    (finding,) = check_file(Path("x.po"))
    assert str(finding).startswith("x.po:6: placeholders differ")


needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext") and not os.environ.get("CI"),
    reason="gettext is not installed",
)


@pytest.fixture
def project(tmp_path):
    """A project with a string in the code and its translation."""
    for room in ROOMS_WITH_STRINGS:
        (tmp_path / room).mkdir()
    source = 'from django.utils.translation import gettext as _\n\n_("News")\n'
    (tmp_path / "news" / "words.py").write_text(source)
    catalogue(tmp_path / "locale", 'msgid "News"\nmsgstr "Noticias"')
    return tmp_path


@needs_gettext
def test_a_catalogue_that_says_what_the_code_says_passes(project):
    assert list(check_against_code(project)) == []


@needs_gettext
@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ("", "in the code but not here: 'News'"),
        (
            'msgid "News"\nmsgstr "Noticias"\n\nmsgid "Old"\nmsgstr "Vieja"',
            "no longer in the code: 'Old'",
        ),
    ],
)
def test_a_catalogue_that_the_code_has_left_behind_is_a_finding(
    project, entries, reason
):
    path = catalogue(project / "locale", entries)
    before = path.read_text()
    (finding,) = check_against_code(project)
    assert finding.reason.startswith(reason)
    assert finding.file == path
    assert path.read_text() == before


@needs_gettext
def test_a_comparison_that_gettext_refuses_is_a_finding(project):
    catalogue(project / "locale", 'msgid "News"\nmsgstr "Noticias"\nmsgstr "Más"')
    (finding,) = check_against_code(project)
    assert finding.reason.startswith("cannot be compared with the code: ")


def run(*arguments) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_translations", *arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_says_nothing_of_a_whole_file(tmp_path):
    path = catalogue(tmp_path, 'msgid "News"\nmsgstr "Noticias"')
    assert run(str(path)) == (0, "", "")


def test_the_command_lists_what_is_wrong_and_exits_with_one(tmp_path):
    path = catalogue(tmp_path, 'msgid "News"\nmsgstr ""')
    missing = tmp_path / "none.po"
    code, out, err = run(str(path), str(missing))
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        f"{path}:6: not translated: 'News'",
        f"{missing}:0: cannot be read: No such file or directory",
    ]


@needs_gettext
def test_the_command_without_files_compares_with_the_code(project, settings):
    settings.BASE_DIR = project
    assert run() == (0, "", "")
    words = project / "news" / "words.py"
    words.write_text(words.read_text().replace("News", "Fresh"))
    code, out, _err = run()
    assert (code, "no longer in the code" in out) == (1, True)


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("1", 1)])
def test_without_gettext_only_ci_is_refused(project, settings, monkeypatch, ci, code):
    settings.BASE_DIR = project
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setenv("CI", ci)
    found, out, err = run()
    assert found == code
    assert "gettext is not installed" in (out if ci else err)
