"""Every mail the system can send, in both languages, as a mail server takes it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import mail as outbox
from django.utils import timezone
from wagtail.models import Comment

from mail import actions
from mail.models import QueuedMail
from newsletter.composing.actions import send_issue
from newsletter.delivery.message import unstuffed
from newsletter.digests import actions as digests
from newsletter.digests.telling import tell_senders
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching import standstill
from newsletter.models import AddressChange, Digest
from newsletter.subscribing import mails
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite, a_picture, blocks
from tests.newsletter.sending import a_reader, run, started
from tests.newsletter.trees import plant_topics
from translations import actions as desk
from translations import notices
from translations.models import Assignment, DeskPreference
from translations.waiting import send_summaries

ROOT = Path(settings.BASE_DIR)
NAME = "Café & «Ñandú» <1>"
URL = "http://testserver/x/{}/?a=1&b=2"
LINKS = {name: URL.format(name) for name in ("leave", "preferences")}
READER = {
    "newsletter_name": NAME,
    "preferences_url": LINKS["preferences"],
    "leave_url": LINKS["leave"],
}
DESK = {"title": NAME, "by": "Ana", "into": "English", "url": URL.format("desk")}
SUMMARY = {
    "day": NAME,
    "mine": [{**DESK, "words": 3}],
    "into": [{"name": NAME, "total": 2, "behind": 1, "texts": 4, "url": DESK["url"]}],
}
LATEST = {"name": NAME, "url": URL.format("issue")}
SAMPLES = {
    "newsletter/mails/opt_in": {
        **READER,
        "topics": [NAME],
        "confirm_url": URL.format("confirm"),
    },
    "newsletter/mails/welcome": {
        **READER,
        "latest": LATEST,
        "hubs": [{"name": NAME, "url": URL.format("hub")}],
    },
    "newsletter/mails/already_subscribed": READER,
    "newsletter/mails/own_data": {"data_url": URL.format("data")},
    "newsletter/mails/preferences": {"rows": [READER]},
    "newsletter/mails/new_address": {"confirm_url": URL.format("new")},
    "newsletter/mails/address_changed": {"undo_url": URL.format("undo")},
    "newsletter/mails/standstill": {
        "title": NAME, "since": "3 p.m.", "why": NAME, "url": URL.format("sending"),
    },
    "newsletter/mails/digest_waits": {
        "title": NAME, "newsletter": NAME, "why": NAME, "url": URL.format("digest"),
    },
    "translations/mails/assigned": {**DESK, "words": 7, "note": NAME},
    "translations/mails/behind": DESK,
    "translations/mails/handed_back": DESK,
    "translations/mails/landed": DESK,
    "translations/mails/noted": {**DESK, "what": "reply", "about": NAME, "text": NAME},
    "translations/mails/summary": SUMMARY,
}  # fmt: skip
# What Gmail, Outlook on Windows and Apple Mail all know (caniemail.com, November 2026),
# or what comes with something that says the same: `max-width` with an attribute, the
# preheader's `opacity` with `display: none`.
KNOWN = {
    "background", "background-color", "border", "border-bottom", "border-collapse",
    "border-left", "border-radius", "border-spacing", "border-top", "color",
    "direction", "display", "font", "font-family", "font-size", "font-style",
    "font-weight", "height", "opacity",
    "letter-spacing", "line-height", "list-style", "margin", "margin-bottom",
    "margin-left", "margin-right", "margin-top", "max-height", "max-width", "min-width",
    "outline", "overflow", "padding", "padding-bottom", "padding-left", "padding-right",
    "padding-top", "table-layout", "text-align", "text-decoration", "text-transform",
    "vertical-align", "width", "word-break", "word-spacing", "-ms-text-size-adjust",
    "-webkit-text-size-adjust", "-ms-interpolation-mode", "mso-table-lspace",
    "mso-table-rspace", "mso-line-height-rule",
}  # fmt: skip
UNKNOWN_TAGS = {
    "audio", "button", "form", "iframe", "input", "link", "object", "picture", "script",
    "select", "svg", "textarea", "video",
}  # fmt: skip


def parsed(data: bytes):
    """The mail as a mail program reads it."""
    assert max(map(len, data.split(b"\r\n"))) <= 998
    mail = message_from_bytes(data, policy=policy.default)
    assert not mail.defects
    return mail


def check(mail, language: str) -> None:
    """What holds for every mail."""
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
        assert len(mail.get_all(name, [])) == 1, name
    assert mail["Content-Language"] == language
    text = mail.get_body(["plain"])
    html = mail.get_body(["html"])
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}
    check_html(html.get_content(), language)
    check_alike(text.get_content(), html.get_content())


def check_html(html: str, language: str) -> None:
    """Nothing in it that a mail program does not know, or fetches unasked."""
    assert len(html.encode()) < 102_000
    page = BeautifulSoup(html, "html.parser")
    assert page.html["lang"] == language
    assert not {tag.name for tag in page.find_all(True)} & UNKNOWN_TAGS
    styles = ";".join(tag["style"] for tag in page.find_all(style=True))
    used = {each.partition(":")[0].strip() for each in styles.split(";")} - {""}
    assert used <= KNOWN
    shown = set(re.findall(r"display:\s*([\w-]+)", styles))
    assert shown <= {"block", "inline", "inline-block", "none", "table", "table-cell"}
    for picture in page.find_all("img"):
        assert picture.has_attr("alt")
        assert picture["width"].isdigit()
    for link in page.find_all("a"):
        assert link["href"].startswith(("http://testserver/", "mailto:", "tel:"))
        assert link.get_text().strip() or link.find("img", alt=True)


def check_alike(text: str, html: str) -> None:
    """The text part leads where the HTML does, and says what it says."""
    page = BeautifulSoup(html, "html.parser")
    for part in page.select("head, .masthead"):
        part.decompose()
    addresses = {unescape(link["href"]) for link in page.find_all("a")}
    addresses -= {address for address in addresses if address.startswith("tel:")}
    assert addresses <= set(re.findall(r"http\S+|mailto:\S+", text))
    flat = " ".join(text.split())
    for heading in page.find_all(["h2", "h3"]):
        assert " ".join(heading.get_text(" ").split()) in flat
    assert flat.count(NAME) == " ".join(page.get_text(" ").split()).count(NAME)


def test_there_is_a_sample_of_every_mail():
    found = {
        str(path).partition("/templates/")[2].removesuffix(".subject.txt")
        for room in ("site", "newsletter", "news")
        for path in (ROOT / room).rglob("*.subject.txt")
    }
    assert found == set(SAMPLES)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("template", SAMPLES)
def test_a_mail_is_whole_and_safe(template, language):
    queued = actions.queue_mail(
        template=template,
        language=language,
        to="ana@lectores.example",
        context=SAMPLES[template],
    )
    assert actions.send_mail(mail_id=queued.pk)
    mail = parsed(outbox.outbox[-1].message().as_bytes(linesep="\r\n"))
    check(mail, language)
    assert mail["Auto-Submitted"]
    assert "&amp;" not in mail.get_body(["plain"]).get_content()
    assert "{" not in mail.get_body(["html"]).get_content().partition("<body")[2]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_link_in_a_mail_leads_somewhere(client, language):
    site = SmallSite()
    write_to_a_reader(site, language)
    chief = write_to_the_team(site, language)
    client.force_login(chief)
    queued = QueuedMail.objects.filter(language=language)
    assert {mail.template for mail in queued} == set(SAMPLES)
    for mail in queued:
        assert actions.send_mail(mail_id=mail.pk)
        follow_links(client, outbox.outbox[-1].message())


def write_to_a_reader(site, language):
    """Every mail that somebody who subscribes may get."""
    topics = plant_topics(site.home)
    site.issue(site.story("Agua"), languages=(language,))
    unsure = a_reader(site.newsletter, "leo", language, state="pending")
    row = a_reader(site.newsletter, "ana", language)
    for each in (unsure, row):
        each.projects.add(topics[0])
        each.countries.add(topics[1])
    now = timezone.now()
    mails.send_opt_in(subscription=unsure, number=1)
    mails.send_welcome(subscription=row, at=now)
    mails.send_already_subscribed(subscription=row, at=now)
    mails.send_own_data(subscription=row, at=now)
    mails.send_preferences(subscriptions=[row], at=now)
    new = {"subscriber": row.subscriber, "new": "a@otra.example"}
    asked = AddressChange.objects.create(**new)
    mails.send_new_address(change=asked)
    done = AddressChange.objects.create(**new, done_at=now)
    mails.send_address_changed(change=done)


def write_to_the_team(site, language):
    """Every mail that people get who work here; returns who may follow all links."""
    chief = person(roles.ADMINISTRATOR, language)
    other = person(roles.TRANSLATORS["en"], language)
    story = site.story("Puente", "es")
    known = {"subject": story, "language": "en", "by": chief}
    desk.assign(to=other, **known)
    assignment = Assignment.objects.get()
    notices.tell_landed(assignment, other)
    notices.tell_handed_back(assignment, other)
    notices.tell_behind(story, "en", chief)
    note = Comment.objects.create(page=story, user=chief, text="¿?", contentpath="date")
    notices.tell_noted(story, "en", note, ("reply", "Sí.", "Puente es"), other)
    DeskPreference.objects.create(user=chief, daily_summary=True)
    send_summaries()
    digest = Digest.objects.create(newsletter=site.newsletter)
    waiting = dispatching.create_dispatch(
        newsletter=site.newsletter, title="Semana", digest=digest
    )
    tell_senders(waiting, Digest.Why.WAITS)
    started(site.newsletter)
    standstill.watch(timezone.now() + timezone.timedelta(hours=1))
    return chief


def follow_links(client, mail) -> None:
    """Whoever opens a link of ours finds a page, in the text as in the HTML."""
    data = mail.as_bytes()
    parts = message_from_bytes(data, policy=policy.default)
    text, html = (parts.get_body([kind]).get_content() for kind in ("plain", "html"))
    found = {link["href"] for link in BeautifulSoup(html, "html.parser").find_all("a")}
    found |= set(re.findall(r"http://testserver/\S*", text))
    ours = {link for link in found if link.startswith("http://testserver/")}
    assert len(ours) > 1  # the front page, and what the mail is about
    statuses = {link: client.get(link).status_code for link in ours}
    assert set(statuses.values()) == {200}, statuses


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["issue", "digest"])
def test_an_issue_and_a_digest_are_whole_and_safe(kind, client):
    site = SmallSite()
    topics = plant_topics(site.home)
    story = site.story("Agua", picture=a_picture())
    story.projects, story.countries = [topics[0]], [topics[1]]
    story.save()
    frequency = "weekly" if kind == "digest" else "each"
    for language in ("es", "en"):
        row = a_reader(site.newsletter, language, language, frequency=frequency)
        row.countries.add(topics[1])
    for to, mail in _sent(kind, site, story):
        language = to.partition("@")[0]
        check(mail, language)
        one_click = mail["List-Unsubscribe"].strip("<>")
        assert one_click.startswith("http://testserver/u/")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"]
        follow_links(client, mail)
        asks_first = client.get(one_click, follow=True)
        assert asks_first.status_code == 200


def _sent(kind, site, story):
    body = blocks(("heading", "Más"), ("quote", {"quote": NAME}), ("divider", None))
    if kind == "issue":
        words = {"intro_es": "<p>Hola</p>", "intro_en": "<p>Hello</p>"}
        issue = site.issue(story, body_es=body, body_en=body, **words)
        dispatch = send_issue(issue=issue)
    else:
        since = timezone.now() - timezone.timedelta(days=9000)
        digest = Digest.objects.create(
            newsletter=site.newsletter,
            needs_approval=False,
            since=since,
            next_at=timezone.now(),
        )
        dispatch = digests.take_turn(digest_id=digest.pk)
    mails = run(dispatch).accepted
    assert len(mails) == 2
    return [(to, parsed(unstuffed(data))) for to, data in mails]
