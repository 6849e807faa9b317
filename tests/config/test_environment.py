"""Settings fail closed: a wrong value stops the start, and says what to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from mail.management.commands import mail_catcher

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PREGON_ENV": "production",
    "SITE_URL": "https://news.example.org",
    "SECRET_KEY": "k" * 50 + "-not-a-real-one",
    "SUPPRESSION_KEY": "never-changed-" * 3,
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


def example_names() -> set[str]:
    """Every variable in .env.example."""
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#([A-Z_]+)=", text, re.MULTILINE))


def start(
    tmp_path: Path, *command: str, **variables: str
) -> subprocess.CompletedProcess:
    """Load the settings in a fresh interpreter with only these variables set."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path / "data"),
        "ENV_FILE": os.devnull,
        **variables,
    }
    return subprocess.run(
        [sys.executable, *(command or ["-c", SHOW])],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
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


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "PREGON_ENV"])
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
        ("SUPPRESSION_KEY", "short"),
        ("TOKEN_KEYS", "1=short"),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_production_refuses_to_start_with(tmp_path, name, value):
    result = start(tmp_path, **{**PRODUCTION, name: value})
    assert result.returncode != 0
    assert f"{name} must be" in result.stderr.splitlines()[-1]


def set_to(monkeypatch, tmp_path, variables: dict[str, str]) -> Environment:
    """The environment with only these variables set."""
    for name in example_names():
        monkeypatch.delenv(name, raising=False)
    given = {"ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path / "data"), **variables}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return Environment.read(ROOT)


@pytest.mark.parametrize("others", [{}, PRODUCTION], ids=["development", "production"])
@pytest.mark.parametrize(
    ("name", "value", "use"),
    [
        ("SITE_URL", "news.example.org", "site_url"),
        ("SITE_URL", "https://x:abc", "site_url"),
        ("SITE_URL", "https://x:70000", "site_url"),
        ("SITE_URL", "https://[x", "site_url"),
        ("SITE_URL", "https://x.example/news", "site_url"),
        ("SITE_URL", "https://user:word@x.example", "site_url"),
        ("SITE_URL", "https://two words.example", "site_url"),
        ("DATABASE_URL", "mysql://host/db", "database"),
        ("DATABASE_URL", "postgres://host:abc/db", "database"),
        ("DATABASE_URL", "postgres://host", "database"),
        ("REDIS_URL", "http://host", "redis_url"),
        ("REDIS_URL", "redis://host:abc", "redis_url"),
        ("EMAIL_URL", "relay.example.org", "email"),
        ("EMAIL_URL", "smtp://host:abc", "email"),
        ("EMAIL_URL", "smtp://", "email"),
        ("EMAIL_URL_BULK", "bulk.example.org", "relays"),
        ("DEFAULT_FROM_EMAIL", "foo", "default_from"),
        ("DEFAULT_FROM_EMAIL", "Two, people <news@example.org>", "default_from"),
        ("TRUSTED_PROXIES", "everyone", "trusted_proxies"),
        ("OUTGOING_HTTP_ALLOW", "intranet", "outgoing_http_allow"),
        ("OUTGOING_HTTP_ALLOW", "intranet:x", "outgoing_http_allow"),
        ("OUTGOING_HTTP_ALLOW", "http://intranet:80", "outgoing_http_allow"),
        ("METRICS_TOKEN", "short", "metrics_token"),
        ("TOKEN_KEYS", "abc", "token_keys"),
        ("TOKEN_KEYS", "1=", "token_keys"),
        ("TOKEN_KEYS", f"1.2={'k' * 40}", "token_keys"),
        ("TOKEN_KEYS", f"1={'k' * 40},1={'l' * 40}", "token_keys"),
        ("TIME_ZONE", "America/Macondo", "time_zone"),
        ("DATA_DIR", "/dev/null/data", "data_dir"),
        ("RELAY_PER_MINUTE", "600/minute", "relay_limit"),
        ("RELAY_PER_HOUR", "-1", "relay_limit"),
        ("RELAY_BURST", "1.5", "relay_limit"),
    ],
)
def test_what_cannot_be_used_is_refused_everywhere(
    monkeypatch, tmp_path, others, name, value, use
):
    environment = set_to(monkeypatch, tmp_path, {**others, name: value})
    with pytest.raises(
        ImproperlyConfigured, match=f"^{name} must be .* See"
    ) as refused:
        getattr(environment, use)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "use"), [("PORT", "site_url"), ("SMTP_PORT", "email")]
)
@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "8000.5"])
def test_a_port_is_a_number(monkeypatch, tmp_path, name, use, value):
    environment = set_to(monkeypatch, tmp_path, {name: value})
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must be a number"):
        getattr(environment, use)


