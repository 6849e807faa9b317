"""Beat, worker and command: thin ways to the same actions."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from config.celery import app
from offices.models import OfficeProposal, OfficeSource
from offices.tasks import check_one_source, check_sources
from tests.offices.factories import make_office
from tests.offices.test_actions import NEW_PHONE, says


@pytest.fixture
def eager(settings):
    """Tasks run where they are called."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.mark.usefixtures("eager")
def test_a_round_run_twice_asks_and_proposes_once(office, source):
    source.body = says(telephone=NEW_PHONE)
    check_sources()
    check_sources()
    check_one_source(office.pk)
    assert len(source.asked) == 1
    assert OfficeProposal.objects.count() == 1


@pytest.mark.usefixtures("eager")
def test_one_dead_source_does_not_stop_the_others(office, source):
    dead = make_office(source_url="http://127.0.0.1:1/", position=0)
    office.position = 1
    office.save()
    source.body = says(telephone=NEW_PHONE)
    check_sources()
    assert OfficeSource.objects.get(office=dead).last_error == "unreachable"
    assert OfficeProposal.objects.get().office == office


def test_the_command_says_what_each_source_brought(office, source, capsys):
    source.body = says(telephone=NEW_PHONE)
    call_command("sync_offices")
    out = capsys.readouterr().out
    assert out == f"{office.pk} Oficina de Lima: proposed phones\n"


def test_the_command_asks_one_source_and_needs_it_to_exist(office, source, capsys):
    other = make_office(source_url=source.url)
    source.body = says()
    call_command("sync_offices", source=other.pk)
    assert capsys.readouterr().out == f"{other.pk} Oficina de Lima: ok\n"
    assert len(source.asked) == 1
    with pytest.raises(CommandError) as refused:
        call_command("sync_offices", source=4711)
    assert refused.value.returncode == 1


def test_the_command_fails_when_a_source_could_not_be_read(office, source):
    source.status = 500
    with pytest.raises(CommandError) as refused:
        call_command("sync_offices")
    assert refused.value.returncode == 2
