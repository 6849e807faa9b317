"""The proxy of docker-compose.yml before a site: TLS, HTTP/2, pictures off the disk."""

from __future__ import annotations

import os
import re
import ssl
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest

from scripts.servers import free_port
from tests.browser.conftest import Site
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
# Its certificate is its own: what looks through it must not ask who signed that.
BROWSER_FLAG = "--ignore-certificate-errors"


@contextmanager
def proxied(site: Site) -> Iterator[str]:
    """The address at which Caddy, with our Caddyfile, serves this site."""
    caddy = which("caddy") or pytest.fail("Run scripts/install audit first.")
    url = f"https://127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="pregon-proxy-") as folder:
        file = Path(folder, "Caddyfile")
        file.write_text(here(site, Path(folder)))
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(
                [caddy, "run", "--config", str(file), "--adapter", "caddyfile"],
                env={**os.environ, "SITE_URL": url, "HOME": folder},
                stdout=log,
                stderr=log,
            )
        try:
            printed = Path(folder, "log").read_text
            wait_until(lambda: answers(url, process), url, every_s=0.2, explain=printed)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def here(site: Site, folder: Path) -> str:
    """Our Caddyfile with the names of containers, and what only they may, replaced."""
    text = (ROOT / "deploy/Caddyfile").read_text()
    local = "admin off\n\tskip_install_trust\n\tauto_https disable_redirects"
    for name, instead in {
        "{\n": f"{{\n\t{local}\n\tstorage file_system {folder}\n",
        "/data/pregon/media": str(site.data_dir / "media"),
        "reverse_proxy web:8000 {": f"reverse_proxy 127.0.0.1:{site.port} {{\n"
        f"\t\t\theader_up Host 127.0.0.1:{site.port}",
        **in_words_of(caddy_version()),
    }.items():
        assert name in text, f"deploy/Caddyfile has no {name!r} any more"
        text = text.replace(name, instead, 1 if name == "{\n" else -1)
    return text


def caddy_version() -> tuple[int, ...]:
    """Such as (2, 6), of 2.6.2 or of v2.10.0 and a digest."""
    told = subprocess.run(["caddy", "version"], capture_output=True, text=True)
    return tuple(int(part) for part in re.findall(r"\d+", told.stdout)[:2])


def in_words_of(version: tuple[int, ...]) -> dict[str, str]:
    """What an older Caddy says in another way: Debian 12 has 2.6."""
    return {} if version >= (2, 7) else {"request_buffers 64KiB": "buffer_requests"}


def answers(url: str, process: subprocess.Popen) -> bool:
    """Whether the site can be had through the proxy by now."""
    assert process.poll() is None, "the proxy has ended: does it know our Caddyfile?"
    trusting = ssl._create_unverified_context()  # noqa: S323
    try:
        urllib.request.urlopen(f"{url}/healthz", context=trusting)  # noqa: S310
    except OSError:
        return False
    return True
