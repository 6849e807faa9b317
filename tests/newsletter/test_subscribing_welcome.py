"""What a newsletter may do for who is new: remind once, welcome, be found elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from newsletter.models import (
    IssuePage,
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
    OptInMail,
    Subscriber,
    Subscription,
    Suppression,
    address_hash,
)
from newsletter.subscribing.forgetting import forget_unconfirmed
from newsletter.subscribing.reminding import remind_unconfirmed
from newsletter.subscribing.wording import SIGN_UP, shown_text
from newsletter.tasks import remind_unconfirmed as task
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.readers import (
    PATHS,
    active_reader,
    link_in,
    one_click_path,
    own_path,
    sign_up,
)
from tests.newsletter.trees import plant, plant_home, plant_topics
from topics.models import ProjectPage

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("lang", ["es", "en"])
ADDRESS = "ana@lector.example.org"


def later(**time):
    return timezone.now() + timedelta(**time)


@pytest.fixture
def reminding(newsletter):
    Newsletter.objects.filter(pk=newsletter.pk).update(reminds=True)
    newsletter.refresh_from_db()
    return newsletter


@BOTH
def test_who_has_not_confirmed_is_reminded_once(client, reminding, inbox, lang):
    sign_up(client, lang, address=ADDRESS)
    inbox.clear()
    assert remind_unconfirmed(at=later(days=2, hours=23)) == 0
    assert remind_unconfirmed(at=later(days=3)) == 1
    assert remind_unconfirmed(at=later(days=3, hours=1)) == 0
    for days in range(4, 40):
        assert remind_unconfirmed(at=later(days=days)) == 0
    mail = inbox.only()
    said = {"es": "Seguimos esperando su confirmación", "en": "Still waiting for your"}
    assert said[lang] in mail.subject
    once = {"es": "No volveremos a preguntarle", "en": "We do not ask again"}
    assert once[lang] in mail.body
    client.post(link_in(mail, PATHS[lang]["confirm"]))
    assert Subscription.objects.receivable().exists()


def test_nobody_is_reminded_unless_the_newsletter_does_so(client, newsletter, inbox):
    sign_up(client, "es", address=ADDRESS)
    assert remind_unconfirmed(at=later(days=3)) == 0
    task()
    assert inbox.count() == 1


def test_nobody_is_reminded_who_should_not_be(client, reminding, inbox):
    """Confirmed, asked twice, left before, suppressed, unreachable, too late."""
    names = ["confirmed", "twice", "left", "suppressed", "bounced", "late", "due"]
    for name in names:
        sign_up(client, "es", address=f"{name}@lector.example.org")
    sign_up(client, "es", address="twice@lector.example.org")
    rows = {
        name: Subscription.objects.get(subscriber__address__startswith=name)
        for name in names
    }
    client.post(own_path(rows["confirmed"], "confirm"))
    client.post(own_path(rows["left"], "confirm"))
    client.post(one_click_path(rows["left"]))
    OptInMail.objects.filter(address_hash=rows["left"].subscriber.address_hash).delete()
    sign_up(client, "es", address="left@lector.example.org")
    Suppression.objects.all().delete()
    Suppression.objects.create(
        address_hash=address_hash("suppressed@lector.example.org"),
        reason=Suppression.Reason.COMPLAINED,
    )
    Subscriber.objects.filter(address__startswith="bounced").update(health="bounced")
    Subscription.objects.filter(pk=rows["late"].pk).update(created_at=later(days=-5))
    inbox.clear()
    assert remind_unconfirmed(at=later(days=3)) == 1
    assert inbox.only().to == ["due@lector.example.org"]


def test_nobody_is_reminded_of_a_mail_they_never_got(
    client, reminding, second_newsletter, inbox
):
    """Two mails for another newsletter left none for this one."""
    sign_up(client, "es", address=ADDRESS, newsletter=second_newsletter.pk)
    sign_up(client, "es", address=ADDRESS, newsletter=second_newsletter.pk)
    ages = (10, 8)
    for row, days in zip(OptInMail.objects.order_by("pk"), ages, strict=True):
        OptInMail.objects.filter(pk=row.pk).update(sent_at=later(days=-days))
    sign_up(client, "es", address=ADDRESS, newsletter=reminding.pk)
    assert Subscription.objects.filter(newsletter=reminding).exists()
    inbox.clear()
    for hours in range(72, 24 * 20, 12):
        assert remind_unconfirmed(at=later(hours=hours)) == 0


def test_who_is_added_by_hand_is_not_welcomed(client, welcoming, inbox):
    client.force_login(person(roles.NEWSLETTER_SENDER))
    given = {
        "address": ADDRESS,
        "newsletter": welcoming.pk,
        "language": "es",
        "agreed_on": "2026-11-20",
        "proof": "A signed list",
    }
    assert client.post(reverse("subscribers:add"), given).status_code == 302
    assert inbox.count() == 0


def test_a_welcome_leads_to_nothing_that_is_not_public(client, site, welcoming, inbox):
    water, peru = site
    ProjectPage.objects.filter(pk=water.pk).update(live_es=False)
    PageViewRestriction.objects.create(page=peru, restriction_type="login")
    november = IssuePage.objects.get(headline_es="Noviembre")
    PageViewRestriction.objects.create(page=november, restriction_type="login")
    ana = active_reader(welcoming, "es", address=ADDRESS)
    ana.projects.add(water)
    ana.countries.add(peru)
    Subscription.objects.update(state="pending", confirmed_at=None)
    client.post(own_path(ana, "confirm"))
    mail = inbox.only()
    assert "Octubre" in mail.body
    for name in ("Noviembre", "Agua segura", "Perú"):
        assert name not in mail.body


def test_who_is_reminded_is_forgotten_all_the_same(client, reminding, inbox):
    sign_up(client, "es", address=ADDRESS)
    assert remind_unconfirmed(at=later(days=3)) == 1
    # Two weeks after the last mail: until then its link works.
    assert forget_unconfirmed(at=later(days=16)) == 0
    assert forget_unconfirmed(at=later(days=17, minutes=1)) == 1
    assert not Subscriber.objects.exists()


def test_a_switched_off_newsletter_reminds_nobody(client, reminding, inbox):
    sign_up(client, "es", address=ADDRESS)
    Newsletter.objects.update(is_active=False)
    assert remind_unconfirmed(at=later(days=3)) == 0


@pytest.fixture
def welcoming(newsletter):
    Newsletter.objects.filter(pk=newsletter.pk).update(welcomes=True)
    newsletter.refresh_from_db()
    return newsletter


@pytest.fixture
def site(welcoming):
    """A newsletter with two issues, the later one only in Spanish, and two hubs."""
    home = plant_home()
    index = plant(home, NewsletterIndexPage(headline_es="B", headline_en="N"))
    page = NewsletterPage(headline_es="B", headline_en="N", newsletter=welcoming)
    plant(index, page)
    plant(page, IssuePage(headline_es="Octubre", headline_en="October"))
    plant(page, IssuePage(headline_es="Noviembre"))
    return plant_topics(home)


@pytest.mark.parametrize(("lang", "latest"), [("es", "Noviembre"), ("en", "October")])
def test_a_new_reader_is_welcomed_in_their_language(
    client, site, welcoming, inbox, lang, latest
):
    water, peru = site
    sign_up(client, lang, address=ADDRESS, projects=[water.pk], countries=[peru.pk])
    asked = inbox.only()
    assert "Welcome" not in asked.subject
    inbox.clear()
    for _twice in range(2):
        client.post(link_in(asked, PATHS[lang]["confirm"]))
    mail = inbox.only()
    said = {"es": "Le damos la bienvenida", "en": "Welcome"}
    assert said[lang] in mail.subject
    assert getattr(welcoming, f"name_{lang}") in mail.subject
    assert latest in mail.body
    for hub in site:
        assert f"http://testserver{hub.url_in(lang)}" in mail.body
        assert getattr(hub, f"headline_{lang}") in mail.body
    (html,) = (each for each, kind in mail.alternatives if kind == "text/html")
    assert latest in html
    for start in ("preferences", "leave"):
        assert client.get(link_in(mail, PATHS[lang][start])).status_code == 200


def test_without_issues_or_interests_the_welcome_is_short(client, welcoming, inbox):
    sign_up(client, "en", address=ADDRESS)
    asked = inbox.only()
    inbox.clear()
    client.post(link_in(asked, PATHS["en"]["confirm"]))
    mail = inbox.only()
    assert "latest issue" not in mail.body
    assert "what you follow" not in mail.body


def test_nobody_is_welcomed_unless_the_newsletter_does_so(client, newsletter, inbox):
    sign_up(client, "es", address=ADDRESS)
    asked = inbox.only()
    inbox.clear()
    client.post(link_in(asked, PATHS["es"]["confirm"]))
    assert inbox.count() == 0


def test_coming_back_by_undo_is_no_welcome(client, welcoming, inbox):
    ana = active_reader(welcoming, "es", address=ADDRESS)
    client.post(one_click_path(ana))
    client.post(own_path(ana, "leave"), {"undo": "1"})
    assert inbox.count() == 0


EMBED = {"es": "/es/suscripcion/alta/formulario/", "en": "/en/subscription/join/form/"}


@BOTH
def test_the_form_stands_in_a_frame_anywhere(
    client, newsletter, second_newsletter, lang
):
    page = client.get(EMBED[lang], {"newsletter": second_newsletter.pk})
    assert page.status_code == 200
    assert "X-Frame-Options" not in page
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert not page.cookies
    assert getattr(second_newsletter, f"name_{lang}") in page.text
    assert f'action="{PATHS[lang]["join"]}"' in page.text
    assert 'target="_blank"' in page.text
    assert "<header" not in page.text
    # Every other page stays out of frames.
    other = client.get(PATHS[lang]["join"])
    assert other["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors *" not in other["Content-Security-Policy"]
    assert "target=" not in re.search("<form class=.signup.*?>", other.text)[0]


@pytest.mark.parametrize("wanted", ["0", "x", "999999", "<b>"])
def test_a_frame_of_a_newsletter_that_is_off_offers_no_other(
    client, newsletter, second_newsletter, wanted
):
    Newsletter.objects.filter(pk=second_newsletter.pk).update(is_active=False)
    for key in (wanted, second_newsletter.pk):
        page = client.get(EMBED["en"], {"newsletter": key, "project": "x"})
        assert page.status_code == 200
        assert "no newsletter to subscribe to" in page.text
        assert newsletter.name_en not in page.text


def test_a_frame_without_a_newsletter_shows_one(client, newsletter):
    assert newsletter.name_en in client.get(EMBED["en"]).text
    Newsletter.objects.update(is_active=False)
    assert "no newsletter to subscribe to" in client.get(EMBED["en"]).text


def test_posting_to_the_frame_changes_nothing(client, newsletter):
    client.post(EMBED["en"], {"address": ADDRESS, "newsletter": newsletter.pk})
    assert not Subscriber.objects.exists()


@BOTH
def test_the_plain_form_takes_two_steps(client, newsletter, inbox, lang):
    client.force_login(person(roles.ADMINISTRATOR))
    page = client.get(reverse("newsletter_elsewhere", args=[newsletter.pk]))
    shown = re.search(rf'id="form-{lang}">(.*?)</textarea>', page.text, re.S)[1]
    form = unescape(shown)
    client.logout()
    action = re.search('action="http://testserver([^"]+)"', form)[1]
    known = dict(re.findall('name="(\\w+)" value="([^"]+)"', form))
    elsewhere = {"origin": "https://other.example", "sec-fetch-site": "cross-site"}
    once_more = client.post(action, {**known, "address": ADDRESS}, headers=elsewhere)
    assert not Subscriber.objects.exists()
    assert getattr(newsletter, f"name_{lang}") in once_more.text
    assert shown_text(SIGN_UP, lang) in unescape(once_more.text)
    kept = dict(re.findall('name="(\\w+)" value="([^"]*)"', once_more.text))
    client.post(action, kept, headers=elsewhere)
    assert inbox.only().to == [ADDRESS]
    assert Subscriber.objects.get().language == lang


def test_a_newsletter_that_is_off_says_so_where_it_is_copied(client, newsletter):
    client.force_login(person(roles.ADMINISTRATOR))
    path = reverse("newsletter_elsewhere", args=[newsletter.pk])
    assert "switched off" not in client.get(path).text
    Newsletter.objects.update(is_active=False)
    assert "switched off" in client.get(path).text


@BOTH
def test_what_is_to_be_copied_leads_to_pages_that_open(client, newsletter, lang):
    client.force_login(person(roles.ADMINISTRATOR))
    index = client.get(reverse("newsletter:index"))
    path = reverse("newsletter_elsewhere", args=[newsletter.pk])
    assert path in index.text
    page = unescape(client.get(path).text)
    for start in (EMBED[lang], PATHS[lang]["join"]):
        found = re.search(rf"http://testserver({re.escape(start)}\?\S+?)\"", page)[1]
        assert client.get(found).status_code == 200
    assert client.get(reverse("newsletter_elsewhere", args=[999999])).status_code == 404


def test_editors_see_no_way_to_copy(client, newsletter):
    client.force_login(person(roles.EDITOR))
    page = client.get(reverse("newsletter_elsewhere", args=[newsletter.pk]))
    assert page.status_code == 302
