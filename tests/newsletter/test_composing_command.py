from __future__ import annotations

import json
from email import message_from_bytes, policy

import pytest
from django.core.management import CommandError, call_command

from newsletter.models import Dispatch, Newsletter, Subscriber
from tests.newsletter.issues import SmallSite
from tests.newsletter.sending import a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    site = SmallSite()
    a_reader(site.newsletter, "ana", "es")
    a_reader(site.newsletter, "leo", "es", state="pending", confirmed_at=None)
    return site.issue(site.story("Agua"))


def test_a_rehearsal_writes_the_mails_and_sends_nothing(
    issue, tmp_path, capsys, mailoutbox
):
    call_command("send_issue", str(issue.pk), rehearsal=tmp_path / "new")
    out = capsys.readouterr().out
    assert "es\t1" in out
    assert "en\t0" in out
    assert "excluded pending\t1" in out
    assert not Dispatch.objects.exists()
    assert not mailoutbox
    files = sorted((tmp_path / "new").glob("*.eml"))
    assert len(files) == 2
    mail = message_from_bytes(files[1].read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Noviembre en la sierra"
    assert mail["List-Id"].endswith("<general.testserver>")
    assert mail["List-Unsubscribe"] == "<http://testserver/u/TEST/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == f"<rehearsal.{issue.pk}.es@pregon.example>"
    assert mail["Content-Language"] == "es"
    for part in mail.iter_parts():
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
    assert mail.get_body(("plain",)).get_content().startswith("Boletín general")
    assert 'lang="es"' in mail.get_body(("html",)).get_content()


def test_a_rehearsal_reports_counts_sizes_and_problems(issue, tmp_path):
    call_command("send_issue", str(issue.pk), rehearsal=tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    size = (tmp_path / f"issue-{issue.pk}-es.eml").stat().st_size
    assert report["recipients"] == {"es": 1, "en": 0}
    assert report["excluded"] == {"pending": 1}
    assert report["bytes"]["es"] == report["bytes_in_all"] == size
    assert report["written"] == {}
    assert [problem["code"] for problem in report["problems"]] == []


def test_a_rehearsal_for_everyone_writes_everyones_mail(issue, tmp_path):
    newsletter = Newsletter.objects.get()
    for name in ("eva", "tom"):
        a_reader(newsletter, name, "en")
    a_reader(newsletter, "lost", "en")
    Subscriber.objects.filter(address__startswith="lost").update(address="no address")
    call_command("send_issue", str(issue.pk), rehearsal=tmp_path, everyone=True)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["written"] == {"es": 1, "en": 2}
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((tmp_path / "en").iterdir())
    ]
    people = {mail["To"] for mail in mails}
    assert people == {"eva@lectores.example", "tom@lectores.example"}
    assert len({mail["Message-ID"] for mail in mails}) == 2
    assert {mail["List-Unsubscribe"] for mail in mails} == {
        "<http://testserver/u/TEST/>"
    }
    assert not Dispatch.objects.exists()


def test_a_rehearsal_no_mail_can_be_made_of_is_refused(issue, tmp_path):
    newsletter = Newsletter.objects.get()
    newsletter.from_address = "ñandú@pregon.example"
    newsletter.save()
    with pytest.raises(CommandError) as refused:
        call_command("send_issue", str(issue.pk), rehearsal=tmp_path)
    assert refused.value.returncode == 1


def test_sending_starts_and_a_second_time_is_refused(issue, capsys):
    call_command("send_issue", str(issue.pk))
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "sending"
    assert str(dispatch.pk) in capsys.readouterr().out
    with pytest.raises(CommandError) as refused:
        call_command("send_issue", str(issue.pk))
    assert refused.value.returncode == 3
    assert Dispatch.objects.count() == 1


@pytest.mark.usefixtures("no_broker")
def test_without_a_broker_sending_starts_and_nothing_is_raised(
    issue, capsys, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("send_issue", str(issue.pk))
    assert Dispatch.objects.get().state == "sending"
    assert str(Dispatch.objects.get().pk) in capsys.readouterr().out


def test_an_unknown_issue_is_refused_in_one_line():
    with pytest.raises(CommandError) as refused:
        call_command("send_issue", "99999")
    assert refused.value.returncode == 2


def test_an_issue_with_nothing_to_send_is_refused(db):
    issue = SmallSite().issue()
    with pytest.raises(CommandError) as refused:
        call_command("send_issue", str(issue.pk))
    assert refused.value.returncode == 1
