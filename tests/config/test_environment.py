"""Settings fail closed: a wrong value stops the start, and says what to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PREGON_ENV": "production",
    "SITE_URL": "https://news.example.org",
    "SECRET_KEY": "k" * 50 + "-not-a-real-one",
    "SUPPRESSION_KEY": "never-changed",
    "DATABASE_URL": "postgres://pregon@127.0.0.1/pregon",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@relay.example.org",
    "DEFAULT_FROM_EMAIL": "News <news@example.org>",
}
SHOW = (
    "from django.conf import settings as s; "
    "print(s.PRODUCTION, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, "
    "s.EMAIL_PORT, s.EMAIL_USE_TLS, s.DATABASES['default']['ENGINE'])"
)


def start(
    tmp_path: Path, show: str = SHOW, **variables: str
) -> subprocess.CompletedProcess:
    """Load the settings in a fresh interpreter with only these variables set."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path / "data"),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-c", show], env=environment, capture_output=True, text=True
    )


def test_the_embedded_default_needs_nothing(tmp_path):
    result = start(tmp_path)
    assert result.stdout.split()[0] == "False", result.stderr
    assert result.stdout.split()[-1].endswith("sqlite3")


def test_production_starts_with_everything_set(tmp_path):
    result = start(tmp_path, **PRODUCTION)
    assert result.stdout.split()[:5] == ["True", "31536000", "True", "587", "True"], (
        result.stderr
    )


@pytest.mark.parametrize(
    "name", [name for name in PRODUCTION if name not in {"PREGON_ENV", "REDIS_URL"}]
)
def test_production_refuses_to_start_without(tmp_path, name):
    variables = {key: value for key, value in PRODUCTION.items() if key != name}
    result = start(tmp_path, **variables)
    assert result.returncode != 0
    assert f"{name} must be" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREGON_ENV", "prod"),
        ("DEBUG", "true"),
        ("SITE_URL", "http://news.example.org"),
        ("SITE_URL", "news.example.org"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "mysql://host/db"),
        ("REDIS_URL", "http://host"),
        ("EMAIL_URL", "relay.example.org"),
        ("TRUSTED_PROXIES", "everyone"),
        ("TIME_ZONE", "America/Macondo"),
    ],
)
def test_production_refuses_to_start_with(tmp_path, name, value):
    result = start(tmp_path, **{**PRODUCTION, name: value})
    assert result.returncode != 0
    assert f"{name} must be" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("variables", "allowed"),
    [
        ({"PORT": "8123"}, "['127.0.0.1:8123']"),
        ({"OUTGOING_HTTP_ALLOW": "intranet.example:80"}, "['intranet.example:80']"),
        (PRODUCTION, "[]"),
    ],
)
def test_only_outside_production_the_site_may_ask_itself(tmp_path, variables, allowed):
    show = "from django.conf import settings as s; print(s.OUTGOING_HTTP_ALLOW)"
    done = start(tmp_path, show, **variables)
    assert done.stdout.strip() == allowed


def test_the_random_secret_is_kept_and_private(tmp_path):
    start(tmp_path)
    secret = tmp_path / "data" / "secret-key"
    first = secret.read_text()
    start(tmp_path)
    assert secret.read_text() == first
    assert secret.stat().st_mode & 0o777 == 0o600


def test_every_variable_that_is_read_stands_in_the_example():
    source = (ROOT / "site/config/environment.py").read_text()
    read = set(
        re.findall(r"(?:_text|_required|variables\.\w+)\(\s*f?\"([A-Z_]+)\"", source)
    )
    example = set(
        re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    )
    assert len(read) > 12
    assert read <= example


def test_site_is_a_plain_folder():
    assert not (ROOT / "site/__init__.py").exists()
