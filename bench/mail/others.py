"""What else issues are mailed with, made ready on this machine and measured.

The Python ones get an environment of their own with the versions of `competitors.lock`;
Postfix's `smtp-source` comes out of its Debian package.
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
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.mail import letter, programs
from bench.mail.processes import run_together
from bench.mail.programs import KEPT, MissingError
from bench.mail.sending import LARGEST, SMALLEST, Relay, Run, checked

HERE = Path(__file__).parent
LOCK = HERE / "competitors.lock"
PYTHON = KEPT / "peers" / "bin" / "python"
PROGRAMS = {
    "django-newsletter": "django_newsletter.py",
    "birdsong": "birdsong_campaign.py",
    "celery-each": "celery_each.py",
}
NAMED = ("django-newsletter", "wagtail-birdsong", "wagtail", "django", "celery")
MAIL_BYTES = (SMALLEST + LARGEST) // 2


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


def smtp_source(folder: Path, program: Path, n: int, *options: str) -> Run:
    """Postfix's load generator, with mails of about the same size."""
    with programs.running_sink(folder) as sink:
        return smtp_source_to(sink, program, n, options)


def smtp_source_to(
    relay: Relay, program: Path, n: int, options: Sequence[str], letter: str = ""
) -> Run:
    """The same to whatever takes mail; with a letter, from that file."""
    content = ["-F", letter] if letter else ["-l", str(MAIL_BYTES)]
    ends = ["-f", "news@pregon.example", "-t", "reader@lectores.example"]
    to = f"inet:127.0.0.1:{relay.port}"
    command = [str(program), *options, "-m", str(n), *content, *ends, to]
    libraries = str(program.parents[1] / "lib" / "postfix")
    began = time.perf_counter()
    done = subprocess.run(
        command, env={"LD_LIBRARY_PATH": libraries}, check=False, text=True
    )
    wall_s = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{program} ended with {done.returncode}")
    return Run(n, wall_s, checked(relay, n))
