"""What docker-compose.yml shows to whom, as it stands without a `.env`."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
import yaml

from tests.deploy.compose import fill_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def services() -> dict:
    given = {"SITE_URL": "https://news.example.org", "POSTGRES_PASSWORD": "secret"}
    text = fill_in((ROOT / "docker-compose.yml").read_text(), given)
    return yaml.safe_load(text)["services"]


def test_the_proxy_sees_pictures_and_nothing_else_of_ours(services):
    volumes = [volume.split(":")[0] for volume in services["proxy"]["volumes"]]
    assert {volume for volume in volumes if not volume.startswith("./")} == {
        "media",
        "caddy",
    }
    for name in ("prepare", "web", "worker"):
        assert "media:/data/media" in services[name]["volumes"]


def test_only_the_proxy_is_published_beyond_loopback(services):
    published = {
        name: port for name, one in services.items() for port in one.get("ports", [])
    }
    assert published.pop("proxy")
    assert published == {"catcher": "127.0.0.1:8025:8025"}


def test_the_networks_that_docker_makes_are_trusted(services):
    """Docker's default pools (moby, daemon/libnetwork/ipamutils)."""
    given = services["web"]["environment"]["TRUSTED_PROXIES"]
    trusted = [ip_network(network) for network in given.split(",")]
    for pool in (*(f"172.{n}.0.0/16" for n in range(17, 32)), "192.168.0.0/16"):
        assert any(ip_network(pool).subnet_of(network) for network in trusted), pool
