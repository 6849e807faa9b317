"""Languages are published one by one."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone, translation
from wagtail.models import Revision

from front.models import PlainPage
from news.models import NewsPage
from pages import actions
from pages.errors import NothingToPublishError
from pages.models import BilingualPage, Confirmation
from pages.signals import language_published, language_unpublished
from pictures.models import Picture
from tests.pages.factories import make_story, save_draft
from tests.pictures.photos import photo
from topics.models import ProjectIndexPage, ProjectPage

pytestmark = pytest.mark.django_db


def fresh(page):
    return NewsPage.objects.get(pk=page.pk)


@pytest.fixture
def heard():
    """What the kernel told the other rooms."""
    found = []

    def published(page, language, first, **kwargs):
        found.append(("published", language, first))

    def unpublished(page, language, **kwargs):
        found.append(("unpublished", language))

    language_published.connect(published)
    language_unpublished.connect(unpublished)
    yield found
    language_published.disconnect(published)
    language_unpublished.disconnect(unpublished)


@pytest.mark.parametrize("ui", ["es", "en"])
def test_publishing_spanish_leaves_a_half_written_english_as_it_was(index, client, ui):
    story = make_story(
        index, live=("es", "en"), headline_es="Puente", headline_en="Bridge"
    )
    save_draft(story, headline_es="Puente nuevo", headline_en="Bri (half done")
    with translation.override(ui):
        actions.publish_languages(page=story, languages=["es"])
    live = fresh(story)
    assert (live.headline_es, live.headline_en) == ("Puente nuevo", "Bridge")
    assert live.live_revision.content["headline_en"] == "Bridge"
    draft = live.get_latest_revision_as_object()
    assert (draft.headline_es, draft.headline_en) == ("Puente nuevo", "Bri (half done")
    assert live.has_unpublished_changes


@pytest.mark.parametrize("ui", ["es", "en"])
def test_a_language_not_live_is_blank_on_the_live_row_and_kept_in_the_draft(index, ui):
    with translation.override(ui):
        story = make_story(
            index,
            live=("es",),
            headline_es="Puente",
            headline_en="Bridge",
            body_en=[("paragraph", "<p>Half</p>")],
        )
    live = fresh(story)
    assert (live.live_es, live.live_en) == (True, False)
    assert not live.headline_en
    assert not live.body_en
    draft = live.get_latest_revision_as_object()
    assert draft.headline_en == "Bridge"
    assert "Half" in str(draft.body_en)


def test_publishing_both_leaves_no_draft(index):
    story = make_story(
        index, live=("es", "en"), headline_es="Puente", headline_en="Bridge"
    )
    assert not fresh(story).has_unpublished_changes


def test_shared_fields_go_live_with_either_language(index):
    story = make_story(index, live=("es",), headline_es="Puente")
    save_draft(story, date=dt.date(2025, 1, 2), headline_en="Bridge")
    actions.publish_languages(page=story, languages=["en"])
    live = fresh(story)
    assert live.date == dt.date(2025, 1, 2)
    assert (live.headline_es, live.headline_en) == ("Puente", "Bridge")


def test_the_other_rooms_hear_each_language_once(index, heard):
    story = make_story(index, live=("es",), headline_es="Puente", headline_en="Bridge")
    actions.publish_languages(page=story, languages=["es"])
    actions.unpublish_language(page=story, language="es")
    assert heard == [
        ("published", "es", True),
        ("published", "es", False),
        ("unpublished", "es"),
    ]


def test_a_language_without_a_headline_is_refused_and_nothing_changes(index):
    story = make_story(index, live=("es",), headline_es="Puente")
    save_draft(story, headline_es="Otro")
    with pytest.raises(ValidationError) as refused:
        actions.publish_languages(page=story, languages=["es", "en"])
    assert list(refused.value.message_dict) == ["headline_en"]
    assert fresh(story).headline_es == "Puente"


def test_no_language_or_an_unknown_one_is_refused(index):
    story = make_story(index, headline_es="Puente")
    for named in ([], ["fr"]):
        with pytest.raises(NothingToPublishError):
            actions.publish_languages(page=story, languages=named)


def test_a_page_is_not_published_under_one_that_is_not_there_in_that_language(home):
    parent = make_plain(home, live=("es",), headline_es="Nosotros")
    child = make_plain(parent, headline_es="Equipo", headline_en="Team")
    english = translation.override("en")
    with english, pytest.raises(ValidationError, match="not there in English"):
        actions.publish_languages(page=child, languages=["en"])


def make_plain(parent, live=(), **fields):
    page = PlainPage(live=False, **fields)
    parent.add_child(instance=page)
    return actions.publish_languages(page=page, languages=live) if live else page


def test_either_language_may_be_the_only_one(index, client):
    with translation.override("es"):
        story = make_story(
            index, live=("en",), headline_en="Bridge", original_language="en"
        )
    assert fresh(story).title == "Bridge"
    assert fresh(story).public_path_es is None
    assert client.get("/en/news/bridge/").status_code == 200
    assert client.get("/es/noticias/bridge/").status_code == 404


def test_taking_one_language_down_keeps_the_other_and_the_words(index, client):
    story = make_story(
        index, live=("es", "en"), headline_es="Puente", headline_en="Bridge"
    )
    actions.unpublish_language(page=story, language="en")
    live = fresh(story)
    assert live.live
    assert (live.live_es, live.live_en) == (True, False)
    assert not live.headline_en
    assert live.get_latest_revision_as_object().headline_en == "Bridge"
    assert client.get("/en/news/bridge/").status_code == 404
    assert client.get("/es/noticias/puente/").status_code == 200


def test_taking_the_last_language_down_takes_the_page_down(index):
    story = make_story(index, live=("es",), headline_es="Puente")
    actions.unpublish_language(page=story, language="es")
    assert not fresh(story).live
    assert not fresh(story).live_es


def test_wagtails_own_unpublish_ends_every_language(index):
    story = make_story(
        index, live=("es", "en"), headline_es="Puente", headline_en="Bridge"
    )
    story.unpublish()
    live = fresh(story)
    assert (live.live, live.live_es, live.live_en) == (False, False, False)
    assert live.state_es == "draft"


def test_first_published_stays_when_a_language_comes_back(index):
    story = make_story(index, live=("es",), headline_es="Puente")
    first = fresh(story).first_published_at_es
    actions.unpublish_language(page=story, language="es")
    actions.publish_languages(page=story, languages=["es"])
    assert fresh(story).first_published_at_es == first
    assert fresh(story).last_published_at_es > first


def test_publishing_can_be_backdated(index):
    then = timezone.now() - dt.timedelta(days=300)
    story = make_story(index, headline_es="Puente")
    actions.publish_languages(page=story, languages=["es"], at=then)
    live = fresh(story)
    assert live.first_published_at_es == live.last_published_at_es == then
    assert live.first_published_at == then


def test_stock_publishing_is_shut(index):
    story = make_story(index, headline_es="Puente")
    with pytest.raises(PermissionDenied):
        story.save_revision().publish()
    assert not fresh(story).live


def test_a_schedule_publishes_its_own_text_and_not_an_older_date(index):
    story = make_story(index, live=("es",), headline_es="Puente")
    save_draft(story, headline_en="Bridge on Friday")
    soon = timezone.now() + dt.timedelta(hours=1)
    actions.schedule_publication(page=story, languages=["en"], at=soon)
    save_draft(story, date=dt.date(2025, 3, 4))
    actions.publish_languages(page=story, languages=["es"])
    save_draft(story, headline_en="Bridge, later thoughts")
    assert actions.run_due_publications() == 0
    assert actions.run_due_publications(now=soon) == 1
    live = fresh(story)
    assert live.headline_en == "Bridge on Friday"
    assert live.date == dt.date(2025, 3, 4)
    draft = live.get_latest_revision_as_object()
    assert draft.headline_en == "Bridge, later thoughts"
    assert actions.run_due_publications(now=soon) == 0


def test_a_schedule_of_a_page_nobody_saw_brings_no_older_date_back(index):
    story = make_story(index, headline_es="Puente", headline_en="Bridge")
    soon = timezone.now() + dt.timedelta(hours=1)
    actions.schedule_publication(page=story, languages=["en"], at=soon)
    save_draft(story, date=dt.date(2025, 3, 4))
    actions.publish_languages(page=story, languages=["es"])
    assert actions.run_due_publications(now=soon) == 1
    live = fresh(story)
    assert live.live_languages() == ["es", "en"]
    assert live.date == dt.date(2025, 3, 4)


def test_a_schedule_of_a_page_still_unseen_publishes_its_own_date(index):
    story = make_story(index, headline_es="Puente", date=dt.date(2025, 1, 1))
    save_draft(story, date=dt.date(2025, 2, 2))
    now = timezone.now()
    actions.schedule_publication(page=story, languages=["es"], at=now)
    save_draft(story, date=dt.date(2025, 3, 3))
    assert actions.run_due_publications(now=now) == 1
    assert fresh(story).date == dt.date(2025, 2, 2)


@pytest.mark.parametrize("live", [(), ("es",)])
def test_a_later_plan_is_not_held_to_what_an_earlier_one_published(index, live):
    story = make_story(index, live=live, headline_es="Puente", headline_en="Bridge")
    now = timezone.now()
    soon = now + dt.timedelta(hours=1)
    for day, language, at in ((1, "es", now), (2, "en", soon)):
        save_draft(story, date=dt.date(2025, 1, day))
        actions.schedule_publication(page=fresh(story), languages=[language], at=at)
    assert actions.run_due_publications(now=now) == 1
    assert fresh(story).date == dt.date(2025, 1, 1)
    assert actions.run_due_publications(now=soon) == 1
    assert fresh(story).date == dt.date(2025, 1, 2)


def test_a_schedule_can_take_a_language_down(index):
    story = make_story(
        index, live=("es", "en"), headline_es="Puente", headline_en="Bridge"
    )
    now = timezone.now()
    actions.schedule_publication(page=story, languages=["en"], at=now, kind="unpublish")
    assert actions.run_due_publications(now=now) == 1
    assert fresh(story).live_languages() == ["es"]


def test_a_schedule_that_cannot_run_says_why_and_changes_nothing(home):
    parent = make_plain(home, headline_es="Nosotros")
    child = make_plain(parent, headline_es="Equipo", headline_en="Team")
    now = timezone.now()
    due = actions.schedule_publication(page=child, languages=["en"], at=now)
    with translation.override("en"):
        assert actions.run_due_publications(now=now) == 0
    due.refresh_from_db()
    assert "not there in English" in due.error
    assert not BilingualPage.objects.get(pk=child.pk).live


@pytest.fixture
def fails_on():
    """Has publishing a page of a certain headline end in an error."""
    error = {}

    def fail(page, **kwargs):
        if page.headline_es in error:
            raise error[page.headline_es]

    language_published.connect(fail)
    yield error
    language_published.disconnect(fail)


def test_a_schedule_that_breaks_holds_up_no_other(index, fails_on):
    bad, good = (make_story(index, headline_es=name) for name in ("Mala", "Buena"))
    now = timezone.now()
    plans = [
        actions.schedule_publication(page=page, languages=["es"], at=now)
        for page in (bad, good)
    ]
    fails_on["Mala"] = RuntimeError("nobody foresaw this")
    assert actions.run_due_publications(now=now) == 1
    assert (fresh(bad).live, fresh(good).live) == (False, True)
    plans[0].refresh_from_db()
    assert plans[0].done_at == now
    assert "log" in plans[0].error
    assert "foresaw" not in plans[0].error
    fails_on.clear()
    assert actions.run_due_publications(now=now) == 0


def test_a_schedule_waits_for_a_database_that_is_busy(index, fails_on):
    story = make_story(index, headline_es="Mala")
    now = timezone.now()
    due = actions.schedule_publication(page=story, languages=["es"], at=now)
    fails_on["Mala"] = OperationalError("database is locked")
    assert actions.run_due_publications(now=now) == 0
    due.refresh_from_db()
    assert (due.done_at, due.error) == (None, "")
    fails_on.clear()
    assert actions.run_due_publications(now=now) == 1


def test_a_go_live_date_on_a_revision_stops_no_other_schedule(index):
    """Such a date makes Wagtail's own command stop at the first of our pages."""
    dated, other = (make_story(index, headline_es=name) for name in ("Una", "Otra"))
    now = timezone.now()
    Revision.objects.filter(object_id=str(dated.pk)).update(approved_go_live_at=now)
    for page in (dated, other):
        actions.schedule_publication(page=page, languages=["es"], at=now)
    assert actions.run_due_publications(now=now) == 2
    assert fresh(dated).live_es
    assert fresh(other).live_es
    held = Revision.objects.exclude(approved_go_live_at=None)
    assert not held.filter(object_id=str(dated.pk)).exists()