def test_a_variable_set_to_nothing_is_not_set(monkeypatch, tmp_path):
    names = dict.fromkeys(("PREGON_ENV", "PORT", "TIME_ZONE", "DATA_DIR"), "")
    environment = set_to(monkeypatch, tmp_path, names)
    assert not environment.production
    assert environment.time_zone == "America/Lima"
    assert environment.site_url == "http://127.0.0.1:8000"


def test_lists_may_have_spaces(monkeypatch, tmp_path):
    environment = set_to(
        monkeypatch,
        tmp_path,
        {
            "TRUSTED_PROXIES": "10.0.0.0/8, 192.168.0.0/16",
            "OUTGOING_HTTP_ALLOW": "Intranet:8080, [::1]:81",
            "TOKEN_KEYS": "new=a=, old=b",
        },
    )
    assert environment.trusted_proxies == ["10.0.0.0/8", "192.168.0.0/16"]
    assert environment.outgoing_http_allow == ["intranet:8080", "::1:81"]
    assert environment.token_keys == {"new": "a=", "old": "b"}


def test_mail_goes_to_the_catcher_unless_told_otherwise(monkeypatch, tmp_path):
    parser = mail_catcher.Command().create_parser("manage.py", "mail_catcher")
    default = set_to(monkeypatch, tmp_path, {}).email
    assert default["host"] == "127.0.0.1"
    assert default["port"] == parser.parse_args([]).smtp_port


def test_an_env_file_that_is_named_must_be_there(monkeypatch, tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"^ENV_FILE must be"):
        set_to(monkeypatch, tmp_path, {"ENV_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize("command", ["migrate", "send_status"])
def test_a_command_says_it_in_one_line(tmp_path, command):
    result = start(tmp_path, "manage.py", command, SITE_URL="https://x:abc")
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("SITE_URL must be")


def test_the_random_secret_is_kept_and_private(tmp_path):
    start(tmp_path)
    secret = tmp_path / "data" / "secret-key"
    first = secret.read_text()
    start(tmp_path)
    assert secret.read_text() == first
    assert secret.stat().st_mode & 0o777 == 0o600


def test_only_outside_production_the_site_may_ask_itself(monkeypatch, tmp_path):
    site = {"SITE_URL": "http://127.0.0.1:8300"}
    assert set_to(monkeypatch, tmp_path, site).outgoing_http_allow == ["127.0.0.1:8300"]
    assert set_to(monkeypatch, tmp_path, PRODUCTION).outgoing_http_allow == []


def test_a_further_relay_has_a_name_and_limits_of_its_own(monkeypatch, tmp_path):
    variables = {
        "EMAIL_URL_BULK": "smtps://user:secret@bulk.example.org",
        "RELAY_PER_HOUR_BULK": "500",
        "EMAIL_URL_OLD": "",
        "RELAY_PER_HOUR": "9",
    }
    ((name, (relay, limit)),) = set_to(monkeypatch, tmp_path, variables).relays.items()
    assert (name, relay["host"], relay["port"]) == ("bulk", "bulk.example.org", 465)
    assert limit == {"per_minute": 0, "burst": 0, "per_hour": 500}
