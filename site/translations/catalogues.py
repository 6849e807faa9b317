"""The gettext catalogues: compiled without gettext, and checked for translators."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

SOURCE_LANGUAGE = "en"  # an empty entry there means: the source string as it stands
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
# A line of a PO file; Babel reads over an unclosed quote without a word.
LINE = re.compile(r'^(#.*|(msg\w+(\[\d+\])?\s+)?"([^"\\]|\\.)*"|)$')
WAGTAIL = "wagtail"  # the name of a .po with what Wagtail's own catalogue lacks
ROOMS_WITH_STRINGS = ("site", "news", "newsletter", "locale")


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a catalogue, at a line a translator can open."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


def catalogue_files(locale_dir: Path) -> list[Path]:
    """Every .po file under `locale_dir`, in a stable order."""
    return sorted(locale_dir.glob("*/LC_MESSAGES/*.po"))


def compile_catalogues(locale_dir: Path, target_dir: Path) -> list[Path]:
    """Write a .mo for each .po that is newer than its .mo; return those written."""
    return [
        target
        for source in catalogue_files(locale_dir)
        for target in _targets(source, locale_dir, target_dir)
        if _compile(source, target)
    ]


def _targets(source: Path, locale_dir: Path, target_dir: Path) -> list[Path]:
    """Where a .po goes; what Wagtail lacks speaks in its pages and in its scripts."""
    place = source.relative_to(locale_dir)
    if source.stem != WAGTAIL:
        return [target_dir / place.with_suffix(".mo")]
    folder = target_dir / WAGTAIL / place.parent
    return [folder / "django.mo", folder / "djangojs.mo"]


def _compile(source: Path, target: Path) -> bool:
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as text, target.open("wb") as binary:
        write_mo(binary, read_po(text))
    return True


def check_file(file: Path) -> Iterator[Finding]:
    """Everything wrong with one catalogue, whatever the code says."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not LINE.match(line.strip()):
            yield Finding(file, number, "does not parse: is a quote missing?")
            return
    try:
        with file.open("rb") as text:
            catalogue = read_po(text, locale=file.parts[-3], abort_invalid=True)
    except (PoFileError, ValueError) as error:
        yield Finding(
            file, getattr(error, "lineno", 0) or 0, f"does not parse: {error}"
        )
        return
    for message in catalogue:
        if message.id:
            yield from _check_message(file, message)


def _check_message(file: Path, message: Message) -> Iterator[Finding]:
    line = message.lineno or 0
    if message.fuzzy:
        yield Finding(file, line, "fuzzy: check the translation and remove the mark")
    strings = _strings(message)
    if not all(strings):
        if file.parts[-3] != SOURCE_LANGUAGE or any(strings):
            yield Finding(file, line, f"not translated: {_short(message)}")
        return
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    wanted = [set(PLACEHOLDER.findall(text)) for text in ids]
    for text in strings:
        if set(PLACEHOLDER.findall(text)) not in wanted:
            reason = f"placeholders differ from the source: {_short(message)}"
            yield Finding(file, line, reason)
            return


def _strings(message: Message) -> tuple[str, ...]:
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ("",))


def _short(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def check_against_code(root: Path) -> Iterator[Finding]:
    """Strings that the code has and a catalogue lacks, or the other way round.

    Extracts with gettext into a copy, so the working tree stays as it is.
    """
    with tempfile.TemporaryDirectory(prefix="pregon-messages-") as folder:
        copy = Path(folder)
        for name in ROOMS_WITH_STRINGS:
            shutil.copytree(root / name, copy / name)
        _extract(copy)
        for fresh in catalogue_files(copy / "locale"):
            kept = root / fresh.relative_to(copy)
            yield from _differences(kept, fresh)


def _extract(copy: Path) -> None:
    languages = [
        part for path in (copy / "locale").iterdir() for part in ("-l", path.name)
    ]
    command = [sys.executable, "-m", "django", "makemessages", *languages]
    subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [*command, "--no-obsolete", "--no-location", "--no-wrap"],
        cwd=copy,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
    )


def _differences(kept: Path, fresh: Path) -> Iterator[Finding]:
    old, new = _by_key(kept), _by_key(fresh)
    for key in new.keys() - old.keys():
        reason = f"in the code but not here: {_short(new[key])}; run make messages"
        yield Finding(kept, 1, reason)
    for key in old.keys() - new.keys():
        reason = f"no longer in the code: {_short(old[key])}; run make messages"
        yield Finding(kept, old[key].lineno or 1, reason)


def _by_key(file: Path) -> dict[tuple, Message]:
    with file.open("rb") as text:
        catalogue: Catalog = read_po(text)
    return {(_id(m), m.context): m for m in catalogue if m.id}


def _id(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)