def test_rebuild_frees_revisions_of_a_go_live_date(index):
    story = make_story(index, headline_es="Una")
    revisions = Revision.objects.filter(object_id=str(story.pk))
    revisions.update(approved_go_live_at=timezone.now())
    call_command("rebuild", stdout=StringIO())
    assert not revisions.exclude(approved_go_live_at=None).exists()


def test_a_cancelled_schedule_does_not_run(index):
    story = make_story(index, headline_es="Puente")
    now = timezone.now()
    due = actions.schedule_publication(page=story, languages=["es"], at=now)
    assert actions.cancel_schedule(schedule=due)
    assert actions.run_due_publications(now=now) == 0
    assert not actions.cancel_schedule(schedule=due)


def test_states_follow_a_page_through_its_life(index):
    story = make_story(index, headline_es="Puente")
    assert (fresh(story).state_es, fresh(story).state_en) == ("draft", "missing")
    actions.publish_languages(page=story, languages=["es"])
    save_draft(story, headline_en="Bridge")
    assert (fresh(story).state_es, fresh(story).state_en) == ("live", "draft")
    actions.publish_languages(page=story, languages=["en"])
    assert fresh(story).state_en == "live"
    save_draft(story, headline_es="Puente roto")
    assert fresh(story).state_en == "live"
    actions.publish_languages(page=story, languages=["es"])
    assert fresh(story).state_en == "behind"
    actions.publish_languages(page=story, languages=["en"])
    assert fresh(story).state_en == "behind"
    actions.confirm_translation(page=story, language="en")
    assert fresh(story).state_en == "live"


