"""X-Forwarded-Proto counts from a trusted proxy and from nobody else."""

from __future__ import annotations

import pytest


@pytest.fixture
def https_site(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = []


@pytest.mark.parametrize(
    ("peer", "protocol", "is_secure"),
    [
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "http", False),
        ("9.9.9.9", "https", False),
        ("", "https", False),
    ],
)
def test_only_a_trusted_proxy_says_that_a_reader_came_by_https(
    https_site, client, peer, protocol, is_secure
):
    answer = client.get("/healthz", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO=protocol)
    assert answer.status_code == (200 if is_secure else 301)
