"""The page of one story, as readers of either language get it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from news.lists import related
from pages.actions import publish_languages
from pictures.tasks import make_renditions
from tests.news.factories import make_picture, make_story
from tests.pages.factories import save_draft
from tests.topics.factories import make_country, make_project

BODY = [
    {"type": "heading", "value": "La asamblea"},
    {"type": "paragraph", "value": "<p>Se votó a mano alzada.</p>"},
    {
        "type": "pull_quote",
        "value": {"text": "Nadie se quedó callado.", "attribution": "Rosa Poma"},
    },
]


@pytest.fixture
def story(index, projects, countries):
    return make_story(
        index,
        headline_es="El río — y quién lo cuida",
        headline_en="The river",
        lead_es="Una asamblea decidió.",
        lead_en="An assembly decided.",
        author_es="Ana Ríos",
        author_en="Ana Ríos",
        body_es=BODY,
        date=date(2022, 12, 6),
        slug_es="el-rio",
        slug_en="the-river",
        projects=[make_project(projects)],
        countries=[make_country(countries)],
        picture=make_picture(
            alt_es="Un río", alt_en="A river", caption_es="El río en mayo", credit="JP"
        ),
    )


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def in_order(text, *pieces):
    """Where each piece begins, after the one before it."""
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        assert found >= 0, f"{piece!r} is missing after {at}"
        at = found


def test_the_page_follows_the_order_of_its_source(client, story, index):
    make_story(index, 1)
    make_story(index, 2, projects=story.projects.all())
    make_story(index, 3, countries=story.countries.all())
    in_order(
        read(client, "/es/noticias/el-rio/"),
        'class="kicker"',
        "<h1>El río — y quién lo cuida</h1>",
        "Una asamblea decidió.",
        "6 de diciembre de 2022",
        "Ana Ríos",
        'alt="Un río"',
        "El río en mayo",
        "JP",
        "La asamblea",
        "Nadie se quedó callado.",
        "Rosa Poma",
        'class="chip"',
        'class="share"',
        'class="related-lists"',
        "Historia 1",
        "Historia 2",
        "Historia 3",
        "site-footer",
    )


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/es/noticias/el-rio/", "6 de diciembre de 2022"),
        ("/en/news/the-river/", "6 December 2022"),
    ],
)
def test_the_date_is_written_out_in_the_language_of_the_page(
    client, story, path, written
):
    assert f'datetime="2022-12-06">{written}<' in read(client, path)


def test_a_language_never_shows_words_of_the_other(client, story):
    english = read(client, "/en/news/the-river/")
    assert "An assembly decided." in english
    assert 'alt="A river"' in english
    for spanish in ("Una asamblea", "El río en mayo", "La asamblea", "callado"):
        assert spanish not in english


def test_both_languages_lead_to_each_other(client, story):
    spanish = read(client, "/es/noticias/el-rio/")
    assert 'href="/en/news/the-river/" hreflang="en"' in spanish
    assert (
        '<link rel="alternate" hreflang="en" href="http://testserver/en/news/the-river/">'
        in spanish
    )
    assert (
        '<link rel="canonical" href="http://testserver/es/noticias/el-rio/">' in spanish
    )


def test_a_story_in_one_language_says_so_in_its_switcher(client, index):
    make_story(index, 5, live=("es",), headline_en="")
    page = read(client, "/es/noticias/historia-5/")
    assert 'class="switcher__none"' in page
    assert 'class="switcher" href="/en/news/" hreflang="en"' in page
    assert 'rel="alternate" hreflang' not in page


def test_a_translated_story_has_no_note_in_its_switcher(client, story):
    assert "switcher__none" not in read(client, "/es/noticias/el-rio/")


def test_a_story_stays_when_the_one_it_relates_to_is_deleted(client, index):
    other = make_story(index, 2)
    body = [{"type": "related_story", "value": other.pk}]
    make_story(index, 1, body_es=body, body_en=body)
    assert 'class="related"' in read(client, "/es/noticias/historia-1/")
    other.delete()
    for path in ("/es/noticias/historia-1/", "/en/news/story-1/"):
        assert 'class="related"' not in read(client, path)


def test_no_story_stands_twice_under_a_story(client, story, index):
    for number in range(1, 13):
        terms = {"projects": story.projects.all(), "countries": story.countries.all()}
        make_story(index, number, **(terms if number % 2 else {}))
    page = read(client, "/es/noticias/el-rio/")
    listed = re.findall(r'class="card__title"><a href="([^"]+)"', page)
    assert len(listed) == 9
    assert len(set(listed)) == 9
    assert "/es/noticias/el-rio/" not in listed


@pytest.mark.parametrize(
    ("tags", "lists"),
    [
        (["pc"], [1, 0, 0]),
        (["", ""], [0, 0, 2]),
        (["pc", "pc", "pc"], [1, 1, 1]),
        (["pc", "p", "pc"], [1, 1, 1]),
        (["pc", "pc", "c"], [1, 1, 1]),
        (["p", "c", ""], [1, 1, 1]),
        (["c", "pc"], [1, 1, 0]),
        (["p", "p", "p", "p"], [3, 0, 1]),
        (["pc"] * 5, [3, 1, 1]),
        (["pc"] * 9, [3, 3, 3]),
    ],
)
def test_each_list_has_a_story_where_there_are_enough(
    story, index, django_assert_max_num_queries, tags, lists
):
    """`p` shares the story's project and `c` its country; the newest first."""
    terms = {"p": list(story.projects.all()), "c": list(story.countries.all())}
    for number, tag in enumerate(tags):
        shared = {"projects": terms["p"] if "p" in tag else (), "live": ("es",)}
        make_story(index, number, countries=terms["c"] if "c" in tag else (), **shared)
    with django_assert_max_num_queries(7):
        found = related(story, "es")
    shown = [found[name] for name in ("projects", "countries", "latest")]
    assert [len(rows) for rows in shown] == lists
    everything = [row.pk for rows in shown for row in rows]
    assert len(everything) == len(set(everything))
    for rows in shown:
        assert [row.date for row in rows] == sorted(
            (r.date for r in rows), reverse=True
        )


