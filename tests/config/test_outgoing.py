"""Nothing leaves the server but through guards.http."""

from __future__ import annotations

import socket

import pytest
from django.urls import reverse

from tests.pages.factories import make_person

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.fixture
def asked(monkeypatch):
    """The hosts whose address is asked for."""
    hosts: list[str] = []
    known = socket.getaddrinfo

    def note(host, *args, **kwargs):
        hosts.append(str(host))
        return known(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    return hosts


@pytest.mark.django_db
def test_the_embed_chooser_asks_no_other_site(client, asked):
    client.force_login(make_person("ana", "editor"))
    answer = client.post(
        reverse("wagtailembeds:chooser_upload"), {"embed-chooser-url": FILM}
    )
    assert answer.json()["step"] == "chooser"
    assert "error-message" in answer.json()["html"]
    assert [host for host in asked if "youtube" in host] == []
