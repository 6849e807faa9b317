"""A deleted page can be brought back for 30 days, as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page, PageViewRestriction
from wagtail.users.models import UserProfile

from news.models import NewsIndexPage, NewsPage
from newsletter.models import (
    IssuePage,
    IssueStory,
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
)
from pages import content, restoring, tasks
from pages.actions import confirm_translation, publish_languages, schedule_publication
from pages.errors import AlreadyRestoredError
from pages.models import (
    BilingualPage,
    Confirmation,
    DeletedPage,
    PagePath,
    ScheduledPublication,
    SearchEntry,
)
from tests.pages import factories
from tests.topics.factories import make_project, make_projects

OLD = datetime(2025, 3, 1, 12, tzinfo=UTC)
BACK = {"en": "is back", "es": "ha vuelto"}
# New ids for revisions; the time a state was last written.
NOT_COMPARED = {"latest_revision", "live_revision", "path"}


@pytest.fixture
def story(index, home):
    """Live in both languages since long ago, renamed once, with a draft on top."""
    project = make_project(make_projects(home))
    made = factories.make_story(
        index,
        headline_es="Agua para todos",
        headline_en="Water for all",
        slug_es="agua-vieja",
        slug_en="water-old",
        lead_es="Un pozo.",
        lead_en="A well.",
        date=date(2025, 2, 28),
    )
    publish_languages(page=made, languages=["es", "en"], at=OLD)
    factories.save_draft(
        made, slug_es="agua", slug_en="water", projects=[project], author_en="Ana"
    )
    publish_languages(page=made, languages=["es", "en"])
    factories.save_draft(made, headline_es="Agua para todas")
    return NewsPage.objects.get(pk=made.pk)


def snapshot(page):
    """Everything that must be the same afterwards."""
    page = BilingualPage.objects.get(pk=page.pk).specific
    draft = page.get_latest_revision_as_object()
    versions = [content.loadable(content.data_of(one), page) for one in (page, draft)]
    tables = (PagePath, Confirmation, SearchEntry)
    return [
        {name: value for name, value in data.items() if name not in NOT_COMPARED}
        for data in versions
    ] + [
        sorted(
            tuple(row.items())
            for row in table.objects.filter(page=page).values()
            if row.pop("id")
        )
        for table in tables
    ]


def delete(client, page):
    url = reverse("wagtailadmin_pages:delete", args=[page.pk])
    return client.post(url, follow=True)


def speak(client, lang):
    """Have the admin speak to whoever is logged in in a language."""
    profile = UserProfile.get_for_user(client.get("/cms/").wsgi_request.user)
    profile.preferred_language = lang
    profile.save()


def undo_url(page):
    row = DeletedPage.objects.get(page_id=page.pk, restored_at=None)
    return reverse("pages_restore", args=[row.pk])


def text(response):
    return response.content.decode()


def statuses(client, *urls):
    return [client.get(url).status_code for url in urls]


ADDRESSES = (
    "/es/noticias/agua/",
    "/en/news/water/",
    "/es/noticias/agua-vieja/",
    "/en/news/water-old/",
)


def test_a_story_comes_back_as_it_was(admin_client, story):
    before = snapshot(story)
    assert statuses(admin_client, *ADDRESSES) == [200, 200, 301, 301]
    delete(admin_client, story)
    assert statuses(admin_client, *ADDRESSES) == [410] * 4
    assert not SearchEntry.objects.filter(page_id=story.pk).exists()
    admin_client.post(undo_url(story))
    assert snapshot(story) == before
    assert statuses(admin_client, *ADDRESSES) == [200, 200, 301, 301]
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_words_stay_in_their_language(admin_client, story, lang):
    with translation.override(lang):
        before = snapshot(story)
        story.delete()
        (row,) = DeletedPage.objects.all()
        restoring.restore(deleted=row, parent=Page.objects.get(pk=row.parent_id))
        assert snapshot(story) == before


@pytest.mark.parametrize(("lang", "word"), [("es", "Deshacer"), ("en", "Undo")])
def test_deleting_offers_undo(admin_client, story, lang, word):
    speak(admin_client, lang)
    shown = text(delete(admin_client, story))
    assert undo_url(story) in shown
    assert word in shown


@pytest.mark.parametrize("lang", ["es", "en"])
def test_looking_changes_nothing(admin_client, story, lang):
    speak(admin_client, lang)
    delete(admin_client, story)
    url = undo_url(story)
    shown = text(admin_client.get(url))
    wanted = {"es": "Los lectores volverán a verla", "en": "Readers will see it again"}
    assert wanted[lang] in shown
    assert not NewsPage.objects.exists()
    listed = text(admin_client.get(reverse("pages_deleted")))
    assert "Agua para todos" in listed
    assert url in listed
    assert BACK[lang] in text(admin_client.post(url, follow=True))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", "No se ha eliminado nada en los últimos 30 días."),
        ("en", "Nothing was deleted in the last 30 days."),
    ],
)
def test_an_empty_trash_says_so(admin_client, home, lang, words):
    DeletedPage.objects.all().delete()
    speak(admin_client, lang)
    assert words in text(admin_client.get(reverse("pages_deleted")))


def test_bringing_back_twice_is_refused_kindly(admin_client, story):
    speak(admin_client, "en")
    delete(admin_client, story)
    url = undo_url(story)
    row = DeletedPage.objects.get(page_id=story.pk)
    admin_client.post(url)
    assert "was already brought back" in text(admin_client.post(url, follow=True))
    with pytest.raises(AlreadyRestoredError):
        restoring.restore(deleted=row, parent=story.get_parent())
    assert NewsPage.objects.count() == 1


def test_a_page_can_be_deleted_and_brought_back_again(admin_client, story):
    before = snapshot(story)
    for _round in range(2):
        delete(admin_client, story)
        admin_client.post(undo_url(story))
    assert snapshot(story) == before


def test_what_was_below_comes_back_too(admin_client, index, story):
    draft = factories.make_story(index, headline_en="Only a draft")
    before = [snapshot(page) for page in (index, story, draft)]
    speak(admin_client, "en")
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    shown = admin_client.post(f"{bulk}?id={index.pk}&next=/cms/", follow=True)
    assert undo_url(index) in text(shown)
    assert DeletedPage.objects.waiting().tops().count() == 1
    assert "2 pages from below it" in text(admin_client.get(undo_url(index)))
    admin_client.post(undo_url(index))
    assert [snapshot(page) for page in (index, story, draft)] == before
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_page_waits_for_the_one_above(admin_client, index, story):
    speak(admin_client, "en")
    delete(admin_client, story)
    url = undo_url(story)
    delete(admin_client, index)
    shown = text(admin_client.post(url))
    assert "bring that one back first" in shown
    assert undo_url(index) in shown
    admin_client.post(undo_url(index))
    admin_client.post(url)
    assert NewsPage.objects.get().live_languages() == ["es", "en"]


def test_without_its_parent_it_comes_back_as_a_draft(admin_client, home, index, story):
    speak(admin_client, "en")
    delete(admin_client, story)
    delete(admin_client, index)
    DeletedPage.objects.filter(page_id=index.pk).delete()
    assert "no other place for it" in text(admin_client.get(undo_url(story)))
    new = NewsIndexPage(headline_es="Otras", headline_en="Other", live=False)
    home.add_child(instance=new)
    publish_languages(page=new, languages=["es", "en"])
    assert "its place is new" in text(admin_client.get(undo_url(story)))
    admin_client.post(undo_url(story))
    found = NewsPage.objects.get()
    assert found.get_parent().pk == new.pk
    assert not found.live
    assert found.get_latest_revision_as_object().headline_en == "Water for all"


def test_where_the_address_is_taken_that_language_is_a_draft(
    admin_client, index, story
):
    speak(admin_client, "en")
    delete(admin_client, story)
    factories.make_story(index, headline_en="Another", slug_en="water", live=("en",))
    assert "/en/news/water/ now belongs to “Another”" in text(
        admin_client.get(undo_url(story))
    )
    admin_client.post(undo_url(story))
    found = NewsPage.objects.get(pk=story.pk)
    assert found.live_languages() == ["es"]
    assert found.headline_en == ""
    draft = found.get_latest_revision_as_object()
    assert (draft.headline_en, draft.slug_en) == ("Water for all", "water-2")
    assert statuses(admin_client, *ADDRESSES) == [200, 200, 301, 404]
    publish_languages(page=found, languages=["en"])
    assert admin_client.get("/en/news/water-2/").status_code == 200


def test_what_is_gone_meanwhile_is_said(admin_client, story):
    speak(admin_client, "en")
    project = story.projects.get()
    delete(admin_client, story)
    project.delete()
    shown = text(admin_client.get(undo_url(story)))
    assert "what was chosen under “projects” no longer exists" in shown
    admin_client.post(undo_url(story))
    assert not NewsPage.objects.get().projects.exists()


def test_issues_pick_it_again(admin_client, home, story):
    issue = make_issue(home, story)
    delete(admin_client, story)
    assert not IssueStory.objects.exists()
    admin_client.post(undo_url(story))
    pick = IssueStory.objects.get(issue=issue)
    assert (pick.story_id, pick.headline_override_en) == (story.pk, "Read this")
    assert pick.headline_override_es == "Lea esto"


def test_an_issue_changed_meanwhile_is_named(admin_client, home, story):
    speak(admin_client, "en")
    issue = make_issue(home, story)
    delete(admin_client, story)
    factories.save_draft(issue, preheader_en="New")
    shown = text(admin_client.get(undo_url(story)))
    assert "“Picks” was changed since" in shown


def make_issue(home, story):
    """An issue of a newsletter that picks the story, under a headline of its own."""
    newsletter = Newsletter.objects.create(key="n", from_address="a@site.example")
    index = NewsletterIndexPage(headline_en="Newsletters", live=False)
    page = NewsletterPage(headline_en="Letter", newsletter=newsletter, live=False)
    issue = IssuePage(headline_en="Picks", original_language="en", live=False)
    words = {"headline_override_es": "Lea esto", "headline_override_en": "Read this"}
    issue.stories.add(IssueStory(story=story, **words))
    home.add_child(instance=index)
    index.add_child(instance=page)
    page.add_child(instance=issue)
    return issue


def test_restrictions_and_plans_come_back(admin_client, story):
    PageViewRestriction.objects.create(
        page=story, restriction_type=PageViewRestriction.LOGIN
    )
    soon = timezone.now() + timedelta(days=2)
    schedule_publication(page=story, languages=["es"], at=soon)
    delete(admin_client, story)
    admin_client.post(undo_url(story))
    assert story.view_restrictions.count() == 1
    assert ScheduledPublication.objects.get().at == soon


def test_a_plan_whose_moment_passed_does_not_come_back(admin_client, story):
    speak(admin_client, "en")
    soon = timezone.now() + timedelta(days=2)
    schedule_publication(page=story, languages=["es"], at=soon)
    delete(admin_client, story)
    row = DeletedPage.objects.get()
    for entry in row.rows:
        if entry["model"] == "pages.scheduledpublication":
            entry["fields"]["at"] = OLD.isoformat()
    row.save()
    assert "a plan to publish it" in text(admin_client.get(undo_url(story)))
    admin_client.post(undo_url(story))
    assert not ScheduledPublication.objects.exists()


def test_a_confirmed_translation_stays_confirmed(admin_client, story):
    confirm_translation(page=story, language="en")
    before = story.confirmations.get()
    delete(admin_client, story)
    admin_client.post(undo_url(story))
    after = story.confirmations.get()
    assert (after.digest, after.confirmed_at) == (before.digest, before.confirmed_at)


def test_who_deleted_it_is_kept(admin_client, story):
    delete(admin_client, story)
    assert DeletedPage.objects.get().deleted_by.username == "boss"


def test_only_who_may_add_there_brings_back(client, admin_client, story):
    delete(admin_client, story)
    url = undo_url(story)
    client.force_login(factories.make_person("itzel", "translator_en"))
    for refused in (
        client.get(url, follow=True),
        client.post(url, follow=True),
        client.get(reverse("pages_deleted"), follow=True),
    ):
        assert "Agua para todos" not in text(refused)
    assert not NewsPage.objects.exists()
    client.force_login(factories.make_person("lucia", "editor"))
    client.post(url)
    assert NewsPage.objects.get().live_languages() == ["es", "en"]


def test_after_30_days_it_is_forgotten(admin_client, story):
    delete(admin_client, story)
    url = undo_url(story)
    assert tasks.forget_deleted_pages() == 0
    past = timezone.now() - timedelta(days=30, minutes=1)
    DeletedPage.objects.update(deleted_at=past)
    assert admin_client.get(url, follow=True).status_code == 404
    assert tasks.forget_deleted_pages() >= 1
    assert not DeletedPage.objects.exists()
