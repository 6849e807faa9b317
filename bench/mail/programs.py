"""The two C programs: built, and the sink run for one measurement."""

from __future__ import annotations

import shutil
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).parent
KEPT = SOURCES.resolve().parents[1] / "var" / "bench"  # made once, ignored by git


class MissingError(Exception):
    """Something that is to be measured cannot be had here; says what."""


class NoCompilerError(Exception):
    """There is no C compiler on this machine."""


def build(folder: Path) -> None:
    """Compile `sink` and `limit` into a folder. Raises `NoCompilerError`."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompilerError("no C compiler here (Debian: gcc)")
    for name in ("sink", "limit"):
        warnings = ["-Wall", "-Wextra", "-Werror"]
        command = [compiler, "-O2", *warnings, "-o", str(folder / name)]
        subprocess.run([*command, str(SOURCES / f"{name}.c")], check=True)


@dataclass(frozen=True)
class Counted:
    """What a sink has accepted; sizes in bytes."""

    accepted: int
    recipients: int
    bytes: int
    smallest: int
    largest: int
    connections: int
    span_us: int


@dataclass(frozen=True)
class Sink:
    """A running sink."""

    port: int

    def counted(self) -> Counted:
        """What it accepted so far."""
        with smtplib.SMTP("127.0.0.1", self.port) as server:
            _code, said = server.docmd("XSTAT")
        pairs = (pair.split("=") for pair in said.decode("ascii").split())
        return Counted(**{name: int(value) for name, value in pairs})


@contextmanager
def running_sink(folder: Path, *options: str) -> Iterator[Sink]:
    """A sink of its own, from the programs in `folder`; its options are in `sink.c`."""
    command = [str(folder / "sink"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Sink(int(next(iter(process.stdout or ()))))
        finally:
            process.terminate()


def send_at_the_limit(
    folder: Path, port: int, count: int, connections: int, *contents: Path
) -> float:
    """Send mails in wire form so many times with `limit`; the seconds it took."""
    numbers = [str(port), str(count), str(connections)]
    done = subprocess.run(
        [folder / "limit", *numbers, *contents],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
