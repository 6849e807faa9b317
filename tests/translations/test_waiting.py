"""What is waiting for one person, on the home page and by mail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from mail.messages import render_message
from mail.models import QueuedMail
from news.models import NewsPage
from pages import actions as kernel
from tests.pages.factories import make_person, make_story, save_draft, speak
from translations import actions
from translations.models import DeskPreference
from translations.tasks import send_summaries
from translations.waiting import waiting_for

pytestmark = pytest.mark.django_db


def fresh(page):
    return NewsPage.objects.get(pk=page.pk)


@pytest.fixture
def story(index):
    return make_story(index, live=("es",), headline_es="El puente")


@pytest.fixture
def wants_summary(translator):
    DeskPreference.objects.create(user=translator, daily_summary=True)
    speak(translator, "es")
    return translator


def test_the_home_page_says_what_waits(story, client, translator):
    speak(translator, "en")
    actions.assign(subject=story, language="en", to=translator, by=translator)
    kernel.schedule_publication(
        page=story, languages=["es"], at=timezone.now() + dt.timedelta(days=1)
    )
    client.force_login(translator)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "What is waiting" in html
    assert reverse("translations_side", args=[story.pk, "en"]) in html
    assert "1 page waits for English" in html
    assert reverse("pages_schedule", args=[story.pk]) in html


def test_a_draft_waits_for_its_writer_only(story, editor, translator):
    draft = fresh(story).get_latest_revision_as_object()
    draft.headline_es = "Otro"
    draft.save_revision(user=editor)
    assert [page.pk for page in waiting_for(editor).drafts] == [story.pk]
    assert waiting_for(translator).drafts == []


def test_an_office_keeper_has_no_translations(story):
    assert waiting_for(make_person("keeper", "office_keeper")).into == []


def test_the_summary_goes_once_a_day_in_the_persons_language(story, wants_summary):
    actions.assign(subject=story, language="en", to=wants_summary, by=wants_summary)
    send_summaries()
    send_summaries()
    mail = QueuedMail.objects.get()
    assert (mail.to, mail.language) == (wants_summary.email, "es")
    assert mail.context["mine"][0]["title"] == "El puente"
    assert mail.context["into"][0]["name"] == "inglés"


def test_nobody_is_written_who_did_not_ask_or_has_nothing(home, story, translator):
    send_summaries()
    assert not QueuedMail.objects.exists()
    DeskPreference.objects.create(user=translator, daily_summary=True)
    story.delete()
    translator.groups.clear()
    send_summaries()
    assert not QueuedMail.objects.exists()


def test_who_confirmed_a_translation_hears_that_it_fell_behind(story, translator):
    speak(translator, "es")
    save_draft(story, headline_en="The bridge")
    kernel.publish_languages(page=story, languages=["en"], user=translator)
    for headline in ("El puente viejo", "El puente nuevo"):
        save_draft(story, headline_es=headline)
        kernel.publish_languages(page=story, languages=["es"])
    mail = QueuedMail.objects.get(template="translations/mails/behind")
    assert (mail.to, mail.language) == (translator.email, "es")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    "name", ["assigned", "landed", "handed_back", "behind", "noted", "summary"]
)
def test_every_mail_of_the_desk_renders(home, name, language):
    line = {
        "title": "El <puente>",
        "into": "inglés",
        "words": 1,
        "url": "https://x.org",
    }
    into = {"name": "inglés", "total": 2, "behind": 1, "url": "https://x.org"}
    mail = render_message(
        template=f"translations/mails/{name}",
        language=language,
        to="a@example.org",
        context={**line, "note": "Hoy", "by": "Lucía", "to_staff": True}
        | {
            "mine": [line],
            "into": [into] if name == "summary" else "inglés",
            "day": "x",
        },
        headers={},
        identity="1",
    )
    html = mail.alternatives[0].content
    assert "https://x.org" in mail.body
    assert "https://x.org" in html
    assert "{{" not in mail.body + html


def test_the_account_page_offers_the_summary(home, client, translator):
    client.force_login(translator)
    html = client.get(reverse("wagtailadmin_account")).content.decode()
    assert "desk-daily_summary" in html
    client.force_login(make_person("keeper", "office_keeper"))
    html = client.get(reverse("wagtailadmin_account")).content.decode()
    assert "desk-daily_summary" not in html
