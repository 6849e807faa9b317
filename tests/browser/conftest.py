"""A whole site as `make up` runs it, and a real Chromium to use it with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.servers import free_port
from tests.migrated import made_once
from tests.processes import descendants, left_of

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a page shows of other sites is never fetched: traffic stays on this machine.
ON_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
START_S = 240


@dataclass
class Site:
    """A running site: its addresses, its data folder and its processes."""

    port: int
    inbox_port: int
    data_dir: Path
    environment: dict[str, str]
    process: subprocess.Popen | None = None
    logins: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The site's own address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def inbox_url(self) -> str:
        """The mail catcher's address."""
        return f"http://127.0.0.1:{self.inbox_port}"

    def start(self) -> None:
        """Run what `make up` runs and wait until web, worker and beat are ready."""
        with (self.data_dir / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/up.py"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return once /readyz says 200; fail with the log where it never does."""
        deadline = time.monotonic() + START_S
        said = ""
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=3)  # noqa: S310
                return
            except OSError as error:
                if isinstance(error, urllib.error.HTTPError):
                    said = error.read().decode()
                assert self.process
                assert self.process.poll() is None, self.log_text()
                time.sleep(0.5)
        raise AssertionError(f"{said}\n{self.log_text()}")

    def log_text(self) -> str:
        """The last of what was printed, but for who asked whether all is up."""
        lines = (self.data_dir / "up.log").read_text().splitlines()
        return "\n".join(line for line in lines if "/readyz" not in line)[-4000:]

    def stop(self) -> None:
        """End the supervisor as Ctrl-C does; it leaves none of its children behind."""
        if self.process and self.process.poll() is None:
            children = descendants(self.process.pid)
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
            assert left_of(children) == [], self.log_text()

    def messages(self, address: str = "") -> list[dict]:
        """What the catcher holds, newest first; only to `address` where given."""
        with urllib.request.urlopen(f"{self.inbox_url}/messages.json") as answer:  # noqa: S310
            found = json.load(answer)
        return [message for message in found if address in str(message)]

    def wait_for_message(
        self, address: str, subject: str, timeout_s: float = 60
    ) -> dict:
        """The newest message to `address` whose subject contains `subject`."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for message in self.messages(address):
                if subject in message["subject"]:
                    return message
            time.sleep(0.3)
        there = [(message["to"], message["subject"]) for message in self.messages()]
        raise AssertionError(f"no mail {subject!r} to {address}: {there}")

    def manage(self, *arguments: str) -> str:
        """Run a management command against this site; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture(scope="package")
def database_url() -> Iterator[str | None]:
    """A database of its own on the PostgreSQL server under test, or none."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield None
        return
    name = f"story_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.rsplit("/", 1)[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="package")
def site(database_url: str | None, migrated_folder: Path) -> Iterator[Site]:
    """The demo site, started once for all browser tests, with tables made before."""
    with tempfile.TemporaryDirectory(prefix="pregon-browser-") as folder:
        port, smtp_port, inbox_port = free_port(), free_port(), free_port()
        environment = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "SITE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        environment |= {"PORT": str(port), "DATA_DIR": folder}
        environment |= {
            "SITE_URL": f"http://127.0.0.1:{port}",
            "SMTP_PORT": str(smtp_port),
            "INBOX_PORT": str(inbox_port),
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "SECURITY_CONTACT": "security@example.org",
        }
        if database_url:
            environment["DATABASE_URL"] = database_url
        else:
            shutil.copy(made_once(migrated_folder), Path(folder, "pregon.sqlite3"))
        running = Site(port, inbox_port, Path(folder), environment)
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the tests are skipped, but never in CI.

    Closed after the last browser test: while it runs, Django takes this thread for
    one with an event loop and refuses the database.
    """
    chromium = which("chromium")
    if not chromium:
        if os.environ.get("CI"):
            pytest.fail("CI needs chromium")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=[*CHROMIUM_FLAGS, ON_LOOPBACK]
        )
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator:
    """`open_page(locale="es", width=1280)`: a page in a browser of its own."""
    contexts: list[BrowserContext] = []

    def new(locale: str = "es", width: int = 1280, **options) -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale=locale,
            viewport={"width": width, "height": 900},
            **options,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield new
    for context in contexts:
        context.close()
