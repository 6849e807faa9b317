"""What else issues are mailed with, made ready on this machine and measured.

The Python ones get an environment of their own with the versions of `competitors.lock`;
Postfix's `smtp-source` is taken out of its Debian package without installing it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import asdict
from pathlib import Path

from bench.mail import letter, programs
from bench.mail.processes import run_together
from bench.mail.sending import LARGEST, SMALLEST, Run, checked

HERE = Path(__file__).parent
LOCK = HERE / "competitors.lock"
KEPT = HERE.parents[1] / "var" / "bench"  # made once, ignored by git
PYTHON = KEPT / "peers" / "bin" / "python"
PROGRAMS = {
    "django-newsletter": "django_newsletter.py",
    "birdsong": "birdsong_campaign.py",
    "celery-each": "celery_each.py",
}
NAMED = ("django-newsletter", "wagtail-birdsong", "wagtail", "django", "celery")
MAIL_BYTES = (SMALLEST + LARGEST) // 2


class MissingError(Exception):
    """A competitor cannot be had here; says why."""


def make_environment() -> dict[str, str]:
    """Install the Python ones once; package → version. Raises `MissingError`."""
    stamp = PYTHON.with_name("installed.lock")
    if not (stamp.exists() and stamp.read_bytes() == LOCK.read_bytes()):
        venv.create(PYTHON.parents[1], clear=True, with_pip=True)
        pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
        done = subprocess.run(
            [*pip, "--require-hashes", "-r", str(LOCK)],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise MissingError(f"pip could not install them: {done.stderr[-200:]}")
        shutil.copy(LOCK, stamp)
    pins = (line.split()[0] for line in LOCK.read_text().splitlines() if "==" in line)
    found = dict(pin.replace("[redis]", "").split("==") for pin in pins)
    return {f"theirs: {name}": found[name] for name in NAMED}


def peer(folder: Path, name: str, n: int, redis_url: str) -> Run:
    """One of the Python ones: what its own sending took, without its start."""
    written = folder / "letter.json"
    spanish = asdict(letter.letter("es")) | {"stories": letter.stories("es")}
    written.write_text(json.dumps(spanish))
    variables = {"PATH": os.environ["PATH"], "REDIS_URL": redis_url}
    program = HERE / "peers" / PROGRAMS[name]
    with (
        programs.running_sink(folder) as sink,
        tempfile.TemporaryDirectory(dir=folder) as own,
    ):
        arguments = [str(n), str(sink.port), str(written), own]
        usage = run_together([str(PYTHON), str(program), *arguments], [variables])
        return Run(n, usage.said[0]["seconds"], checked(sink, n), usage.cpu_s)


def find_smtp_source() -> Path:
    """Postfix's own load generator, unpacked if need be. Raises `MissingError`."""
    places = [shutil.which("smtp-source"), "/usr/sbin/smtp-source"]
    places.append(str(KEPT / "postfix" / "usr" / "sbin" / "smtp-source"))
    for place in places:
        if place and Path(place).exists():
            return Path(place)
    _unpack_postfix(KEPT / "postfix")
    return Path(places[-1] or "")


def _unpack_postfix(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if os.geteuid() == 0:
            _quietly(["apt-get", "update"], folder)
        _quietly(["apt-get", "download", "postfix"], folder)
        package = next(folder.glob("postfix_*.deb"))
        _quietly(["dpkg-deb", "--extract", str(package), str(folder)], folder)
    except (OSError, StopIteration, subprocess.CalledProcessError) as error:
        raise MissingError("no smtp-source here (Debian: postfix)") from error


def _quietly(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def smtp_source(folder: Path, program: Path, n: int, *options: str) -> Run:
    """Postfix's load generator, with mails of about the same size."""
    with programs.running_sink(folder) as sink:
        amount = ["-m", str(n), "-l", str(MAIL_BYTES)]
        ends = ["-f", "news@pregon.example", "-t", "reader@lectores.example"]
        command = [
            str(program),
            *options,
            *amount,
            *ends,
            f"inet:127.0.0.1:{sink.port}",
        ]
        libraries = str(program.parents[1] / "lib" / "postfix")
        began = time.perf_counter()
        done = subprocess.run(
            command, env={"LD_LIBRARY_PATH": libraries}, check=False, text=True
        )
        wall_s = time.perf_counter() - began
        if done.returncode:
            sys.exit(f"{program} ended with {done.returncode}")
        return Run(n, wall_s, checked(sink, n))
