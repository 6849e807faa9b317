"""A translator writes one language, by whatever way, and nothing else."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageViewRestriction
from wagtail.test.utils.form_data import rich_text, streamfield

from front.models import PlainPage
from news.models import NewsPage
from pages import actions
from people import roles
from tests.pages.editor import edit_url, fresh, story_data
from tests.pages.factories import make_person, make_story, save_draft
from topics.models import CountryIndexPage, CountryPage

pytestmark = pytest.mark.django_db

WORDS = {"headline_es": "Uno", "headline_en": "One"}
SHARED = {"date": dt.date(2025, 2, 3), "original_language": "es"}


@pytest.fixture(params=["es", "en"])
def own(request):
    """The language the translator writes."""
    return request.param


@pytest.fixture
def other(own):
    return {"es": "en", "en": "es"}[own]


@pytest.fixture
def translator(own, client):
    person = make_person("translator", f"translator_{own}")
    client.force_login(person)
    return person


@pytest.fixture
def story(index, home):
    countries = CountryIndexPage(headline_es="Países", live=False)
    home.add_child(instance=countries)
    peru = CountryPage(headline_es="Perú", code="PE", live=False)
    countries.add_child(instance=peru)
    body = [("paragraph", "<p>Original</p>")]
    made = make_story(index, **WORDS, **SHARED, body_es=body, body_en=body)
    draft = fresh(made).get_latest_revision_as_object()
    draft.countries = [peru]
    draft.save_revision()
    draft.save()
    return made


def forged(button=None, **fields):
    """Every field of the form, changed."""
    text = streamfield([("paragraph", rich_text("<p>Nuevo</p>"))])
    words = {
        f"{name}_{code}": f"{name} {code}"
        for name in ("headline", "lead", "author", "meta_title", "meta_description")
        for code in ("es", "en")
    }
    slugs = {"slug_es": "nuevo", "slug_en": "new"}
    shared = {"date": "1999-01-01", "original_language": "en", "show_in_menus": "on"}
    known = {**words, **slugs, **shared, "countries": [], "title": "X", "slug": "x"}
    return story_data(button, **{**known, **fields}, body_es=text, body_en=text)


def draft_of(page):
    return fresh(page).get_latest_revision_as_object()


def assert_only_own_changed(draft, own, other):
    """What `forged` says in the own language, and what stood there before in all."""
    assert getattr(draft, f"headline_{own}") == f"headline {own}"
    assert getattr(draft, f"lead_{own}") == f"lead {own}"
    assert getattr(draft, f"slug_{own}") == {"es": "nuevo", "en": "new"}[own]
    assert "Nuevo" in str(getattr(draft, f"body_{own}"))
    assert_rest_stands(draft, other)


def assert_rest_stands(draft, other):
    assert getattr(draft, f"headline_{other}") == WORDS[f"headline_{other}"]
    assert not getattr(draft, f"lead_{other}")
    assert not getattr(draft, f"meta_title_{other}")
    assert getattr(draft, f"slug_{other}") == {"es": "uno", "en": "one"}[other]
    assert "Original" in str(getattr(draft, f"body_{other}"))
    assert {name: getattr(draft, name) for name in SHARED} == SHARED
    assert not draft.show_in_menus
    assert [country.code for country in draft.countries.all()] == ["PE"]


def test_other_fields_are_shown_to_read_without_an_input(
    story, client, translator, own, other
):
    save_draft(story, **{f"lead_{other}": "Léame por favor"})
    html = client.get(edit_url(story)).content.decode()
    assert f'name="headline_{own}"' in html
    assert f'name="slug_{own}"' in html
    assert f'id="body_{own}"' in html
    for name in (f"headline_{other}", f"meta_title_{other}", f"slug_{other}"):
        assert f'name="{name}"' not in html
    assert f'id="body_{other}"' not in html
    for name in ("date", "countries", "original_language"):
        assert f'name="{name}"' not in html
    for text in ("Léame por favor", "Original", "Perú", WORDS[f"headline_{other}"]):
        assert text in html


def test_a_writer_gets_every_field(story, editor_client):
    html = editor_client.get(edit_url(story)).content.decode()
    for name in ("headline_es", "headline_en", "date", "countries", "author_en"):
        assert f'name="{name}"' in html
    assert "pg-reading" not in html


@pytest.mark.parametrize("live", [(), ("es",), ("es", "en")])
@pytest.mark.parametrize("autosaved", [False, True])
def test_whatever_is_sent_only_the_own_language_is_saved(
    story, client, translator, own, other, live, autosaved
):
    if live:
        actions.publish_languages(page=story, languages=live)
    row = fresh(story)
    before = {name: getattr(row, name) for name in (*WORDS, "date")}
    headers = {"Accept": "application/json"} if autosaved else {}
    response = client.post(edit_url(story), forged(), headers=headers)
    assert response.status_code == (200 if autosaved else 302)
    assert_only_own_changed(draft_of(story), own, other)
    if live:
        row = fresh(story)
        assert {name: getattr(row, name) for name in before} == before
    else:
        assert_rest_stands(fresh(story), other)


def test_autosave_overwrites_only_the_own_language(
    story, client, translator, own, other
):
    headers = {"Accept": "application/json"}
    first = client.post(edit_url(story), forged(), headers=headers).json()
    again = forged(**{f"headline_{own}": "Otra"})
    again["overwrite_revision_id"] = first["revision_id"]
    second = client.post(edit_url(story), again, headers=headers).json()
    assert second["revision_id"] == first["revision_id"]
    assert getattr(draft_of(story), f"headline_{own}") == "Otra"
    assert_rest_stands(draft_of(story), other)


def test_what_others_saved_meanwhile_is_not_undone(
    story, client, translator, own, other
):
    save_draft(story, date=dt.date(2025, 9, 9), **{f"lead_{other}": "De otra persona"})
    client.post(edit_url(story), forged())
    draft = draft_of(story)
    assert draft.date == dt.date(2025, 9, 9)
    assert getattr(draft, f"lead_{other}") == "De otra persona"
    assert getattr(draft, f"lead_{own}") == f"lead {own}"


@pytest.mark.parametrize("live", [(), ("es", "en")])
def test_publishing_puts_only_the_own_language_live(
    story, client, translator, own, other, live
):
    if live:
        actions.publish_languages(page=story, languages=live)
    client.post(edit_url(story), forged(f"action-publish-{own}"))
    page = fresh(story)
    assert getattr(page, f"headline_{own}") == f"headline {own}"
    assert page.live_languages() == list(live or [own])
    assert page.date == SHARED["date"]
    assert_rest_stands(draft_of(story), other)


def test_publishing_leaves_what_is_shared_to_those_who_write_it(
    story, client, translator, own, other
):
    actions.publish_languages(page=story, languages=["es", "en"])
    unpublished = {"date": dt.date(2030, 1, 1), f"lead_{other}": "A medias"}
    save_draft(story, **unpublished)
    client.post(edit_url(story), forged(f"action-publish-{own}"))
    page, draft = fresh(story), draft_of(story)
    assert getattr(page, f"lead_{own}") == f"lead {own}"
    assert page.date == SHARED["date"]
    assert not getattr(page, f"lead_{other}")
    assert {name: getattr(draft, name) for name in unpublished} == unpublished
    assert page.has_unpublished_changes
    actions.publish_languages(page=story, languages=[other])
    assert fresh(story).date == dt.date(2030, 1, 1)


def test_a_plan_of_a_translator_leaves_what_is_shared(story, translator, own):
    actions.publish_languages(page=story, languages=["es", "en"])
    save_draft(story, date=dt.date(2030, 1, 1), **{f"lead_{own}": "Mío"})
    now = timezone.now()
    actions.schedule_publication(page=story, languages=[own], at=now, user=translator)
    assert actions.run_due_publications(now=now) == 1
    assert getattr(fresh(story), f"lead_{own}") == "Mío"
    assert fresh(story).date == SHARED["date"]
    assert draft_of(story).date == dt.date(2030, 1, 1)


def test_both_at_once_and_the_other_language_are_not_published(
    story, client, translator, own, other
):
    for name in ("all", other):
        client.post(edit_url(story), forged(f"action-publish-{name}"))
    assert fresh(story).live_languages() == []


def test_a_revert_brings_back_the_own_language_only(
    story, client, translator, own, other
):
    old = fresh(story).latest_revision
    changed = {f"headline_{own}": "Mío", f"headline_{other}": "Ajeno"}
    save_draft(story, date=dt.date(2025, 9, 9), **changed)
    url = reverse("wagtailadmin_pages:revisions_revert", args=[story.pk, old.pk])
    html = client.get(url).content.decode()
    assert f'value="{WORDS[f"headline_{own}"]}"' in html
    assert "Ajeno" in html
    client.post(url, forged(**{f"headline_{own}": WORDS[f"headline_{own}"]}))
    draft = draft_of(story)
    assert getattr(draft, f"headline_{own}") == WORDS[f"headline_{own}"]
    assert getattr(draft, f"headline_{other}") == "Ajeno"
    assert draft.date == dt.date(2025, 9, 9)


def test_a_preview_shows_what_a_translator_wrote(story, client, translator, own):
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[story.pk])
    assert client.post(url, forged()).json()["is_valid"]
    html = client.get(f"{url}?mode={own}").content.decode()
    assert f"headline {own}" in html


@pytest.mark.parametrize("action", ["delete", "move", "unpublish"])
def test_in_bulk_a_translator_changes_no_page(home, story, client, translator, action):
    parent = PlainPage(headline_es="Arriba", live=False)
    home.add_child(instance=parent)
    child = PlainPage(headline_es="Abajo", live=False)
    parent.add_child(instance=child)
    actions.publish_languages(page=story, languages=["es", "en"])
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    ids = f"id={story.pk}&id={child.pk}"
    client.post(f"{url}?{ids}", {"chooser": home.pk, "include_descendants": "on"})
    assert fresh(story).live_languages() == ["es", "en"]
    assert Page.objects.get(pk=child.pk).get_parent().pk == parent.pk


@pytest.mark.parametrize(
    ("name", "args", "data"),
    [
        ("delete", ["story"], {}),
        ("unpublish", ["story"], {}),
        ("copy", ["story"], {"new_title": "X", "new_parent_page": "index"}),
        ("move_confirm", ["child", "home"], {}),
        ("set_page_position", ["story"], {}),
        ("set_privacy", ["story"], {"restriction_type": "login"}),
        ("lock", ["story"], {}),
        ("add", ["news", "newspage", "index"], {"headline_es": "X"}),
        ("convert_alias", ["story"], {}),
    ],
)
def test_the_page_itself_is_not_a_translators(
    home, index, story, client, translator, name, args, data
):
    parent = PlainPage(headline_es="Arriba", live=False)
    home.add_child(instance=parent)
    child = PlainPage(headline_es="Abajo", live=False)
    parent.add_child(instance=child)
    actions.publish_languages(page=story, languages=["es", "en"])
    known = {"story": story.pk, "index": index.pk, "child": child.pk, "home": home.pk}
    before = list(Page.objects.values_list("pk", "path", "locked"))
    url = reverse(
        f"wagtailadmin_pages:{name}", args=[known.get(arg, arg) for arg in args]
    )
    client.post(url, {key: known.get(value, value) for key, value in data.items()})
    assert list(Page.objects.values_list("pk", "path", "locked")) == before
    assert fresh(story).live_languages() == ["es", "en"]
    assert not PageViewRestriction.objects.exists()


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("copy", {}),
        ("delete", {}),
        ("unpublish", {}),
        ("publish", {}),
        ("move", {"destination_page_id": "index"}),
        ("create_alias", {}),
        ("copy_for_translation", {"locale": "es"}),
        ("revert_to_page_revision", {"revision_id": "old"}),
    ],
)
def test_the_admin_api_is_no_way_round(index, story, client, translator, action, data):
    actions.publish_languages(page=story, languages=["es", "en"])
    known = {"index": index.pk, "old": fresh(story).latest_revision_id}
    save_draft(story, headline_es="Dos", headline_en="Two")
    url = reverse("wagtailadmin_api:pages:action", args=[story.pk, action])
    sent = {key: known.get(value, value) for key, value in data.items()}
    response = client.post(url, json.dumps(sent), content_type="application/json")
    assert response.status_code in (400, 403)
    assert NewsPage.objects.count() == 1
    assert fresh(story).live_languages() == ["es", "en"]
    assert draft_of(story).headline_es == "Dos"


def test_who_writes_everything_reverts_by_the_api(story, editor_client):
    old = fresh(story).latest_revision_id
    save_draft(story, headline_es="Dos")
    args = [story.pk, "revert_to_page_revision"]
    url = reverse("wagtailadmin_api:pages:action", args=args)
    response = editor_client.post(
        url, json.dumps({"revision_id": old}), content_type="application/json"
    )
    assert response.status_code == 200
    assert draft_of(story).headline_es == "Uno"


@pytest.fixture
def date_keeper(client):
    """Somebody for whom an administrator made a role: Spanish and what is shared."""
    person = make_person("keeper", "translator_es")
    person.user_permissions.add(Permission.objects.get(codename="write_shared"))
    client.force_login(person)
    return person


def test_who_writes_what_is_shared_but_one_language_saves_just_that(
    story, client, date_keeper
):
    client.post(edit_url(story), forged())
    draft = draft_of(story)
    assert draft.headline_es == "headline es"
    assert draft.date == dt.date(1999, 1, 1)
    assert draft.headline_en == "One"
    assert not draft.lead_en


def test_who_may_write_nothing_does_not_edit(index, story, client):
    person = make_person("keeper", "office_keeper")
    client.force_login(person)
    GroupPagePermission.objects.create(
        group=roles.group_of("office_keeper"),
        page=Page.objects.get(depth=1),
        permission=Permission.objects.get(codename="change_page"),
    )
    assert client.get(edit_url(story)).status_code == 302
    client.post(edit_url(story), forged())
    assert draft_of(story).headline_es == "Uno"


def test_the_page_of_an_old_version_says_what_saving_brings_back(
    story, client, translator, own
):
    old = fresh(story).latest_revision_id
    url = reverse("wagtailadmin_pages:revisions_revert", args=[story.pk, old])
    language = {"es": "español", "en": "inglés"}[own]
    assert f"texto en {language} y nada más." in client.get(url).content.decode()
    client.force_login(make_person("editor", "editor"))
    both = "texto en español e inglés y lo que comparten."
    assert both in client.get(url).content.decode()


def test_an_old_version_is_published_from_its_page(story, editor_client):
    old = fresh(story).latest_revision_id
    save_draft(story, headline_es="Dos")
    url = reverse("wagtailadmin_pages:revisions_revert", args=[story.pk, old])
    data = story_data("action-publish-es", headline_es="Uno de antes")
    assert editor_client.post(url, data).status_code == 302
    assert fresh(story).headline_es == "Uno de antes"
