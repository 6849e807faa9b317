"""The profile `try`: a catcher in place of a relay, and never in production."""

from __future__ import annotations

import json
import smtplib
import subprocess
import urllib.request
from email.message import EmailMessage

import pytest

from tests.deploy.compose import ROOT, Services
from tests.deploy.test_compose_commands import DOTENV

NOT_ASKED = ("postgres://pregon@127.0.0.1:9/pregon", "redis://127.0.0.1:9/0")
# What docs/operators.md tells those to write who try it out.
TRYING = {
    "PREGON_ENV": "development",
    "SITE_URL": "http://localhost",
    "POSTGRES_PASSWORD": "only-for-trying",
    "EMAIL_URL": "smtp://catcher:2525",
}


@pytest.fixture
def trying(tmp_path):
    services = Services(tmp_path, *NOT_ASKED, TRYING)
    yield services
    services.close()


def test_the_guide_says_what_is_tried_here():
    guide = (ROOT / "docs/operators.md").read_text()
    assert "\n".join(f"{name}={value}" for name, value in TRYING.items()) in guide


def test_web_and_worker_reach_the_catcher_by_its_name(trying):
    address = f"smtp://127.0.0.1:{trying.ports['2525']}"
    assert trying.here(TRYING["EMAIL_URL"]) == address
    for name in ("web", "worker"):
        assert trying.environment(name)["EMAIL_URL"] == address
        assert trying.environment(name)["PREGON_ENV"] == "development"
    assert "network_mode" not in trying.every["catcher"]


def test_the_catcher_takes_a_mail_and_shows_it(trying):
    trying.start("catcher")
    trying.wait_until_healthy("catcher")
    message = EmailMessage()
    message["From"], message["To"] = "news@centro.example", "ana@centro.example"
    message["Subject"] = "Confirme su suscripción"
    with smtplib.SMTP("127.0.0.1", int(trying.ports["2525"])) as client:
        client.send_message(message)
    inbox = f"http://127.0.0.1:{trying.ports['8025']}/messages.json"
    with urllib.request.urlopen(inbox) as answer:
        (mail,) = json.load(answer)
    assert mail["subject"] == "Confirme su suscripción"
    assert trying.stop("catcher") == 0


def test_in_production_the_catcher_refuses_in_one_line(tmp_path):
    services = Services(tmp_path, *NOT_ASKED, DOTENV)
    result = subprocess.run(
        services.command("catcher"),
        cwd=ROOT,
        env=services.environment("catcher"),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert "never runs in production" in result.stderr
    assert len(result.stderr.splitlines()) == 1
