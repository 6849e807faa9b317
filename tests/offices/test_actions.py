"""From a source to a proposal to an editor's word."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.actions.publish_revision import PublishPermissionError

from offices import actions
from offices.comparing import fingerprint
from offices.errors import (
    ProposalDecidedError,
    ProposalInvalidError,
    ProposalStaleError,
)
from offices.models import Office, OfficeProposal, OfficeSource
from offices.sources import fields_read
from people import roles
from tests.offices.factories import make_office

NOW = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)
NEW_PHONE = "+51 1 4285555"


def says(**facts) -> bytes:
    """A source about the office."""
    return json.dumps(
        {"@type": "NGO", "email": "lima@oficinas.example", **facts}
    ).encode()


def row(office: Office) -> dict:
    """Everything the office's row holds."""
    return Office.objects.filter(pk=office.pk).values().get()


@pytest.fixture
def editor(db):
    """Someone who keeps offices."""
    roles.write_grants()
    user = get_user_model().objects.create_user("editor", "e@b.example", "pw")
    user.groups.add(roles.group_of(roles.OFFICE_KEEPER))
    return user


@pytest.fixture
def visitor(db):
    """Someone without any right."""
    return get_user_model().objects.create_user("visitor", "v@b.example", "pw")


@pytest.fixture
def proposal(office, source):
    """Two fields that differ."""
    source.body = says(telephone=NEW_PHONE, address="Jirón Ica 200")
    return actions.check_source(office=office, at=NOW).proposal


def test_a_difference_is_proposed_and_nothing_is_changed(office, source):
    before = row(office)
    source.body = says(telephone=NEW_PHONE)
    checked = actions.check_source(office=office, at=NOW)
    assert checked.is_ok
    assert checked.proposal.changes == {
        "phones": {"old": "+51 1 4280000", "new": NEW_PHONE}
    }
    assert row(office) == before


def test_another_spelling_of_the_same_is_no_difference(office, source):
    source.body = says(
        telephone="(01) 428-0000",
        email="LIMA@oficinas.example",
        geo={"latitude": -12.0464, "longitude": "-77.04280"},
        openingHours="Mo-Fr 9:00-18:00;PH off",
    )
    checked = actions.check_source(office=office, at=NOW)
    assert checked.is_ok
    assert checked.proposal is None


def test_the_second_look_is_conditional(office, source):
    source.body, source.headers = says(), {"ETag": '"v1"', "Last-Modified": "x"}
    actions.check_source(office=office, at=NOW)
    checked = actions.check_source(office=Office.objects.get(pk=office.pk), at=NOW)
    assert checked.is_ok
    assert source.asked[1]["If-None-Match"] == '"v1"'
    assert "If-None-Match" not in source.asked[0]


def test_an_office_edited_since_is_compared_although_the_source_did_not_change(
    office, source
):
    source.body, source.headers = says(telephone=office.phones), {"ETag": '"v1"'}
    assert actions.check_source(office=office, at=NOW).proposal is None
    office.phones = NEW_PHONE
    office.save()
    checked = actions.check_source(office=Office.objects.get(pk=office.pk), at=NOW)
    assert checked.proposal.changes == {
        "phones": {"old": NEW_PHONE, "new": "+51 1 4280000"}
    }


@pytest.mark.parametrize("field", fields_read())
def test_every_field_a_source_may_speak_of_counts(office, field):
    before = fingerprint(office)
    other = "1" if field in ("latitude", "longitude") else "Otra cosa"
    setattr(office, field, other)
    assert fingerprint(office) != before


