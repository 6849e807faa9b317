"""Guessing passwords is slow, and only who guesses is kept out."""

from __future__ import annotations

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from tests.pages.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

HOME = "203.0.113.5"
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def person():
    return make_person("ana", "editor")


def log_in(client, password, address=None, language="en"):
    data = {"username": "ana", "password": password}
    headers = {"Accept-Language": language}
    if address:
        headers["X-Forwarded-For"] = address
    return client.post(reverse("wagtailadmin_login"), data, headers=headers)


def guess(client, settings, address=None):
    for number in range(settings.AXES_FAILURE_LIMIT):
        response = log_in(client, f"wrong {number}", address)
    return response


def is_in(client):
    return client.get(reverse("wagtailadmin_home")).status_code == 200


def test_after_too_many_wrong_passwords_the_right_one_is_refused(
    person, client, settings
):
    assert guess(client, settings).status_code == 429
    response = log_in(client, PASSWORD)
    assert response.status_code == 429
    assert not is_in(client)
    html = response.content.decode()
    assert "Too many attempts" in html
    assert reverse("wagtailadmin_password_reset") in html


def test_one_wrong_password_less_is_forgiven(person, client, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, "wrong").status_code == 200
    assert log_in(client, PASSWORD).status_code == 302
    assert is_in(client)


def test_the_refusal_speaks_the_language_of_who_is_refused(person, client, settings):
    guess(client, settings)
    html = log_in(client, PASSWORD, language="es").content.decode()
    assert "Demasiados intentos" in html


def test_the_login_opens_again_after_a_quarter_of_an_hour(person, client, settings):
    guess(client, settings)
    attempt = AccessAttempt.objects.get()
    attempt.attempt_time -= dt.timedelta(minutes=16)
    attempt.save()
    assert log_in(client, PASSWORD).status_code == 302


def test_behind_our_proxy_only_the_guessers_own_address_is_shut(
    person, client, settings
):
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    guess(client, settings, HOME)
    assert AccessAttempt.objects.get().ip_address == HOME
    assert log_in(client, PASSWORD, HOME).status_code == 429
    assert log_in(client, PASSWORD, ELSEWHERE).status_code == 302
    assert is_in(client)


def test_without_a_proxy_a_forged_address_opens_nothing(person, client, settings):
    settings.TRUSTED_PROXIES = []
    guess(client, settings, HOME)
    assert AccessAttempt.objects.get().ip_address == "127.0.0.1"
    assert log_in(client, PASSWORD, ELSEWHERE).status_code == 429