def test_another_original_counts_once_it_is_published(index):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    actions.unpublish_language(page=story, language="es")
    save_draft(story, original_language="en")
    assert fresh(story).state_en == "live"
    actions.publish_languages(page=story, languages=["en"])
    assert (fresh(story).state_es, fresh(story).state_en) == ("draft", "live")


def test_a_copy_that_is_edited_has_no_revision_and_date_of_another_page(index):
    story = make_story(index, live=("es",), headline_es="Uno")
    save_draft(story, headline_es="Dos")
    page = fresh(story).copy()
    draft = page.get_latest_revision_as_object()
    draft.save()  # as the editor does while a page is not live
    row = fresh(page)
    assert row.live_revision is None
    assert (row.first_published_at, row.last_published_at) == (None, None)


def test_moving_a_block_does_not_put_the_translation_behind(index):
    story = make_story(
        index,
        live=("es", "en"),
        headline_es="Puente",
        headline_en="Bridge",
        body_es=[("heading", "Uno"), ("heading", "Dos")],
    )
    assert Confirmation.objects.filter(page_id=story.pk, language="en").exists()
    draft = fresh(story).get_latest_revision_as_object()
    save_draft(story, body_es=list(reversed(list(draft.body_es.raw_data))))
    actions.publish_languages(page=story, languages=["es"])
    assert fresh(story).state_en == "live"
    assert str(fresh(story).body_es).index("Dos") < str(fresh(story).body_es).index(
        "Uno"
    )


