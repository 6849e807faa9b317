"""What holds for the whole project, whatever room is worked on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


# Tests keep away from what is real


def test_tests_never_touch_a_real_data_folder_or_read_a_real_env_file(tmp_path):
    (tmp_path / "real.env").write_text("DATABASE_URL=postgres://real@host/real\n")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "ENV_FILE": str(tmp_path / "real.env"),
        "DATA_DIR": str(tmp_path / "real"),
        "SITE_URL": "https://real.example",
    }
    show = (
        "from tests import settings as s;"
        "print(s.DATA_DIR, s.DATA_DIR.is_dir(), s.SITE_URL, s.DATABASES['default'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", show],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    folder, was_there, url, database = result.stdout.split(maxsplit=3)
    assert not Path(folder).is_relative_to(tmp_path)
    assert not Path(folder).is_relative_to(ROOT)
    assert (was_there, url) == ("True", "http://testserver")
    assert "sqlite3" in database
    assert not Path(folder).exists(), "left behind at the end"
    assert not (tmp_path / "real").exists()


def test_make_leaves_port_and_data_folder_to_the_environment():
    """What `make` exported was stronger than `.env`, and reached the tests."""
    environment = {"PATH": os.environ["PATH"]}
    show = "show: ; @echo [$$PORT][$$DATA_DIR]"
    result = subprocess.run(
        ["make", "--eval", show, "show"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[][]"


# What runs the tests and the processes


@pytest.mark.parametrize(("given", "seen"), [({}, "true"), ({"CI": "other"}, "other")])
def test_the_ci_run_is_known_as_one(tmp_path, given, seen):
    """Without CI set, tests of missing servers would be skipped and all look well."""
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "$CI $*"\n')
    make.chmod(0o755)
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", **given}
    result = subprocess.run(
        [ROOT / ".ci/run"], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == [seen, "test"]


@pytest.mark.parametrize(
    "file", ["Procfile", "docker-compose.yml", "docs/operators.md"]
)
def test_beat_leaves_no_pid_file_that_would_stop_the_next_one(file):
    lines = (ROOT / file).read_text().replace('", "', " ").splitlines()
    starts = [line for line in lines if "-A config beat" in line]
    assert starts
    assert all("--pidfile=" in line for line in starts)
