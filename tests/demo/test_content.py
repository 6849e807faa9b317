"""The files the demo is made from fit together."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from demo import content, markup, pictures
from demo.mailing import readers

STATES = {"live", "draft", "missing"}
ADDRESS = re.compile(r"[\w.+-]+@([\w.-]+\w)", re.UNICODE)
STORIES = content.stories()
PAIRS = [(story, code) for story in STORIES for code in story.words]


def name_of(value) -> str:
    return value.key if isinstance(value, content.Story) else str(value)


def test_there_are_forty_stories_over_two_years():
    dates = [story.date for story in STORIES]
    assert len(STORIES) == len({story.key for story in STORIES}) == 40
    assert max(dates).year - min(dates).year == 2
    assert max(dates).isoformat() < "2026-11-24"


def test_the_mix_of_languages_shows_every_state():
    mix = Counter((story.states["es"], story.states["en"]) for story in STORIES)
    assert mix["live", "missing"] == 5
    assert mix["live", "draft"] == 2
    assert mix["missing", "live"] + mix["draft", "live"] == 3
    assert sum(bool(story.behind) for story in STORIES) == 4


@pytest.mark.parametrize("story", STORIES, ids=name_of)
def test_a_story_names_only_what_there_is(story):
    assert set(story.countries) <= set(content.read("countries"))
    assert set(story.projects) <= set(content.read("projects"))
    assert story.picture in content.read("pictures")
    assert story.countries
    assert story.projects


@pytest.mark.parametrize("story", STORIES, ids=name_of)
def test_a_story_has_words_wherever_it_is_not_missing(story):
    assert set(story.states) == set(content.LANGUAGES)
    assert set(story.states.values()) <= STATES
    written = {code for code, state in story.states.items() if state != "missing"}
    assert written == set(story.words)
    assert story.states[story.original] == "live"


@pytest.mark.parametrize("story", STORIES, ids=name_of)
def test_a_story_is_behind_where_its_original_went_on(story):
    others = [code for code in story.live_languages if code != story.original]
    assert story.behind == (others if "update" in story.words[story.original] else [])


@pytest.mark.parametrize(("story", "code"), PAIRS, ids=name_of)
def test_words_are_complete_and_of_a_length_one_reads(story, code):
    words = story.words[code]
    assert all(words[n].strip() for n in ("headline", "slug", "lead", "author", "body"))
    assert len(words["headline"]) <= 140
    if story.states[code] == "live":
        assert 100 <= len(words["body"].split()) <= 750


@pytest.mark.parametrize(("story", "code"), PAIRS, ids=name_of)
def test_bodies_show_only_pictures_there_are(story, code):
    keys = markup.pictures_in(story.body(code, revised=True))
    assert keys <= set(content.read("pictures"))


@pytest.mark.parametrize(("story", "code"), PAIRS, ids=name_of)
def test_each_language_keeps_to_its_own_quotation_marks(story, code):
    text = " ".join(story.words[code].values())
    wrong = "“”" if code == "es" else "«»"
    assert not set(wrong) & set(text)
    assert text.count("«") == text.count("»")
    assert text.count("“") == text.count("”")
    assert '"' not in text


@pytest.mark.parametrize(("story", "code"), PAIRS, ids=name_of)
def test_every_quote_says_whose_it_is(story, code):
    pieces = story.words[code]["body"].split("\n\n")
    quotes = [piece for piece in pieces if piece.lstrip().startswith("> ")]
    assert all(" — " in quote for quote in quotes)


@pytest.mark.parametrize("code", content.LANGUAGES)
def test_slugs_are_unique_in_their_language(code):
    slugs = [story.words[code]["slug"] for story in STORIES if code in story.words]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z0-9-]{3,80}", slug) for slug in slugs)


def test_every_address_is_one_that_cannot_exist():
    texts = [path.read_text() for path in content.FOLDER.rglob("*.toml")]
    hosts = ADDRESS.findall(" ".join(texts))
    hosts += [reader.address.split("@")[1] for reader in readers()]
    assert len(hosts) > 100
    assert all(host.endswith(".example") for host in hosts)


def test_every_picture_is_drawn_used_and_described():
    described = content.read("pictures")
    assert set(described) == set(pictures.SCENES)
    assert set(described) == {story.picture for story in STORIES}
    names = {"alt_es", "alt_en", "caption_es", "caption_en"}
    assert all(set(row) == names and all(row.values()) for row in described.values())


def test_offices_lie_in_their_countries_and_their_clocks_differ():
    rows = content.read("offices")["office"]
    assert len(rows) == len({row["country"] for row in rows}) == 4
    summer, winter = (datetime(2026, month, 15, tzinfo=UTC) for month in (1, 7))
    assert len(offsets(rows, summer)) == 4
    assert len(offsets(rows, winter)) >= 3  # Chile is where Bolivia is then
    assert all(row["region"].startswith(f"{row['country']}-") for row in rows)


def offsets(rows, at):
    return {at.astimezone(ZoneInfo(row["time_zone"])).utcoffset() for row in rows}


def test_issues_pick_stories_there_are_and_sent_ones_only_older_ones():
    by_key = {story.key: story for story in STORIES}
    for row in content.read("newsletter")["issue"]:
        picked = [by_key[key] for key in row["stories"]]
        if sent_at := row.get("sent_at"):
            assert all(story.published_at < sent_at for story in picked)


def test_the_hundred_readers_are_the_same_each_time():
    assert len({reader.address for reader in readers()}) == 100
    assert readers() == readers()
    assert 25 <= sum(reader.language == "en" for reader in readers()) <= 45