def test_a_source_that_moved_or_is_checked_by_hand_is_asked_for_all(office, source):
    source.body, source.headers = says(), {"ETag": '"v1"'}
    actions.check_source(office=office, at=NOW)
    actions.check_source(office=office, at=NOW, force=True)
    office.source_url += "?moved"
    actions.check_source(office=office, at=NOW)
    assert all("If-None-Match" not in asked for asked in source.asked)
    assert len(source.asked) == 3


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"", "unreachable"),
        (500, b"", "unreachable"),
        (200, b" " * 1_000_001, "unreachable"),
        (200, b"{", "malformed"),
        (200, b"[]", "no_office"),
        (200, says(telephone="call us"), "invalid"),
        (200, says(telephone="+51 12"), "invalid"),
        (200, says(openingHours="Mo 25:00"), "invalid"),
        (200, says(email="nobody"), "invalid"),
        (200, says(geo={"latitude": "NaN", "longitude": 0}), "invalid"),
        (200, says(geo={"latitude": 912, "longitude": 0}), "invalid"),
        (200, says(address="x" * 900, openingHours="Mo 1:00"), "invalid"),
    ],
)
def test_a_dead_or_bad_source_changes_nothing(office, source, status, body, error):
    before = row(office)
    source.headers = {"ETag": '"bad"'}
    source.status, source.body = status, body
    checked = actions.check_source(office=office, at=NOW)
    assert checked.error == error
    assert row(office) == before
    assert not OfficeProposal.objects.exists()
    state = OfficeSource.objects.get(office=office)
    assert (state.last_error, state.last_ok_at, state.etag) == (error, None, "")


def test_a_source_outside_the_allowed_network_is_not_asked(office, source, settings):
    settings.OUTGOING_HTTP_ALLOW = []
    checked = actions.check_source(office=office, at=NOW)
    assert checked.error == "unreachable"
    assert not source.asked


def test_a_source_that_recovers_is_fine_again(office, source):
    source.status = 500
    actions.check_source(office=office, at=NOW)
    source.status, source.body = 200, says()
    actions.check_source(office=office, at=NOW)
    state = OfficeSource.objects.get(office=office)
    assert (state.last_error, state.last_error_detail) == ("", "")
    assert state.last_ok_at == NOW


def test_the_same_difference_is_proposed_once(office, source, proposal):
    again = actions.check_source(office=office, at=NOW, force=True)
    assert again.proposal == proposal
    assert OfficeProposal.objects.count() == 1


def test_a_new_difference_replaces_the_open_one(office, source, proposal):
    source.body = says(telephone="+51 1 4286666")
    newer = actions.check_source(office=office, at=NOW).proposal
    proposal.refresh_from_db()
    assert proposal.state == OfficeProposal.State.OUTDATED
    assert set(newer.changes) == {"phones"}


def test_a_difference_that_is_gone_is_no_longer_open(office, source, proposal):
    source.body = says()
    assert actions.check_source(office=office, at=NOW).proposal is None
    assert not OfficeProposal.objects.filter(state="open").exists()


def test_accepting_publishes_the_values_with_a_revision(office, proposal, editor):
    actions.accept_proposal(proposal=proposal, by=editor)
    office.refresh_from_db()
    assert (office.phones, office.address) == (NEW_PHONE, "Jirón Ica 200")
    assert office.live
    assert not office.has_unpublished_changes
    assert office.live_revision.user == editor
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("accepted", editor)


def test_accepting_leaves_a_half_done_draft_a_draft(office, proposal, editor):
    draft = Office.objects.get(pk=office.pk)
    draft.name_es, draft.notes_en = "Oficina nueva, quizás", "Half"
    draft.save_revision()
    actions.accept_proposal(proposal=proposal, by=editor)
    office.refresh_from_db()
    assert office.phones == NEW_PHONE
    assert office.name_es == "Oficina de Lima"
    assert office.has_unpublished_changes
    draft = office.get_latest_revision_as_object()
    assert (draft.name_es, draft.notes_en) == ("Oficina nueva, quizás", "Half")
    assert draft.phones == NEW_PHONE


def test_nobody_publishes_without_the_right_to(office, proposal, visitor):
    with pytest.raises(PublishPermissionError):
        actions.accept_proposal(proposal=proposal, by=visitor)
    office.refresh_from_db()
    proposal.refresh_from_db()
    assert (office.phones, proposal.state) == ("+51 1 4280000", "open")


