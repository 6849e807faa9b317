from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.delivery.message import unstuffed
from newsletter.dispatching.running import dispatches_to_wake
from newsletter.models import Dispatch, Subscription, Suppression, address_hash
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite, publish
from tests.newsletter.sending import a_reader, begun, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SmallSite(fallback_rule="link")


@pytest.fixture
def issue(site):
    return site.issue(site.story("Agua"), site.story("Maíz", "es"))


@pytest.fixture
def readers(site):
    for name, lang in (("ana", "es"), ("eva", "es"), ("tom", "en")):
        a_reader(site.newsletter, name, lang)
    a_reader(site.newsletter, "leo", "en", state="pending", confirmed_at=None)
    a_reader(site.newsletter, "mia", "es", health="bounced")


@pytest.fixture
def sender(client):
    user = person(roles.NEWSLETTER_SENDER)
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    user = person(roles.EDITOR)
    client.force_login(user)
    return user


def send_url(issue):
    return reverse("issue_sending:send", args=[issue.pk])


def test_url(issue):
    return reverse("issue_sending:test", args=[issue.pk])


test_url.__test__ = False


@pytest.fixture
def relay(settings, sink):
    """The mail server that EMAIL_URL names."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    return sink


def mails_of(relay):
    """What the mail server took, as a mail program reads it."""
    return [
        message_from_bytes(unstuffed(data), policy=default) for _to, data in relay.mails
    ]


def test_a_test_goes_to_the_editor_in_both_languages(client, issue, editor, relay):
    answer = client.post(test_url(issue), follow=True)
    assert editor.email in answer.content.decode()
    assert [to for to, _data in relay.mails] == [editor.email] * 2
    spanish, english = mails_of(relay)
    assert spanish["Subject"] == "[PRUEBA] Noviembre en la sierra"
    assert english["Subject"] == "[TEST] November in the highlands"


def test_a_test_has_the_headers_and_the_encoding_of_the_real_mail(
    client, site, issue, readers, relay
):
    both = person(roles.NEWSLETTER_SENDER)
    client.force_login(both)
    client.post(test_url(issue))
    client.post(send_url(issue))
    data = run(begun()).accepted[0][1]
    real = message_from_bytes(unstuffed(data), policy=default)
    trial = next(
        mail
        for mail in mails_of(relay)
        if mail["Content-Language"] == real["Content-Language"]
    )
    assert trial.keys() == real.keys()
    for name in ("From", "Reply-To", "List-Id", "List-Unsubscribe-Post"):
        assert trial[name] == real[name]
    for part, same in zip(trial.iter_parts(), real.iter_parts(), strict=True):
        assert part.items() == same.items()


def test_the_links_of_a_test_open_a_page_and_change_nothing(
    client, issue, readers, editor, relay
):
    before = list(Subscription.objects.order_by("pk").values())
    client.post(test_url(issue))
    for mail in mails_of(relay):
        url = mail["List-Unsubscribe"].strip("<>")
        path = url.removeprefix("http://testserver")
        assert client.post(path, follow=True).status_code == 404
        text = mail.get_body(("plain",)).get_content()
        assert "{{" not in text
        for found in re.findall(r"http://testserver(/\S+/TEST/)", text):
            assert client.get(found).status_code == 404
    assert list(Subscription.objects.order_by("pk").values()) == before


def test_two_tests_are_two_mails_to_the_mailbox(client, issue, editor, relay):
    client.post(test_url(issue))
    client.post(test_url(issue))
    assert len({mail["Message-ID"] for mail in mails_of(relay)}) == 4


def test_a_test_is_made_of_the_last_draft_before_anything_is_published(
    client, site, editor, relay
):
    issue = site.issue(site.story("Agua"), languages=())
    client.post(test_url(issue))
    assert len(relay.mails) == 2
    assert not Dispatch.objects.exists()


def test_a_test_that_the_mail_server_refuses_is_told(client, issue, editor, relay):
    editor.email = "550-5.1.1@centre.example"
    editor.save()
    page = client.post(test_url(issue), follow=True).content.decode()
    assert "did not take the test" in page


def test_a_test_without_a_mail_server_is_told(client, issue, editor, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = client.post(test_url(issue), follow=True).content.decode()
    assert "did not take the test" in page


def test_a_test_no_mail_can_be_made_of_is_told(client, site, issue, editor, relay):
    site.newsletter.reply_to = "ñandú@pregon.example"
    site.newsletter.save()
    page = client.post(test_url(issue), follow=True).text
    assert "No mail can be made of this" in page
    assert not relay.mails


def test_an_empty_issue_sends_no_test_and_says_so(client, site, editor, relay):
    issue = site.issue(languages=())
    page = client.post(test_url(issue), follow=True).content.decode()
    assert "Nothing to send yet" in page
    assert not relay.mails


def test_an_editor_without_an_address_is_asked_for_one(client, issue, editor, relay):
    editor.email = ""
    editor.save()
    answer = client.post(test_url(issue))
    assert answer.status_code == 422
    assert "Give at least one e-mail address" in answer.text
    assert not relay.mails


def test_looking_at_the_page_of_tests_sends_nothing(client, issue, editor, relay):
    page = client.get(test_url(issue)).text
    assert f">\n{editor.email}</textarea>" in page
    assert not relay.mails


def test_an_editor_tests_on_nobody_else(client, issue, editor, relay):
    answer = client.post(test_url(issue), {"addresses": "ana@centre.example"})
    assert answer.status_code == 422
    assert "Only who may send" in answer.text
    assert not relay.mails


def test_an_own_address_is_known_however_it_is_spelt(client, issue, editor, relay):
    editor.email = "Eva@Centre.Example"
    editor.save()
    client.post(test_url(issue))
    assert len(relay.mails) == 2


def test_who_complained_gets_no_test(client, issue, sender, relay):
    digest = address_hash("eva@centre.example")
    Suppression.objects.create(address_hash=digest, reason="complained")
    given = {"addresses": "ana@centre.example eva@centre.example"}
    page = client.post(test_url(issue), given, follow=True).text
    assert "eva@centre.example: must not be written to" in page
    assert {to for to, _data in relay.mails} == {"ana@centre.example"}


def test_a_test_goes_to_several_people_once_each(client, issue, sender, relay):
    given = "ana@centre.example, TOM@centre.example\nana@centre.example"
    page = client.post(test_url(issue), {"addresses": given}, follow=True).text
    assert "Test sent to ana@centre.example, TOM@centre.example" in page
    assert "Spanish and English" in page
    people = [to for to, _data in relay.mails]
    assert people == ["ana@centre.example"] * 2 + ["TOM@centre.example"] * 2
    assert len({mail["Message-ID"] for mail in mails_of(relay)}) == 4


def test_one_refused_address_does_not_hold_up_a_test(client, issue, sender, relay):
    given = "550-5.1.1@centre.example tom@centre.example"
    page = client.post(test_url(issue), {"addresses": given}, follow=True).text
    assert "did not take the test for 550-5.1.1@centre.example" in page
    assert "Test sent to tom@centre.example" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("ana@centre.example nobody", "no e-mail address: nobody"),
        (" ".join(f"a{n}@centre.example" for n in range(11)), "11 addresses"),
        ("a\r\nBcc: b@centre.example", "no e-mail address: a, Bcc:"),
    ],
)
def test_wrong_addresses_are_told(client, issue, sender, relay, given, said):
    answer = client.post(test_url(issue), {"addresses": given})
    assert answer.status_code == 422
    assert said in answer.text
    assert not relay.mails


def test_the_confirmation_counts_readers_and_reasons(client, issue, readers, sender):
    answer = client.get(send_url(issue))
    plan = answer.context["plan"]
    assert dict(plan.recipients) == {"es": 2, "en": 1}
    assert dict(plan.excluded) == {"pending": 1, "bounced": 1}
    page = answer.content.decode()
    assert "<td data-recipients>2</td>" in page
    assert "<td data-recipients-total>3</td>" in page
    assert "Send to 3 readers now" in page
    assert "<li>1 person has not confirmed yet</li>" in page
    assert not Dispatch.objects.exists()


def test_the_confirmation_shows_stories_by_language(client, issue, readers, sender):
    page = client.get(send_url(issue)).content.decode()
    assert page.count('data-state="ready"') == 3
    assert page.count('data-state="missing" data-outcome="linked"') == 1
    assert 'data-problem="story-linked"' in page


def test_sending_freezes_and_starts_once(client, issue, readers, sender):
    answer = client.post(send_url(issue))
    page = client.get(answer.url).text
    assert 'data-dispatch-state="scheduled"' in page
    assert "It begins in a moment" in page
    assert 'data-pg-progress-running-value="true"' in page  # it looks again by itself
    dispatch = begun()
    assert answer.url == reverse("dispatches:progress", args=[dispatch.pk])
    assert dispatch.state == Dispatch.State.SENDING
    assert dispatch.audience == dispatch.deliveries.count() == 3
    assert dispatch.created_by == sender
    assert {edition.language for edition in dispatch.editions.all()} == {"es", "en"}


def test_control_characters_in_subject_and_sender_do_not_stop_it(
    client, site, readers, sender
):
    site.newsletter.sender_name_es = "Centro\x02 Andino\x9f"
    site.newsletter.save()
    issue = site.issue(site.story("Agua"), subject_es="Agua\x02 y maíz\x7f")
    assert client.post(send_url(issue)).status_code == 302
    transport = run(begun())
    mails = [
        message_from_bytes(data, policy=default) for _to, data in transport.accepted
    ]
    (spanish, _same) = [mail for mail in mails if mail["Content-Language"] == "es"]
    assert spanish["Subject"] == "Agua y maíz"
    assert spanish["From"].addresses[0].display_name == "Centro Andino"


def test_an_address_no_mail_can_carry_is_in_the_way(
    client, site, issue, readers, sender
):
    site.newsletter.reply_to = "ñandú@pregon.example"
    site.newsletter.save()
    page = client.get(send_url(issue)).content.decode()
    assert 'data-problem="unsendable" data-language="es"' in page
    assert "readers now" not in page
    assert client.post(send_url(issue)).status_code == 409
    assert not Dispatch.objects.exists()


@pytest.mark.usefixtures("no_broker")
def test_without_a_broker_the_sending_is_begun_all_the_same(
    client, issue, readers, sender, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(send_url(issue))
    dispatch = begun()
    assert answer.url == reverse("dispatches:progress", args=[dispatch.pk])
    assert dispatch.state == Dispatch.State.SENDING
    client.post(reverse("dispatches:control", args=[dispatch.pk, "pause"]))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("dispatches:control", args=[dispatch.pk, "resume"]))
    assert dispatches_to_wake(timezone.now()) == [dispatch.pk]


def test_a_second_click_leads_to_the_first_sending(client, issue, readers, sender):
    client.post(send_url(issue))
    for look, said in (
        (Dispatch.objects.get, "scheduled already"),
        (begun, "sent before"),
    ):
        dispatch = look()
        answer = client.post(send_url(issue), follow=True)
        assert answer.redirect_chain[-1][0].endswith(f"/{dispatch.pk}/")
        assert said in answer.text
    assert "readers now" not in client.get(send_url(issue)).content.decode()


def test_an_issue_cancelled_before_its_first_mail_can_be_sent(
    client, issue, readers, sender
):
    client.post(send_url(issue))
    dispatch = begun()
    client.post(reverse("dispatches:control", args=[dispatch.pk, "cancel"]))
    client.post(send_url(issue))
    assert Dispatch.objects.count() == 2


def test_an_issue_cancelled_half_way_is_not_sent_again(client, issue, readers, sender):
    client.post(send_url(issue))
    dispatch = begun()
    first = dispatch.chunks.first()
    dispatch.chunks.filter(pk=first.pk).update(state="done", epoch=1)
    client.post(reverse("dispatches:control", args=[dispatch.pk, "cancel"]))
    client.post(send_url(issue))
    assert Dispatch.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_editor_may_not_send(client, issue, readers, editor, method):
    answer = getattr(client, method)(send_url(issue))
    assert answer.status_code in {302, 403}
    assert not Dispatch.objects.exists()


def test_a_visitor_may_not_even_look(client, issue):
    for url in (send_url(issue), test_url(issue)):
        assert "login" in client.post(url).url


def test_a_language_that_is_not_published_is_not_sent(client, site, readers, sender):
    issue = site.issue(site.story("Agua"), languages=("es",))
    page = client.get(send_url(issue)).content.decode()
    assert 'data-problem="unpublished" data-language="en"' in page
    client.post(send_url(issue))
    dispatch = begun()
    assert [edition.language for edition in dispatch.editions.all()] == ["es"]
    assert dispatch.excluded["no_edition"] == 1


def test_an_empty_edition_is_not_sent_and_the_issue_says_so(client, readers, sender):
    site = SmallSite(key="other", fallback_rule="skip")
    a_reader(site.newsletter, "zoe", "es")
    a_reader(site.newsletter, "kim", "en")
    issue = site.issue(site.story("Maíz", "es"))
    page = client.get(send_url(issue)).content.decode()
    assert 'data-problem="empty" data-language="en"' in page
    client.post(send_url(issue))
    dispatch = begun()
    assert [edition.language for edition in dispatch.editions.all()] == ["es"]


def test_an_issue_with_nothing_to_say_is_refused(client, site, readers, sender):
    issue = site.issue()
    page = client.get(send_url(issue)).content.decode()
    assert 'data-problem="nothing-to-send"' in page
    assert "readers now" not in page
    answer = client.post(send_url(issue))
    assert answer.status_code == 409
    assert not Dispatch.objects.exists()


def test_an_issue_nobody_reads_is_refused(client, issue, sender):
    assert (
        'data-problem="no-recipients"' in client.get(send_url(issue)).content.decode()
    )
    assert client.post(send_url(issue)).status_code == 409


def test_what_is_published_is_sent_not_the_draft(client, issue, readers, sender):
    page = client.get(send_url(issue)).content.decode()
    assert 'data-problem="unsent-changes"' not in page
    issue.headline_es = "Borrador"
    issue.save_revision()
    page = client.get(send_url(issue)).content.decode()
    assert 'data-problem="unsent-changes"' in page
    client.post(send_url(issue))
    edition = begun().editions.get(language="es")
    assert edition.subject == "Noviembre en la sierra"


def test_editing_the_issue_afterwards_does_not_touch_what_was_sent(
    client, issue, readers, sender
):
    client.post(send_url(issue))
    edition = begun().editions.get(language="es")
    issue.headline_es = "Otra cosa"
    issue.save_revision()
    publish(issue, "es")
    edition.refresh_from_db()
    assert "Noviembre en la sierra" in edition.html


def test_progress_counts_add_up_per_language(client, issue, readers, sender):
    client.post(send_url(issue))
    dispatch = begun()
    first = dispatch.deliveries.filter(edition__language="es").first()
    dispatch.deliveries.filter(pk=first.pk).update(state="uncertain", code="timeout")
    found = client.get(reverse("dispatches:counts", args=[dispatch.pk])).json()
    assert found["audience"] == sum(found["counts"].values()) == 3
    assert found["languages"] == {
        "es": {"uncertain": 1, "waiting": 1},
        "en": {"waiting": 1},
    }
    assert found["running"] is True
    assert first.subscriber.address in found["html"]
    assert reverse("dispatches:numbers", args=[dispatch.pk]) in found["html"]
    page = client.get(reverse("dispatches:progress", args=[dispatch.pk]))
    table = found["html"].partition("<table")[2].partition("</table>")[0]
    assert table in page.content.decode()


def test_only_the_summary_of_a_sending_is_read_out(client, issue, readers, sender):
    client.post(send_url(issue))
    dispatch = begun()
    page = client.get(reverse("dispatches:progress", args=[dispatch.pk]))
    (live,) = re.findall(r"<(\w+)[^>]*aria-live[^>]*>(.*?)</\1>", page.text, re.S)
    assert live[0] == "p"
    found = client.get(reverse("dispatches:counts", args=[dispatch.pk])).json()
    assert found["summary"].strip() == live[1].strip()
    assert "0 of 3 done" in found["summary"]
    assert "<table" in found["html"]
    assert "aria-live" not in found["summary"] + found["html"]


def test_a_sending_is_paused_resumed_and_cancelled(client, issue, readers, sender):
    client.post(send_url(issue))
    dispatch = begun()
    for verb, state in (
        ("pause", "paused"),
        ("resume", "sending"),
        ("cancel", "cancelled"),
    ):
        url = reverse("dispatches:control", args=[dispatch.pk, verb])
        assert client.get(url).status_code == 405
        client.post(url)
        dispatch.refresh_from_db()
        assert dispatch.state == state
    page = client.post(url, follow=True).content.decode()
    assert "not possible now" in page


def test_an_editor_may_look_at_a_sending_but_not_stop_it(client, issue, readers):
    client.force_login(person(roles.NEWSLETTER_SENDER))
    client.post(send_url(issue))
    dispatch = begun()
    client.force_login(person(roles.EDITOR))
    page = client.get(reverse("dispatches:progress", args=[dispatch.pk]))
    assert page.status_code == 200
    url = reverse("dispatches:control", args=[dispatch.pk, "cancel"])
    assert url not in page.content.decode()
    assert client.post(url).status_code in {302, 403}
    dispatch.refresh_from_db()
    assert dispatch.state == "sending"


def test_the_pages_are_as_cheap_for_many_readers_as_for_few(
    client, site, issue, readers, sender, django_assert_max_num_queries
):
    client.get(send_url(issue))
    with django_assert_max_num_queries(70) as few:
        client.get(send_url(issue))
    for number in range(30):
        a_reader(site.newsletter, f"r{number}", "es")
    with django_assert_max_num_queries(len(few)):
        client.get(send_url(issue))
