"""No word ever passes from one language into another, whatever the admin speaks.

Each trap that was met, by its name in the notes kept before the first commit, and the
test that holds it. Those marked * stand here. Where a guard can be taken out in a line,
its test does so at the end: the leak has to appear then, or it would prove nothing.

- D1, a draft saved under English put the Spanish title into `title_en`:
  * test_a_draft_stays_in_its_language
- D2, a column without language holds the last saver's words:
  * test_wagtails_own_fields_are_of_no_language, * test_templates_name_the_language
- D3, a copy made under English renamed one language:
  * test_a_copy_keeps_both_languages
- D4 and B1, lists filtered or ordered by a translated title found nothing, or failed:
  * test_lists_find_and_sort_pages
- D5, blank titles of Wagtail's own first pages: as D2, they are not translated
- B3, the internal path changed with the saver: * test_an_internal_path_stays
- fallback filled one language from another: * test_an_empty_language_is_empty
- AUTO_POPULATE filled what was left out: * test_a_language_left_out_stays_empty
- a page type or row that nobody registered had one language only:
  test_site.py, test_a_type_or_row_nobody_registered_is_an_error
- the base field was checked in the active language, so that a Spanish page could not
  go live under English: * test_a_page_without_english_is_valid_under_english
- loading a version wrote the base fields into the active language:
  * test_loading_a_version_writes_no_other_language
- markup without words counted as a text: * test_markup_without_words_is_no_text
- a switch per language, off, fell back: * test_no_switch_is_per_language
- the preview spoke the admin's language: * test_a_preview_is_in_its_own_language
- a thread's language stayed for the next task: * test_nothing_activates_a_language
- a mail in the active language: mail/test_queue.py,
  test_a_mail_is_in_its_own_language_whatever_is_active
- an address of one language under the other's prefix: test_paths.py,
  test_an_address_never_mixes_languages
- search found words of the other language: test_search.py,
  test_a_language_finds_nothing_of_the_other
- an approval or a schedule under English changed Spanish: test_approval.py,
  test_an_approval_publishes_the_language_submitted, * test_a_plan_keeps_languages_apart
- publishing one language took the other's half-done draft along: test_sequences.py,
  test_no_sequence_mixes_languages_or_leaks_a_draft
- inline rows doubled or mixed their languages: test_rows.py
- what is not one's language was saved: test_rights.py,
  test_whatever_is_sent_only_the_own_language_is_saved
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import modeltranslation.settings as modeltranslation_settings
import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from modelcluster.models import get_all_child_relations
from modeltranslation.translator import translator
from modeltranslation.utils import auto_populate, fallbacks
from wagtail.models import Page, get_page_models
from wagtail.users.models import UserProfile

from news.models import NewsPage
from newsletter.models import IssuePage
from pages import actions, content, words
from pages.models import BilingualPage, bilingual
from pages.words import translated_fields
from tests.pages.editor import edit_url, fresh, story_data
from tests.pages.factories import make_story, save_draft

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
UI = pytest.mark.parametrize("ui", ["es", "en"])
CORE = {"title", "slug", "draft_title", "url_path", "seo_title", "search_description"}


@pytest.fixture
def speaks(editor_client, editor):
    """`speaks("en")`: the editor's client with the admin in that language."""

    def client(language):
        profile = UserProfile.get_for_user(editor)
        profile.preferred_language = language
        profile.save()
        return editor_client

    return client


def texts(page):
    return page.headline_es or "", page.headline_en or ""


# Wagtail's own title and slug are of no language


def per_language(model):
    """Wagtail's own fields that a model has once per language."""
    return CORE & set(translated_fields(model))


def test_wagtails_own_fields_are_of_no_language(monkeypatch):
    ours = [model for model in get_page_models() if issubclass(model, BilingualPage)]
    assert not any(per_language(model) for model in [Page, *ours])
    options = translator.get_options_for_model(NewsPage)
    register = {**options.all_fields, "title": []}
    monkeypatch.setattr(options, "all_fields", register)
    assert per_language(NewsPage) == {"title"}