def test_one_field_may_be_accepted_and_the_other_rejected(office, proposal, editor):
    actions.accept_proposal(proposal=proposal, by=editor, fields=["phones"])
    proposal.refresh_from_db()
    assert (proposal.state, set(proposal.changes)) == ("open", {"address"})
    actions.reject_proposal(proposal=proposal, by=editor, fields=["address"])
    office.refresh_from_db()
    assert (office.phones, office.address) == (NEW_PHONE, "Jirón de la Unión 100")
    states = OfficeProposal.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == ["accepted", "rejected"]


def test_what_was_rejected_is_not_proposed_again(office, source, proposal, editor):
    actions.reject_proposal(proposal=proposal, by=editor)
    assert actions.check_source(office=office, at=NOW, force=True).proposal is None
    source.body = says(telephone=NEW_PHONE, address="Jirón Ica 300")
    newer = actions.check_source(office=office, at=NOW, force=True).proposal
    assert set(newer.changes) == {"address"}


def test_nobody_decides_twice(proposal, editor):
    actions.reject_proposal(proposal=proposal, by=editor)
    with pytest.raises(ProposalDecidedError):
        actions.accept_proposal(proposal=proposal, by=editor)


@pytest.mark.parametrize("fields", [[], ["email"], ["phones", "position"]])
def test_only_fields_that_were_proposed_are_decided(proposal, editor, fields):
    with pytest.raises(ProposalDecidedError):
        actions.accept_proposal(proposal=proposal, by=editor, fields=fields)


def test_an_office_that_changed_meanwhile_is_not_overwritten(office, proposal, editor):
    Office.objects.filter(pk=office.pk).update(phones="+51 1 4287777")
    with pytest.raises(ProposalStaleError):
        actions.accept_proposal(proposal=proposal, by=editor)
    office.refresh_from_db()
    assert office.phones == "+51 1 4287777"
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_values_that_became_impossible_are_not_accepted(office, proposal, editor):
    proposal.changes["phones"]["new"] = "not a phone"
    proposal.save()
    with pytest.raises(ProposalInvalidError):
        actions.accept_proposal(proposal=proposal, by=editor)
    office.refresh_from_db()
    assert office.phones == "+51 1 4280000"


def test_a_round_asks_only_live_offices_with_a_source_that_are_due(office, source):
    make_office(source_url=source.url, live=False)
    make_office()
    assert actions.due_sources(at=NOW) == [office.pk]
    source.body = says()
    assert actions.check_due_source(office_pk=office.pk, at=NOW).is_ok
    soon, later = (NOW + dt.timedelta(minutes=m) for m in (359, 361))
    assert actions.due_sources(at=soon) == []
    assert actions.check_due_source(office_pk=office.pk, at=soon) is None
    assert actions.due_sources(at=later) == [office.pk]
    assert actions.check_due_source(office_pk=office.pk, at=later).is_ok


def test_a_source_that_failed_is_asked_again_after_an_hour(office, source):
    source.status = 500
    assert not actions.check_due_source(office_pk=office.pk, at=NOW).is_ok
    soon, later = (NOW + dt.timedelta(minutes=m) for m in (59, 61))
    assert actions.due_sources(at=soon) == []
    assert actions.check_due_source(office_pk=office.pk, at=soon) is None
    assert actions.due_sources(at=later) == [office.pk]


def test_two_beats_at_once_ask_each_source_once(office, source):
    source.body = says()
    first = actions.check_due_source(office_pk=office.pk, at=timezone.now())
    second = actions.check_due_source(office_pk=office.pk, at=timezone.now())
    assert (first.is_ok, second) == (True, None)
    assert len(source.asked) == 1


def test_an_office_that_is_gone_is_passed_over(db):
    assert actions.check_due_source(office_pk=4711, at=NOW) is None
