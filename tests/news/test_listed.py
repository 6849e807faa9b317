"""Lists stay true, whatever happens to stories, and cost the same however long."""

from __future__ import annotations

import pytest
from wagtail.models import PageViewRestriction

from news import listed
from news.listing import listing
from news.models import ListCount, Listed, NewsPage
from pages import actions
from pages.models import SearchEntry
from tests.news.factories import make_story
from tests.news.truth import assert_lists_are_true
from tests.topics.factories import make_country, make_project
from topics.merging import merge_terms


@pytest.fixture
def terms(projects, countries):
    """Two projects and two countries."""
    some = [make_project(projects), make_project(projects, "Semillas", "Seeds")]
    peru, chile = ("Perú", "Peru"), ("Chile", "Chile")
    return some, [
        make_country(countries, "PE", peru),
        make_country(countries, "CL", chile),
    ]


@pytest.fixture
def three(index, terms):
    """One story with all terms, one with some in Spanish only, one with none."""
    projects, countries = terms
    return [
        make_story(index, 1, projects=projects, countries=countries),
        make_story(index, 2, live=("es",), projects=projects[:1]),
        make_story(index, 3),
    ]


def test_a_story_stands_in_every_list_of_its_terms(three, terms):
    assert Listed.objects.filter(story=three[0].pk).count() == 2 * 9
    assert Listed.objects.filter(story=three[1].pk, language="es-en").count() == 2
    assert_lists_are_true(*terms)


def take_down(story, index, terms):
    actions.unpublish_language(page=story, language="en")


def delete(story, index, terms):
    story.delete()


def restrict(story, index, terms):
    PageViewRestriction.objects.create(page=index, restriction_type="login")
    assert not Listed.objects.exists()


def lift(story, index, terms):
    limit = PageViewRestriction.objects.create(page=story, restriction_type="login")
    limit.delete()
    assert Listed.objects.filter(story=story.pk).exists()


def redate(story, index, terms):
    story.date = story.date.replace(year=2019)
    story.countries.set([])
    story.save_revision()
    actions.publish_languages(page=story, languages=["es"])


def merge(story, index, terms):
    merged, kept = terms[0]
    merge_terms(merged=merged, kept=kept)
    terms[0].remove(merged)
    marks = SearchEntry.objects.filter(page_id=story.pk).values_list("marks", flat=True)
    assert {f"zterm{kept.pk}z" in row for row in marks} == {True}
    assert {f"zterm{merged.pk}z" in row for row in marks} == {False}


@pytest.mark.parametrize("happen", [take_down, delete, restrict, lift, redate, merge])
def test_lists_are_true_after_all_that_happens(three, index, terms, happen):
    happen(NewsPage.objects.get(pk=three[0].pk), index, terms)
    assert_lists_are_true(*terms)


def test_rebuild_makes_the_same_lists(three, terms):
    def everything():
        places = Listed.objects.values_list(*listed.COLUMNS)
        counts = ListCount.objects.filter(total__gt=0)
        return {*places}, {*counts.values_list(*listed.KEY, "total")}

    before = everything()
    Listed.objects.all().delete()
    ListCount.objects.update(total=7)
    assert listed.rebuild() == len(before[0])
    assert everything() == before


def test_a_list_asks_no_more_for_more_stories(
    rf, index, three, terms, django_assert_max_num_queries
):
    query = rf.get("/?country=pe&year=2026").GET
    for number in range(4, 7):
        make_story(index, number, projects=terms[0], countries=terms[1])
        with django_assert_max_num_queries(7):
            found = listing(index, query, "es")
    assert found.total == len(found.stories) == 4