@UI
def test_a_draft_stays_in_its_language(index, speaks, ui):
    story = make_story(index, headline_es="Puente")
    answer = speaks(ui).post(edit_url(story), story_data(headline_es="Puente viejo"))
    assert answer.status_code == 302
    draft = fresh(story).get_latest_revision_as_object()
    assert texts(draft) == ("Puente viejo", "")
    assert draft.draft_title == "Puente viejo"


@UI
def test_a_copy_keeps_both_languages(index, speaks, ui):
    story = make_story(index, headline_es="Puente", headline_en="Bridge")
    url = reverse("wagtailadmin_pages:copy", args=[story.pk])
    data = {"new_title": "Otro", "new_slug": "otro", "new_parent_page": index.pk}
    speaks(ui).post(url, data)
    copy = NewsPage.objects.exclude(pk=story.pk).get()
    assert texts(copy.get_latest_revision_as_object()) == ("Puente", "Bridge")


@UI
@pytest.mark.usefixtures("wagtails_index")
@pytest.mark.parametrize("order", ["title", "-title", "latest_revision_created_at"])
def test_lists_find_and_sort_pages(index, speaks, ui, order):
    make_story(index, live=("es",), headline_es="Puente")
    make_story(index, original_language="en", headline_en="Bridge")
    url = reverse("wagtailadmin_explore", args=[index.pk])
    for query in ({"ordering": order}, {"q": "Puente", "ordering": order}):
        answer = speaks(ui).get(url, query)
        assert answer.status_code == 200
        assert "Puente" in answer.content.decode()
    found = speaks(ui).get(reverse("wagtailadmin_pages:search"), {"q": "Bridge"})
    assert "Bridge" in found.content.decode()


def test_an_internal_path_stays(index):
    story = make_story(index, headline_es="Puente", headline_en="Bridge")
    paths = set()
    for language in ("es", "en", "es"):
        with translation.override(language):
            save_draft(story, headline_es=f"Puente {language}")
            actions.publish_languages(page=story, languages=["es", "en"])
        paths.add((fresh(story).url_path, fresh(story).slug))
    assert len(paths) == 1


# One language never fills another


def shown_under_english(page):
    with translation.override("en"):
        return page.headline or ""


def test_an_empty_language_is_empty(monkeypatch):
    story = NewsPage(headline_es="Puente")
    assert shown_under_english(story) == ""
    order = {"default": ("es",)}
    monkeypatch.setattr(modeltranslation_settings, "FALLBACK_LANGUAGES", order)
    with fallbacks(True):
        assert shown_under_english(story) == "Puente"


def test_a_language_left_out_stays_empty():
    with translation.override("es"):
        assert texts(NewsPage(headline="Puente")) == ("Puente", "")
        with auto_populate("all"):
            assert texts(NewsPage(headline="Puente")) == ("Puente", "Puente")


def base_fields():
    """Every field without a language, of pages and of their inline rows."""
    ours = [model for model in get_page_models() if issubclass(model, BilingualPage)]
    rows = {r.related_model for model in ours for r in get_all_child_relations(model)}
    for model in {*ours, *rows}:
        for name in translated_fields(model):
            yield model._meta.get_field(name)


def test_a_page_without_english_is_valid_under_english(index, monkeypatch):
    assert [column for column in base_fields() if not column.blank] == []
    story = make_story(index, headline_es="Puente")
    with translation.override("en"):
        story.full_clean()
        column = NewsPage._meta.get_field("headline")
        monkeypatch.setattr(column, "blank", False)
        with pytest.raises(ValidationError, match="headline"):
            story.full_clean()


def load_under_english(index):
    """A Spanish story, read as data and loaded again in an English thread."""
    story = make_story(index, headline_es="Puente")
    data = {**content.data_of(story), "headline": "Puente"}
    del data["headline_en"]
    with translation.override("en"):
        return texts(story.with_content_json(data))


def test_loading_a_version_writes_no_other_language(index, monkeypatch):
    assert load_under_english(index) == ("Puente", "")
    monkeypatch.setattr(content, "without_base_fields", lambda data, model: data)
    monkeypatch.setattr(bilingual, "without_base_fields", lambda data, model: data)
    assert load_under_english(index) == ("Puente", "Puente")


