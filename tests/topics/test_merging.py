"""Two projects, or two countries, become one, and nothing that used them is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from news.models import NewsPage
from newsletter.dispatching.actions import create_dispatch
from newsletter.dispatching.audience import Audience, audience_of
from newsletter.models import Newsletter, SavedFilter, Subscriber, Subscription
from pages import restoring
from pages.actions import publish_languages, schedule_publication
from pages.models import DeletedPage, PagePath, ScheduledPublication
from tests.news.factories import make_story
from tests.offices.factories import make_office
from tests.pages import factories
from tests.topics.factories import make_country, make_project
from topics.errors import CannotMergeError
from topics.merging import merge_terms
from topics.models import CountryPage, ProjectPage
from topics.uses import uses


@pytest.fixture
def water(projects):
    """The project that will go."""
    return make_project(projects)


@pytest.fixture
def kept(projects):
    """The project that stays."""
    return make_project(projects, "Agua segura", "Safe water")


@pytest.fixture
def boss(client, db):
    person = factories.make_person("boss", superuser=True)
    client.force_login(person)
    return person


def speak(client, lang):
    profile = UserProfile.get_for_user(client.get("/cms/").wsgi_request.user)
    profile.preferred_language = lang
    profile.save()


def follow(number, *projects):
    newsletter, _new = Newsletter.objects.get_or_create(
        key="letter", defaults={"from_address": "a@site.example"}
    )
    subscriber = Subscriber.objects.create(
        address=f"r{number}@lector.example.org", language="es"
    )
    made = Subscription.objects.create(subscriber=subscriber, newsletter=newsletter)
    made.projects.set(projects)
    return made


def merge_url(term):
    return reverse("topics_merge", args=[term.pk])


def text(response):
    return response.content.decode()


def projects_of(page):
    return list(NewsPage.objects.get(pk=page.pk).projects.values_list("pk", flat=True))


def drafted_projects_of(page):
    draft = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return [project.pk for project in draft.projects.all()]


def test_stories_and_their_drafts_go_over(client, boss, index, water, kept):
    live = make_story(index, 1, projects=[water])
    factories.save_draft(live, headline_en="Half done")
    both = make_story(index, 2, projects=[water, kept])
    draft = make_story(index, 3, live=())
    factories.save_draft(draft, projects=[water])
    client.post(merge_url(water), {"into": kept.pk})
    assert not ProjectPage.objects.filter(pk=water.pk).exists()
    assert projects_of(live) == projects_of(both) == [kept.pk]
    for page in (live, both, draft):
        assert drafted_projects_of(page) == [kept.pk]
    published = publish_languages(page=live, languages=["en"])
    assert projects_of(published) == [kept.pk]


def test_plans_and_deleted_stories_keep_the_kept_term(index, water, kept):
    planned = make_story(index, 1, projects=[water])
    soon = timezone.now() + timedelta(days=1)
    schedule_publication(page=planned, languages=["es"], at=soon)
    gone = make_story(index, 2, projects=[water])
    gone.delete()
    merge_terms(merged=water, kept=kept)
    due = ScheduledPublication.objects.get()
    assert due.content["projects"] == due.base["projects"] == [kept.pk]
    row = DeletedPage.objects.get(page_id=gone.pk)
    restoring.restore(deleted=row, parent=index)
    assert projects_of(gone) == drafted_projects_of(gone) == [kept.pk]


def test_a_planned_sending_is_for_who_follows_the_kept_one(water, kept):
    newsletter = follow(1, water).newsletter
    planned = create_dispatch(
        newsletter=newsletter, title="Uno", audience=Audience(frozenset([water.pk]))
    )
    merge_terms(merged=water, kept=kept)
    assert audience_of(planned).projects == {kept.pk}


def test_saved_filters_look_for_the_kept_one(client, boss, water, kept):
    newsletter = follow(1, water).newsletter
    criteria = {"project": str(water.pk), "language": "es"}
    saved = SavedFilter.objects.create(name="Agua", criteria=criteria)
    other = SavedFilter.objects.create(name="No", criteria={"country": str(water.pk)})
    planned = create_dispatch(
        newsletter=newsletter, title="Uno", audience=Audience(criteria=criteria)
    )
    assert "1 filtro guardado" in text(client.get(merge_url(water), {"into": kept.pk}))
    assert {"filtros guardados: 1", "envíos: 1"} <= set(uses(water))
    merge_terms(merged=water, kept=kept)
    wanted = {"project": str(kept.pk), "language": "es"}
    for row in (saved, planned, other):
        row.refresh_from_db()
    assert saved.criteria == planned.criteria == wanted
    assert other.criteria == {"country": str(criteria["project"])}


def test_followers_follow_the_kept_one_once(water, kept):
    one, both = follow(1, water), follow(2, water, kept)
    merge_terms(merged=water, kept=kept)
    for subscription in (one, both):
        assert list(subscription.projects.values_list("pk", flat=True)) == [kept.pk]


def test_addresses_lead_to_the_kept_one(client, water, kept):
    factories.save_draft(water, slug_en="clean-water")
    publish_languages(page=water, languages=["en"])
    merge_terms(merged=ProjectPage.objects.get(pk=water.pk), kept=kept)
    for old, new in (
        ("/es/proyectos/agua/", "/es/proyectos/agua-segura/"),
        ("/en/projects/water/", "/en/projects/safe-water/"),
        ("/en/projects/clean-water/", "/en/projects/safe-water/"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)
    moved = PagePath.objects.filter(page=kept, is_current=False)
    assert moved.count() == 3
    assert all(moved.values_list("was_public", flat=True))


def test_an_address_nobody_saw_is_free_again(projects, kept):
    draft = make_project(projects, "Borrador", "Draft", live=())
    merge_terms(merged=draft, kept=kept)
    assert not PagePath.objects.filter(url_path__contains="draft").exists()


def test_offices_go_over(countries):
    old = make_country(countries)
    new = make_country(countries, "BO", ("Bolivia", "Bolivia"))
    office = make_office("PE")
    merge_terms(merged=old, kept=new)
    office.refresh_from_db()
    assert office.country_id == new.pk
    assert list(CountryPage.objects.all()) == [new]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", ["2 noticias", "1 seguimiento", "2 direcciones", "no se puede desha"]),
        ("en", ["2 stories", "1 follow", "2 addresses", "A merge cannot be undone."]),
    ],
)
def test_what_moves_is_said_before(client, boss, index, water, kept, lang, words):
    speak(client, lang)
    make_story(index, 1, projects=[water])
    factories.save_draft(make_story(index, 2, live=()), projects=[water])
    follow(1, water)
    shown = text(client.get(merge_url(water), {"into": kept.pk}))
    for found in [*words, "/es/proyectos/agua-segura/"]:
        assert found in shown
    assert ProjectPage.objects.count() == 2
    assert PagePath.objects.filter(page=water).count() == 2


def test_the_terms_to_choose_from_are_of_its_kind(client, boss, water, kept, countries):
    make_country(countries)
    shown = text(client.get(merge_url(water)))
    assert f'<option value="{kept.pk}"' in shown
    assert "Perú" not in shown.split('name="into"')[1].split("</select>")[0]


def test_another_kind_is_refused(client, boss, water, countries):
    peru = make_country(countries)
    refused = client.post(merge_url(water), {"into": peru.pk}, follow=True)
    assert refused.status_code == 404
    with pytest.raises(CannotMergeError):
        merge_terms(merged=water, kept=peru)
    with pytest.raises(CannotMergeError):
        merge_terms(merged=water, kept=water)
    assert ProjectPage.objects.filter(pk=water.pk).exists()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", "No hay otro del mismo tipo"), ("en", "There is no other one of its kind")],
)
def test_the_only_one_has_nothing_to_merge_into(client, boss, water, lang, words):
    speak(client, lang)
    assert words in text(client.get(merge_url(water)))


def test_readers_who_would_find_nothing_are_named(client, boss, projects, water):
    speak(client, "en")
    only = make_project(projects, "Semillas", "", live=("es",))
    shown = text(client.get(merge_url(water), {"into": only.pk}))
    assert "“Semillas” is not published in English" in shown


def test_the_refusal_to_delete_leads_here(client, boss, index, water):
    make_story(index, 1, projects=[water])
    delete = reverse("wagtailadmin_pages:delete", args=[water.pk])
    assert merge_url(water) in text(client.post(delete, follow=True))


def test_the_editor_and_the_list_lead_here(client, boss, projects, water):
    edit = reverse("wagtailadmin_pages:edit", args=[water.pk])
    listing = reverse("wagtailadmin_explore", args=[projects.pk])
    for url in (edit, listing):
        assert merge_url(water) in text(client.get(url))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("administrator", True),
        ("editor", True),
        ("translator_en", False),
        ("newsletter_sender", False),
    ],
)
def test_only_who_writes_terms_may_merge(client, water, kept, role, may):
    client.force_login(factories.make_person("somebody", role))
    edit = reverse("wagtailadmin_pages:edit", args=[water.pk])
    assert (merge_url(water) in text(client.get(edit))) is may
    client.post(merge_url(water), {"into": kept.pk})
    assert ProjectPage.objects.filter(pk=water.pk).exists() is not may


def test_merging_twice_says_so(client, boss, water, kept):
    speak(client, "en")
    client.post(merge_url(water), {"into": kept.pk})
    again = client.post(merge_url(water), {"into": kept.pk}, follow=True)
    assert "It no longer exists" in text(again)
    with pytest.raises(CannotMergeError):
        merge_terms(merged=water, kept=kept)


def test_a_merge_is_not_in_the_trash(water, kept):
    merge_terms(merged=water, kept=kept)
    assert not DeletedPage.objects.filter(page_id=water.pk).exists()
