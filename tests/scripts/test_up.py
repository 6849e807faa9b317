"""`make up` says in one line why it cannot start. A whole run: tests/browser."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from wagtail.models import Page

from demo.errors import UsedSiteError
from front.models import HomePage
from scripts import up
from scripts.servers import free_port
from tests.processes import left_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(tmp_path):
    """`start(PORT=…)`: up.py with only these variables set."""

    def start_up(**variables: str) -> subprocess.Popen:
        environment = {
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(tmp_path / "data"),
            **variables,
        }
        return subprocess.Popen(
            [sys.executable, "scripts/up.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return start_up


def refusal(process: subprocess.Popen) -> str:
    """The one line with which it refused."""
    _out, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    (line,) = errors.strip().splitlines()
    return line


@pytest.fixture
def kept():
    """Ports for a site's mail that no other test gets meanwhile: bound, not in use."""
    with socket.socket() as smtp, socket.socket() as inbox:
        for each in (smtp, inbox):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.bind(("127.0.0.1", 0))
        numbers = [str(each.getsockname()[1]) for each in (smtp, inbox)]
        yield dict(zip(("SMTP_PORT", "INBOX_PORT"), numbers, strict=True))


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield str(server.getsockname()[1])


def test_a_port_that_is_taken_is_named_with_a_way_out(start, taken, kept):
    line = refusal(start(PORT=taken, **kept))
    assert line.startswith(f"Port {taken} (PORT) is taken.")
    assert line.endswith("PORT=9000 make up")


def test_a_port_for_the_administrator_is_not_called_taken():
    denied = OSError(errno.EACCES, os.strerror(errno.EACCES))
    assert "may not be used by this user" in up.port_refusal("PORT", "80", denied)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "65534"),
        ("SMTP_PORT", "70000"),
        ("INBOX_PORT", "-1"),
        ("DATA_DIR", "/dev/null/data"),
        ("DATABASE_URL", "mysql://host/name"),
        ("TIME_ZONE", "America/Macondo"),
    ],
)
def test_a_wrong_value_is_one_line(start, name, value):
    variables = {"PORT": str(free_port()), name: value}
    assert refusal(start(**variables)).startswith(f"{name} must be")


def test_two_servers_on_one_port_are_refused(start):
    port = str(free_port())
    assert "three numbers" in refusal(start(PORT=port, INBOX_PORT=port))


def test_a_database_that_does_not_answer_is_one_line(start):
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    line = refusal(start(PORT=str(free_port()), DATABASE_URL=url))
    assert line.startswith("The database cannot be used: ")


def test_production_is_refused_before_anything_else(start, tmp_path):
    assert "docs/operators.md" in refusal(start(PREGON_ENV="production"))
    assert not (tmp_path / "data").exists()


def test_the_env_file_counts_and_the_environment_wins(start, taken, kept, tmp_path):
    file = tmp_path / "some.env"
    file.write_text(f"PORT={taken}\nINBOX_PORT=abc\n")
    line = refusal(start(ENV_FILE=str(file), **kept))
    assert line.startswith(f"Port {taken} (PORT) is taken.")


def test_ctrl_c_while_preparing_is_one_line(start, tmp_path):
    process = start(PORT=str(free_port()))
    deadline = time.monotonic() + 60
    while not (tmp_path / "data/pregon.sqlite3").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert refusal(process).startswith("Stopped before the site was up.")
    assert left_of([process.pid]) == []


def test_a_site_with_content_goes_on_without_the_demo(db, capsys):
    Page.objects.get(depth=1).add_child(instance=HomePage(headline_es="Mía"))
    up.load_demo()
    assert "Without demo content: This site has pages" in capsys.readouterr().out


def test_any_other_trouble_with_the_demo_stops_the_start(db, monkeypatch):
    def fail(**options):
        raise ValidationError("a picture is missing")

    monkeypatch.setattr("demo.management.commands.load_demo.load_demo", fail)
    with pytest.raises(CommandError, match="a picture is missing") as stopped:
        up.load_demo()
    assert not isinstance(stopped.value.__cause__, UsedSiteError)
