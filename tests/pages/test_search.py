"""Search rows: one per page and language, the same on both databases."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from pages import actions, searching, stemming
from pages.models import BilingualPage, PagePath, SearchEntry
from tests.pages.factories import make_story, save_draft

PAIRS = [
    ("es", "mujer", "mujeres"),
    ("es", "ciudad", "ciudades"),
    ("es", "joven", "jóvenes"),
    ("es", "año", "años"),
    ("es", "paz", "paces"),
    ("es", "adaptación", "ADAPTACION"),
    ("es", "inundación", "inundaciones"),
    ("es", "país", "países"),
    ("en", "story", "stories"),
    ("en", "river", "Rivers"),
    ("en", "flooding", "floods"),
]


@pytest.mark.parametrize(("language", "one", "other"), PAIRS)
def test_forms_of_a_word_meet(language, one, other):
    assert stemming.stem(one, language) == stemming.stem(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("es", "puente", "fuente"), ("es", "agua", "aguja"), ("en", "bridge", "bride")],
)
def test_different_words_stay_apart(language, one, other):
    assert stemming.stem(one, language) != stemming.stem(other, language)


def found(query, language):
    return [entry.page_id for entry in searching.search(query=query, language=language)]


@pytest.fixture
def story(index):
    return make_story(
        index,
        live=("es", "en"),
        headline_es="Mujeres de la inundación",
        headline_en="Women of the flood",
        body_es=[("paragraph", "<p>La <b>adaptación</b> en Perú</p>")],
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("mujer", "es"),
        ("ADAPTACION peru", "es"),
        ("inundaciones", "es"),
        ("floods", "en"),
    ],
)
def test_a_live_page_is_found_in_its_language(story, query, language):
    assert found(query, language) == [story.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "   ", '"', "(mujer", "mujer) OR", "'; drop", "*", "\x00", "🙂" * 50]
)
def test_odd_queries_do_no_harm(story, query):
    assert found(query, "es") in ([], [story.pk])


@pytest.mark.django_db
def test_a_language_finds_nothing_of_the_other(story):
    assert found("mujer", "en") == []
    assert found("women", "es") == []


@pytest.mark.django_db
def test_a_draft_is_not_found_and_a_page_taken_down_no_longer(story):
    save_draft(story, headline_en="Secret river")
    actions.publish_languages(page=story, languages=["es"])
    assert found("secret", "en") == []
    actions.unpublish_language(page=story, language="en")
    assert found("women", "en") == []
    assert SearchEntry.objects.filter(page_id=story.pk).count() == 1


@pytest.mark.django_db
def test_a_search_is_one_query_and_two_for_names(story, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert found("mujer", "es") == [story.pk]


@pytest.mark.django_db
def test_a_word_in_the_headline_ranks_first(index):
    low = make_story(
        index,
        live=("es",),
        headline_es="Otra cosa",
        body_es=[("paragraph", "<p>Un puente entre muchas otras palabras</p>")],
    )
    high = make_story(index, live=("es",), headline_es="El puente")
    assert found("puente", "es") == [high.pk, low.pk]


def test_the_found_words_are_marked_and_the_rest_escaped():
    html = searching.highlight("Las <b>mujeres</b> & el río", "mujer", "es")
    assert "<mark>mujeres</mark>" in html
    assert "&lt;b&gt;" in html
    assert "&amp;" in html
    long = searching.highlight("x " * 500 + "río " + "y " * 500, "rios", "es")
    assert long.startswith("…")
    assert "<mark>río</mark>" in long
    assert len(long) < 400


@pytest.mark.django_db
def test_rebuild_takes_down_what_has_no_address(index, story):
    BilingualPage.objects.filter(pk=index.pk).update(slug_en="")
    call_command("rebuild", stdout=StringIO())
    page = BilingualPage.objects.get(pk=story.pk)
    assert (page.live_es, page.live_en) == (True, False)
    assert found("women", "en") == []


@pytest.mark.django_db
def test_rebuild_makes_again_what_was_lost(story, client, capsys):
    SearchEntry.objects.all().delete()
    PagePath.objects.all().delete()
    BilingualPage.objects.update(state_es="missing", public_path_es=None)
    BilingualPage.objects.update(public_path_en=None)
    call_command("rebuild")
    assert "search entries" in capsys.readouterr().out
    assert found("mujer", "es") == [story.pk]
    assert BilingualPage.objects.get(pk=story.pk).state_es == "live"
    path = "/es/noticias/mujeres-de-la-inundacion/"
    assert client.get(path).status_code == 200
    assert PagePath.objects.filter(page_id=story.pk, was_public=True).count() == 2