@UI
def test_a_plan_keeps_languages_apart(index, ui):
    story = make_story(index, live=("es",), headline_es="Puente")
    save_draft(story, headline_es="Puente viejo", headline_en="Bridge")
    at = timezone.now() + dt.timedelta(hours=1)
    actions.schedule_publication(page=story, languages=["en"], at=at)
    save_draft(story, headline_en="Bridges")
    with translation.override(ui):
        assert actions.run_due_publications(now=at) == 1
    assert texts(fresh(story)) == ("Puente", "Bridge")
    draft = fresh(story).get_latest_revision_as_object()
    assert texts(draft) == ("Puente viejo", "Bridges")


def clean_blank(issue):
    issue.intro_en = '<p data-block-key="x1"></p>'
    issue.full_clean(exclude=["path", "depth", "numchild", "content_type"])
    return issue.intro_en


def test_markup_without_words_is_no_text(monkeypatch):
    issue = IssuePage(headline_es="Número", title="Número", slug="n1", depth=3)
    assert clean_blank(issue) == ""
    monkeypatch.setattr(words, "EMPTY_MARKUP", re.compile(r"\A\Z"))
    assert clean_blank(issue) != ""


def switches(fields_by_model):
    """Fields per language that are either on or off."""
    return [
        f"{model.__name__}.{name}"
        for model, names in fields_by_model.items()
        for name in names
        if isinstance(model._meta.get_field(name), models.BooleanField)
    ]


def test_no_switch_is_per_language():
    registered = translator.get_registered_models(abstract=False)
    assert switches({model: translated_fields(model) for model in registered}) == []
    assert switches({NewsPage: ["live"]}) == ["NewsPage.live"]


# What is rendered is in a language that was named


def previewed(story, rf, mode):
    request = rf.get("/")
    with translation.override("es" if mode == "en" else "en"):
        return story.make_preview_request(request, mode).content.decode()


@pytest.mark.parametrize("mode", ["es", "en"])
def test_a_preview_is_in_its_own_language(index, rf, monkeypatch, mode):
    story = make_story(index, headline_es="Puente", headline_en="Bridge")
    assert f'<html lang="{mode}"' in previewed(story, rf, mode)
    unguarded = SimpleNamespace(override=lambda language: nullcontext())
    monkeypatch.setattr(bilingual, "translation", unguarded)
    assert f'<html lang="{mode}"' not in previewed(story, rf, mode)


ACTIVATES = re.compile(r"\bactivate\(")


def test_nothing_activates_a_language():
    """`override` gives it back; `activate` leaves it to the next task."""
    rooms = [ROOT / "site", ROOT / "news", ROOT / "newsletter"]
    code = [path for room in rooms for path in room.rglob("*.py")]
    assert [str(p) for p in code if ACTIVATES.search(p.read_text("utf-8"))] == []
    assert ACTIVATES.search("translation.activate(language)")


BILINGUAL_NAMES = "|".join(
    sorted({f for m in (NewsPage, IssuePage) for f in translated_fields(m)})
)
BARE = re.compile(rf"\bpage\.(?:{BILINGUAL_NAMES})\b(?!_)")


def test_templates_name_the_language():
    """`page.headline` would be in whatever language happens to be active."""
    rooms = [ROOT / "site", ROOT / "news", ROOT / "newsletter"]
    found = [path for room in rooms for path in room.rglob("templates/**/*.html")]
    bare = {str(p): BARE.findall(p.read_text("utf-8")) for p in found}
    assert {path for path, names in bare.items() if names} == set()
    assert BARE.search("{{ page.headline }}")
    assert not BARE.search("{{ page.headline_es }}")


def test_every_test_in_the_list_exists():
    here = Path(__file__).parent
    files = [*here.glob("test_*.py"), here.parent / "mail" / "test_queue.py"]
    code = "".join(path.read_text("utf-8") for path in files)
    named = re.findall(r"test_\w+(?!\w|\.py)", __doc__)
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in code] == []
