"""The gettext catalogues: compiled without gettext, and checked for translators."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser, read_po

SOURCE_LANGUAGE = "en"  # an empty entry there means: the source string as it stands
BRACES = re.compile(r"\{[^{}\s]*\}")
# printf-style formatting (Python's library reference, 4.7.2), or a % on its own.
FORMAT = re.compile(
    r"%(?:\(\w+\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[a-zA-Z%]|%"
)
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


class DamageError(Exception):
    """A catalogue that cannot be read; `line` is 0 where it is not known."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


class NotingCatalog(Catalog):
    """Babel's, which also notes what comes a second time instead of merging it."""

    repeated: list[Message]

    def __init__(self, locale: str | None) -> None:
        self.repeated = []
        super().__init__(locale=locale)

    def __setitem__(self, id: Any, message: Message) -> None:
        if id and self.get(id, message.context):
            self.repeated.append(message)
        super().__setitem__(id, message)


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
    try:
        lines = file.read_text("utf-8").splitlines()
        catalogue = _parsed(file, lines)
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        yield Finding(file, number, "is not UTF-8")
    except OSError as error:
        yield Finding(file, 0, f"cannot be read: {error.strerror}")
    except DamageError as error:
        yield Finding(file, error.line, f"does not parse: {error}")
    else:
        yield from _check_catalogue(file, catalogue)


def _parsed(file: Path, lines: list[str]) -> NotingCatalog:
    for number, line in enumerate(lines, start=1):
        if not LINE.match(line.strip()):
            raise DamageError("is a quote missing?", number)
    catalogue = NotingCatalog(locale=language_of(file) or None)
    try:
        PoFileParser(catalogue, abort_invalid=True).parse(lines)
    except PoFileError as error:
        raise DamageError(str(error), error.lineno + 1) from error
    except (ValueError, LookupError, AssertionError, AttributeError) as error:
        raise DamageError(str(error) or "lines are out of order", 0) from error
    return catalogue


def language_of(file: Path) -> str:
    """The language of a catalogue, by the folder it lies in; else empty."""
    parts = file.absolute().parts
    return parts[-3] if parts[-2:-1] == ("LC_MESSAGES",) else ""


def _check_catalogue(file: Path, catalogue: NotingCatalog) -> Iterator[Finding]:
    for message in catalogue.repeated:
        reason = f"stands here a second time: {_short(message)}"
        yield Finding(file, message.lineno or 0, reason)
    may_be_empty = language_of(file) == SOURCE_LANGUAGE
    for message in filter(lambda message: message.id, catalogue):
        if message.fuzzy:
            reason = "fuzzy: check the translation and remove the mark"
            yield Finding(file, message.lineno or 0, reason)
        if may_be_empty and not any(_strings(message)):
            continue
        for reason in _damage(message, catalogue):
            yield Finding(file, message.lineno or 0, reason)


def _damage(message: Message, catalogue: Catalog) -> Iterator[str]:
    short, strings = _short(message), _strings(message)
    if not all(map(str.strip, strings)):
        yield f"not translated: {short}"
        return
    wanted = [_placeholders(text, message) for text in _id(message)]
    if any(_placeholders(text, message) not in wanted for text in strings):
        yield f"placeholders differ from the source: {short}"
    else:
        yield from (f"{error}: {short}" for error in message.check(catalogue))
    if any(_outer_breaks(text) != _outer_breaks(_id(message)[0]) for text in strings):
        yield f"begins or ends with a line break unlike the source: {short}"


def _placeholders(text: str, message: Message) -> Counter[str]:
    """Each placeholder and how often; in a format any stray % is one too."""
    found = Counter(BRACES.findall(text))
    if message.python_format:
        found.update(match[0] for match in FORMAT.finditer(text))
        del found["%%"]
    return found


def _outer_breaks(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")


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
        try:
            _extract(copy)
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().splitlines()
            reason = f"cannot be compared with the code: {' '.join(said[-1:])}"
            yield Finding(root / "locale", 0, reason)
            return
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
