"""What the competitors' programs share: the least of a Django site that sends mail."""

from __future__ import annotations

import json
import os
import smtplib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import django.apps
from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.core.management import call_command

# Celery's worker has a command line of its own.
ARGUMENTS = os.environ.get("BENCH_ARGUMENTS", " ".join(sys.argv[1:])).split()


def start(apps: Sequence[str], **values: Any) -> tuple[int, dict[str, Any]]:
    """Set Django up on an empty SQLite database; how many to send, and the letter."""
    count, port, letter, folder = ARGUMENTS
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{folder}/peer.sqlite3",
    }
    settings.configure(
        SECRET_KEY="of no use here",  # noqa: S106
        INSTALLED_APPS=list(apps),
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(folder) / "templates"],
                "APP_DIRS": True,
            }
        ],
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=int(port),
        STATIC_URL="/static/",
        **values,
    )
    django.setup()
    if apps:
        labels = [config.label for config in django.apps.apps.get_app_configs()]
        settings.MIGRATION_MODULES = dict.fromkeys(labels)  # all tables at once
        call_command("migrate", run_syncdb=True, verbosity=0)
    DNS_NAME.get_fqdn()  # may take seconds, once for each process that sends
    return int(count), json.loads(Path(letter).read_text())


def addresses(count: int) -> Iterator[str]:
    """Everybody's address."""
    return (f"reader-{number}@lectores.example" for number in range(count))


def with_link(text: str, link: str) -> str:
    """The letter's text or HTML with one link to leave."""
    for slot in ("unsubscribe_url", "preferences_url"):
        text = text.replace(f"{{{{{slot}}}}}", link)
    return text


def write_template(name: str, text: str, link: str) -> None:
    """A template of the site."""
    file = Path(ARGUMENTS[3]) / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(with_link(text, link))


def timed(send: Callable[[], None]) -> None:
    """Send, and print how long it took."""
    began = time.perf_counter()
    send()
    print(json.dumps({"seconds": time.perf_counter() - began}))


def accepted() -> int:
    """How many mails the sink has accepted."""
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        _code, said = server.docmd("XSTAT")
    return int(said.decode().partition("accepted=")[2].split()[0])
