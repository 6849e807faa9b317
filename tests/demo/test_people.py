"""Demo logins: random, private, the same on every start, never in production."""

from __future__ import annotations

import json
import stat

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from demo.errors import ProductionError
from demo.people import FILE, PEOPLE, ensure_demo_users

pytestmark = pytest.mark.django_db


def test_everyone_can_log_in_with_the_password_shown(tmp_path):
    request = RequestFactory().post("/cms/login/")
    for login in ensure_demo_users(tmp_path):
        found = authenticate(request, username=login.username, password=login.password)
        assert found is not None
        assert found.has_perm("wagtailadmin.access_admin")
        assert not found.is_superuser


def test_passwords_stay_and_only_the_owner_can_read_them(tmp_path):
    first = ensure_demo_users(tmp_path)
    assert ensure_demo_users(tmp_path) == first
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_another_folder_has_other_passwords(tmp_path):
    here = ensure_demo_users(tmp_path / "a")
    get_user_model().objects.all().delete()
    there = ensure_demo_users(tmp_path / "b")
    assert not {login.password for login in here} & {login.password for login in there}


def test_a_lost_file_gives_new_passwords_to_the_same_people(tmp_path):
    ensure_demo_users(tmp_path)
    (tmp_path / FILE).unlink()
    ensure_demo_users(tmp_path)
    assert get_user_model().objects.count() == len(PEOPLE)
    assert len(json.loads((tmp_path / FILE).read_text())) == len(PEOPLE)


def test_production_refuses_them(tmp_path, settings):
    settings.PRODUCTION = True
    with pytest.raises(ProductionError):
        ensure_demo_users(tmp_path)
    with pytest.raises(CommandError, match="production"):
        call_command("demo_logins")
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(("production", "is_in"), [(False, True), (True, False)])
def test_production_lets_nobody_of_the_demo_in(tmp_path, settings, production, is_in):
    request = RequestFactory().post("/cms/login/")
    logins = ensure_demo_users(tmp_path)
    settings.PRODUCTION = production
    for login in logins:
        found = authenticate(request, username=login.username, password=login.password)
        assert (found is not None) == is_in


@pytest.mark.parametrize(("production", "status"), [(False, 200), (True, 302)])
def test_production_ends_the_sessions_of_the_demo(
    tmp_path, settings, client, production, status
):
    login = ensure_demo_users(tmp_path)[0]
    known = {"username": login.username, "password": login.password}
    client.post("/cms/login/", known)
    settings.PRODUCTION = production
    assert client.get("/cms/account/").status_code == status


def test_a_real_person_is_let_in_under_any_name(settings):
    settings.PRODUCTION = True
    user = get_user_model().objects.create_user(
        "editor", "daniel@centre.org", "a-real-password"
    )
    request = RequestFactory().post("/cms/login/")
    found = authenticate(request, username="editor", password="a-real-password")
    assert found == user


def test_the_command_prints_them(tmp_path, settings, capsys):
    settings.DATA_DIR = tmp_path
    logins = ensure_demo_users(tmp_path)
    call_command("demo_logins")
    printed = capsys.readouterr().out
    assert all(f"{each.username}" in printed for each in logins)
    assert all(each.password in printed for each in logins)


def test_the_command_says_when_there_are_none(tmp_path, settings, capsys):
    settings.DATA_DIR = tmp_path
    call_command("demo_logins")
    assert "load_demo" in capsys.readouterr().out
