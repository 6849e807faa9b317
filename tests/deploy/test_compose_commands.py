"""Every command line of docker-compose.yml, run for real on PostgreSQL and Redis."""

from __future__ import annotations

import http.client
import json
import os
import uuid
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis

from tests.deploy.compose import Services

FOREIGN = {"postgres", "redis", "proxy"}  # other people's images: not ours to run
HOST = "news.example.org"
DOTENV = {
    "SITE_URL": f"https://{HOST}",
    "POSTGRES_PASSWORD": "secret",
    "SECRET_KEY": "k" * 60,
    "SUPPRESSION_KEY": "s" * 60,
    "EMAIL_URL": "smtp+tls://relay.example.org",
    "DEFAULT_FROM_EMAIL": "Newsroom <news@example.org>",
    "TRUSTED_PROXIES": "127.0.0.0/8",  # here the proxy is this process
}

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("compose"),
]


@pytest.fixture(scope="module")
def database_url():
    """An empty database of its own on the PostgreSQL server under test."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres") or not os.environ.get("REDIS_URL"):
        pytest.skip("needs PostgreSQL and Redis: make test-postgres")
    name = f"compose_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def own_redis(url: str) -> str:
    """An emptied database of its own on this server for each pytest process."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    own = urlunsplit(urlsplit(url)._replace(path=f"/{8 + int(process) % 8}"))
    with redis.from_url(own) as server:
        server.flushdb()
    return own


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, database_url):
    """Services of ours after those that prepare have ended."""
    broker = own_redis(os.environ["REDIS_URL"])
    services = Services(
        tmp_path_factory.mktemp("compose"), database_url, broker, DOTENV
    )
    try:
        for name in once(services):
            services.run_once(name)
        yield services
    finally:
        services.close()


@pytest.fixture
def services(prepared):
    """All services of ours run; those that a test stopped are started again."""
    for name in lasting(prepared):
        if not prepared.is_running(name):
            prepared.start(name)
    return prepared


def once(services: Services) -> list[str]:
    return [name for name, one in services.ours.items() if one["restart"] == "no"]


def lasting(services: Services) -> list[str]:
    """What runs in production; the catcher does not (test_compose_trying)."""
    return [
        name
        for name, one in services.ours.items()
        if one["restart"] != "no" and "profiles" not in one
    ]


def get(services: Services, path: str, **headers: str) -> tuple[int, dict, bytes]:
    """What the web service answers to the proxy."""
    port = int(services.ports["8000"])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": HOST} | headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def by_proxy(services: Services, path: str) -> tuple[int, dict, bytes]:
    return get(services, path, **{"X-Forwarded-Proto": "https"})


def test_every_service_is_ours_or_foreign(services):
    assert services.every.keys() - services.ours.keys() == FOREIGN
    assert {"prepare", "web", "worker", "beat", "catcher"} <= services.ours.keys()


def test_every_lasting_service_runs_and_passes_its_own_health_check(services):
    for name in lasting(services):
        services.wait_until_healthy(name)
    assert services.processes.keys() == set(lasting(services))


def test_web_answers_the_proxy(services):
    services.wait_until_healthy("web")
    assert by_proxy(services, "/healthz")[0] == 200


def test_web_sends_readers_to_https_unless_they_came_by_it(services):
    services.wait_until_healthy("web")
    status, headers, _body = get(services, "/")
    assert (status, headers["location"]) == (301, f"https://{HOST}/")
    _status, headers, _body = by_proxy(services, "/")
    assert not headers.get("location", "").startswith("https:")


def test_web_refuses_a_foreign_host(services):
    services.wait_until_healthy("web")
    assert get(services, "/", Host="elsewhere.example")[0] == 400


def test_web_is_ready_once_beat_and_worker_have_beaten(services):
    services.wait_for("web", lambda: is_ready(services))
    _status, _headers, body = by_proxy(services, "/readyz")
    assert json.loads(body) == {"database": True, "broker": True, "beat": True}


def is_ready(services: Services) -> bool:
    try:
        return by_proxy(services, "/readyz")[0] == 200
    except OSError:
        return False


def test_prepared_files_lie_in_the_data_folder(services):
    data = services.folder / "data"
    assert list(data.glob("static/staticfiles.json"))
    assert list(data.glob("locale/es/LC_MESSAGES/*.mo"))


def test_sigterm_stops_every_service_cleanly(services):
    for name in lasting(services):
        services.wait_until_healthy(name)
    ended = {name: services.stop(name) for name in reversed(lasting(services))}
    assert ended == dict.fromkeys(lasting(services), 0), [
        services.log(name) for name, code in ended.items() if code
    ]
    for name in lasting(services):  # for the tests that come after this one
        services.start(name)