def test_project_news_are_about_the_projects_of_the_story(client, story, index):
    make_story(index, 1, projects=story.projects.all())
    make_story(index, 2)
    _latest, project = (
        read(client, "/es/noticias/el-rio/")
        .split("related-lists")[1]
        .split('<section class="section">')[1:3]
    )
    assert "Historia 1" in project
    assert "Historia 2" not in project


def test_drafts_and_other_languages_are_not_listed(client, story, index):
    make_story(index, 1, live=())
    make_story(index, 2, live=("en",))
    page = read(client, "/es/noticias/el-rio/")
    assert "Historia 1" not in page
    assert "Historia 2" not in page


def test_a_hub_only_in_spanish_is_marked_on_an_english_story(client, index, projects):
    hub = make_project(projects, "Semillas", "", live=("es",))
    make_story(index, 1, projects=[hub])
    page = read(client, "/en/news/story-1/")
    assert '<span lang="es">Semillas</span>' in page
    assert "(Spanish)" in page


def test_a_hub_that_is_a_draft_is_not_named(client, index, projects):
    make_story(index, 1, projects=[make_project(projects, "Secreto", "", live=())])
    assert "Secreto" not in read(client, "/es/noticias/historia-1/")


def test_the_lead_photo_has_its_size_and_comes_first(client, story):
    make_renditions(story.picture_id)
    page = read(client, "/es/noticias/el-rio/")
    photo = re.search(r"<picture>.*?</picture>", page, re.S).group()
    assert 'type="image/avif"' in photo
    assert re.search(r'width="\d+"', photo)
    assert re.search(r'height="\d+"', photo)
    assert 'fetchpriority="high"' in photo
    assert "lazy" not in photo


def test_nothing_is_asked_of_anyone_else_and_no_cookie_is_set(client, story):
    response = client.get("/es/noticias/el-rio/")
    page = response.content.decode()
    loaded = re.findall(r'(?:src|srcset)="([^"]+)"', page)
    loaded += re.findall(
        r'<link rel="(?:stylesheet|preload|icon)" href="([^"]+)"', page
    )
    assert loaded
    assert all(address.startswith(("/", "data:")) for address in loaded)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "<style" not in page
    assert " style=" not in page


def test_the_head_says_how_long_it_takes_and_where_else_it_is(client, index):
    words = "<p>" + "palabra " * 600 + "</p>"
    body = [{"type": "paragraph", "value": words}]
    make_story(index, 1, body_es=body)
    page = read(client, "/es/noticias/historia-1/")
    assert minutes(page) == "3"
    assert 'href="/en/news/story-1/" hreflang="en"' in page.split("</header>")[1]
    assert minutes(read(client, "/en/news/story-1/")) is None


def minutes(page):
    found = re.search(r"<span>(\d+) min", page)
    return found and found[1]


def test_readers_are_told_of_a_late_change_unless_it_was_small(client, index):
    first = datetime(2026, 3, 1, 12, tzinfo=UTC)
    story = make_story(index, 1, live=())
    publish_languages(page=story, languages=["es", "en"], at=first)

    def change(words, at, **how):
        save_draft(story, lead_es=words)
        publish_languages(page=story, languages=["es"], at=at, **how)
        return 'datetime="2026-03-' in read(client, "/es/noticias/historia-1/")

    assert not change("Uno", first + timedelta(hours=3))
    assert not change("Dos", first + timedelta(days=2), still_right=["en"])
    assert not change("Dos", first + timedelta(days=3))
    assert change("Tres", first + timedelta(days=4))
    assert 'datetime="2026-03-05"' in read(client, "/es/noticias/historia-1/")
    assert 'datetime="2026-03-' not in read(client, "/en/news/story-1/")


def test_a_correction_stands_in_its_language_with_its_date(client, index):
    make_story(
        index,
        1,
        correction_es="Eran doce familias.",
        corrected_on=date(2026, 3, 5),
    )
    page = read(client, "/es/noticias/historia-1/")
    assert re.search(r"5 (de marzo de|March) 2026:</strong> Eran doce familias", page)
    assert 'role="note"' not in read(client, "/en/news/story-1/")


def test_a_correction_dates_itself_and_loses_its_date_with_its_words(index):
    story = make_story(index, 1)
    story.correction_en = "It was twelve."
    story.full_clean()
    assert story.corrected_on == timezone.localdate()
    story.correction_en = ""
    story.full_clean()
    assert story.corrected_on is None


def test_a_foreign_passage_is_marked_through_the_editor_and_back(client, index):
    stored = '<p data-block-key="a">Dijo <span lang="qu">allinllachu</span>.</p>'
    converter = ContentstateConverter(features=["bold", "lang-qu"])
    editor = converter.from_database_format(stored)
    assert '"LANG_QU"' in editor
    assert '<span lang="qu">allinllachu</span>' in converter.to_database_format(editor)
    make_story(index, 1, body_es=[{"type": "paragraph", "value": stored}])
    assert '<span lang="qu">allinllachu</span>' in (
        read(client, "/es/noticias/historia-1/")
    )