def test_changed_says_when_which_language_changed(index):
    story = make_story(index, live=("es",), headline_es="Puente")
    save_draft(story, headline_en="A bridge")
    before = fresh(story)
    save_draft(story, headline_en="Bridge")
    assert fresh(story).changed_es == before.changed_es
    assert fresh(story).changed_en > before.changed_en


def test_a_revision_keeps_both_languages_apart(index):
    with translation.override("en"):
        story = make_story(index, headline_es="Puente", headline_en="Bridge")
    with translation.override("es"):
        draft = fresh(story).get_latest_revision_as_object()
        assert (draft.headline_es, draft.headline_en) == ("Puente", "Bridge")


def test_projects_are_shared_by_both_languages(index, home):
    projects = ProjectIndexPage(headline_es="Proyectos", live=False)
    home.add_child(instance=projects)
    water = ProjectPage(headline_es="Agua", live=False)
    projects.add_child(instance=water)
    story = make_story(index, headline_es="Puente", headline_en="Bridge")
    draft = fresh(story).get_latest_revision_as_object()
    draft.projects = [water]
    draft.save_revision()
    actions.publish_languages(page=story, languages=["es"])
    assert list(fresh(story).projects.all()) == [water]


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Picture.objects.create(
        title="Puente", file=ContentFile(photo(), name="p.jpg"), alt_es="Un puente"
    )


def with_picture(index, picture, **value):
    block = {"picture": picture, "alt_decision": "describe", "alt": "", **value}
    words = {"headline_es": "Uno", "headline_en": "One"}
    body = [("picture", block)]
    return make_story(index, body_es=body, body_en=body, **words)


def test_a_picture_nobody_described_is_not_published(index, picture):
    story = with_picture(index, picture)
    actions.publish_languages(page=story, languages=["es"])
    with pytest.raises(ValidationError) as refused:
        actions.publish_languages(page=story, languages=["en"])
    assert list(refused.value.message_dict) == ["body_en"]


@pytest.mark.parametrize("value", [{"alt": "A bridge"}, {"alt_decision": "decorative"}])
def test_either_decision_about_a_picture_will_do(index, picture, value):
    story = with_picture(index, picture, **value)
    live = actions.publish_languages(page=story, languages=["en"])
    assert live.live_en
