"""What holds for the whole project, whatever room is worked on."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import environ
import pytest
from django.core.management import load_command_class

from config.environment import Environment
from tests.config.test_environment import PRODUCTION

ROOT = Path(__file__).resolve().parents[1]
ROOMS = [ROOT / "site", ROOT / "news", ROOT / "newsletter"]


def in_rooms(pattern: str) -> list[Path]:
    """Files of ours, without those that only make a folder a package."""
    found = (path for room in ROOMS for path in room.glob(pattern))
    return sorted(path for path in found if path.stem != "__init__")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# The rooms


def test_site_is_a_plain_folder():
    assert not (ROOT / "site/__init__.py").exists()


def test_the_delivery_engine_runs_without_django(tmp_path):
    modules = [path.stem for path in (ROOT / "newsletter/delivery").glob("[a-z]*.py")]
    imports = "".join(f"import newsletter.delivery.{name}\n" for name in modules)
    show = "import sys\nprint(*{name.partition('.')[0] for name in sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", imports + show],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(result.stdout.split())
    assert "newsletter" in loaded
    assert not loaded & {"django", "wagtail", "celery"}


@pytest.mark.parametrize("path", in_rooms("**/migrations/*.py"), ids=lambda p: p.stem)
def test_a_migration_is_named_by_its_intent(path):
    assert not re.search(r"(^|_)auto(_|$)|_and_more$", path.stem)


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "tests").glob("**/factories.py")),
    ids=lambda path: path.parent.name,
)
def test_every_factory_module_can_be_imported(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    assert importlib.import_module(".".join(parts))


# What operators are told


@pytest.mark.parametrize(
    "path", in_rooms("**/management/commands/*.py"), ids=lambda path: path.stem
)
def test_every_command_has_help_and_a_line_in_the_guide(path):
    room = path.parents[2].relative_to(ROOT).parts[-1]
    assert str(load_command_class(room, path.stem).help).strip()
    assert re.search(
        rf"^\|.*`{path.stem}\b", text_of("docs/operators.md"), re.MULTILINE
    )


class Asked(dict):
    """An environment that remembers what it was asked for."""

    def __init__(self, **variables: str) -> None:
        super().__init__(variables)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return super().__getitem__(name)


def names_in_settings(folder: Path) -> set[str]:
    """Every variable that some setting is read from."""
    asked = Asked(DATA_DIR=str(folder))
    reader = environ.Env()
    reader.ENVIRON = asked
    environment = Environment(ROOT, reader)
    for name, value in vars(Environment).items():
        if isinstance(value, cached_property):
            getattr(environment, name)
    source = text_of("site/config/environment.py")
    return asked.names | set(re.findall(r'environ\.get\("([A-Z_]+)"', source))


def names_elsewhere() -> set[str]:
    """Every variable of `make up` and of the compose file."""
    named = set(re.findall(r'port_named\("([A-Z_]+)"', text_of("scripts/up.py")))
    named.add("DEMO")
    return named | set(re.findall(r"\$\{([A-Z_]+)", text_of("docker-compose.yml")))


def test_every_variable_stands_in_the_example_and_no_other(tmp_path):
    example = re.findall(r"^#([A-Z_]+)=", text_of(".env.example"), re.MULTILINE)
    read = names_in_settings(tmp_path)
    assert len(read) > 15
    assert len(example) == len(set(example))
    assert set(example) == read | names_elsewhere()


def test_what_production_needs_is_marked_in_the_example():
    """The words above a variable end with "production"."""
    blocks = text_of(".env.example").split("\n\n")
    marked = {
        name
        for block in blocks
        if re.search(r"\sproduction$", block, re.MULTILINE)
        for name in re.findall(r"^#([A-Z_]+)=", block, re.MULTILINE)
    }
    assert marked - {"POSTGRES_PASSWORD"} == PRODUCTION.keys() - {"PREGON_ENV"}


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
