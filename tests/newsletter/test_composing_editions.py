from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from babel import Locale
from django.conf import settings
from django.utils import translation
from wagtail.models import PageViewRestriction

from newsletter.composing.editions import build_edition
from newsletter.composing.problems import Code, size_problems
from tests.newsletter.issues import SmallSite, a_picture, blocks

pytestmark = pytest.mark.django_db
PLACEHOLDERS = {"{{unsubscribe_url}}", "{{preferences_url}}", "{{view_url}}"}


TEXT = """General newsletter

View in your browser:
{{{{view_url}}}}

November in the highlands
=========================

{rule}

Agua en

Entradilla de Agua, en, con ñ y “comillas”.

Read more:
{url}

{rule}

You get this mail because you subscribed to “General newsletter” and
confirmed it.

Your preferences:
{{{{preferences_url}}}}

Unsubscribe:
{{{{unsubscribe_url}}}}

Calle 1, Lima
"""


class Tags(HTMLParser):
    """Every tag of a document with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, *names):
        return [attrs for tag, attrs in self.found if tag in names]


def codes(edition):
    return {problem.code for problem in edition.problems}


@pytest.fixture
def site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return SmallSite()


@pytest.fixture
def full_issue(site):
    picture = a_picture(caption_es="Al alba", caption_en="At dawn", credit="Rosa Paz")
    first = site.story("Agua", picture=picture)
    second = site.story("Caminos")
    link = f'<p>Mire <a linktype="page" id="{first.pk}">esto</a>.</p>'
    body = blocks(
        ("heading", "Agenda"),
        ("paragraph", link),
        ("picture", {"picture": picture.pk, "alt": "", "caption": "Propio"}),
        ("button", {"text": "Inscríbase", "page": second.pk, "url": ""}),
        ("quote", {"quote": "El agua es de todos", "attribution": "Ana Ríos"}),
        ("divider", None),
    )
    return site.issue(first, second, intro_es="<p>Hola</p>", body_es=body, body_en=body)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_active_language_never_changes_an_edition(full_issue, lang):
    made = []
    for active in ("es", "en"):
        with translation.override(active):
            made.append(build_edition(full_issue, lang))
    assert made[0] == made[1]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_document_is_whole_and_in_its_language(full_issue, lang):
    tags = Tags(build_edition(full_issue, lang).html)
    assert tags.all("html")[0]["lang"] == lang
    assert len(tags.all("h1")) == 1
    assert not tags.all("script", "iframe", "form", "link")
    assert all("alt" in img for img in tags.all("img"))
    assert all(img["width"].isdigit() for img in tags.all("img"))
    assert all(img["height"].isdigit() for img in tags.all("img"))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_address_is_absolute_or_a_placeholder(full_issue, lang):
    tags = Tags(build_edition(full_issue, lang).html)
    found = [a[name] for _t, a in tags.found for name in ("href", "src") if name in a]
    assert set(found) >= PLACEHOLDERS
    others = set(found) - PLACEHOLDERS
    assert all(url.startswith(settings.SITE_URL) for url in others)
    assert any(url.endswith(".jpg") for url in others)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_links_lead_to_the_language_of_the_edition(site, full_issue, lang):
    edition = build_edition(full_issue, lang)
    for pick in full_issue.stories.all():
        url = settings.SITE_URL + pick.story.url_in(lang)
        assert url in edition.html
        assert url in edition.text


def test_the_text_part_says_what_the_html_says(full_issue):
    edition = build_edition(full_issue, "es")
    for words in (
        "Boletín general",
        "Noviembre en la sierra",
        "Hola",
        "Agua es",
        "Entradilla de Caminos, es, con ñ y “comillas”.",
        "Al alba · Rosa Paz",
        "Agenda",
        "Inscríbase",
        "Ana Ríos",
        "Calle 1, Lima",
    ):
        assert words in edition.text
        assert words in edition.html
    assert "<" not in re.sub(r"<https?://\S+>", "", edition.text)
    assert {name for name in PLACEHOLDERS if name in edition.text} == PLACEHOLDERS
    assert edition.text.index("Agua es") < edition.text.index("Caminos es")


def test_the_text_part_is_laid_out_to_be_read(site):
    edition = build_edition(site.issue(site.story("Agua")), "en")
    url = f"{settings.SITE_URL}/en/news/agua-en/"
    assert edition.text == TEXT.format(rule="-" * 72, url=url)


def test_the_text_part_is_wholly_in_its_language(site):
    text = build_edition(site.issue(site.story("Agua")), "es").text
    for words in ("Ver en el navegador:", "Leer más:", "Sus preferencias:", "de baja:"):
        assert words in text
    for words in ("View in", "Read more", "Your preferences", "Unsubscribe"):
        assert words not in text


def test_placeholders_stand_alone_on_their_lines_in_the_text(full_issue):
    lines = build_edition(full_issue, "en").text.splitlines()
    assert set(lines) >= PLACEHOLDERS


def test_what_an_editor_types_cannot_become_a_placeholder(site):
    issue = site.issue(
        headline_es="{{unsubscribe_url}}", intro_es="<p>{{preferences_url}}</p>"
    )
    edition = build_edition(issue, "es")
    assert edition.html.count("{{preferences_url}}") == 1
    assert "{{" not in edition.subject


def test_a_missing_story_is_left_out_where_the_rule_says_so(site):
    only_spanish = site.story("Maíz", "es")
    issue = site.issue(only_spanish, site.story("Agua"))
    edition = build_edition(issue, "en")
    assert "Maíz" not in edition.html + edition.text
    assert only_spanish.pk not in edition.story_ids
    assert Code.STORY_SKIPPED in codes(edition)
    assert Code.STORY_SKIPPED not in codes(build_edition(issue, "es"))


@pytest.mark.parametrize(("lang", "other"), [("en", "es"), ("es", "en")])
def test_a_missing_story_is_linked_and_marked_where_the_rule_says_so(lang, other):
    site = SmallSite(fallback_rule="link")
    story = site.story("Maíz", other, original=other)
    edition = build_edition(site.issue(story), lang)
    assert settings.SITE_URL + story.url_in(other) in edition.html
    foreign = [a for a in Tags(edition.html).all("a") if a.get("lang") == other]
    assert foreign
    assert foreign[0]["hreflang"] == other
    assert f"{Locale.parse(lang).languages[other]})" in edition.text
    assert edition.story_ids == [story.pk]
    assert Code.STORY_LINKED in codes(edition)


def test_an_own_headline_is_not_marked_foreign():
    site = SmallSite(fallback_rule="link")
    story = site.story("Maíz", "es")
    own = {"headline_override_en": "Maize", "summary_override_en": "A good year."}
    edition = build_edition(site.issue(story, picks={story.pk: own}), "en")
    assert "Maize" in edition.html
    assert not [a for a in Tags(edition.html).all("a", "p") if a.get("lang")]


def test_headline_and_summary_can_be_other_words_in_the_issue(site):
    story = site.story("Agua")
    own = {"headline_override_es": "Llegó el agua", "summary_override_es": "Por fin."}
    edition = build_edition(site.issue(story, picks={story.pk: own}), "es")
    assert "Llegó el agua" in edition.text
    assert "Por fin." in edition.html
    assert "Agua es" not in edition.html


def test_a_story_no_reader_sees_is_in_no_edition(site):
    story = site.story("Agua")
    type(story).objects.filter(pk=story.pk).update(live=False)
    for lang in ("es", "en"):
        edition = build_edition(site.issue(story), lang)
        assert edition.is_empty
        assert Code.STORY_UNPUBLISHED in codes(edition)


def test_a_private_story_is_in_no_edition(site):
    """Nor its lead: an issue goes to everybody."""
    story = site.story("Agua")
    login = PageViewRestriction.LOGIN
    PageViewRestriction.objects.create(page=story, restriction_type=login)
    edition = build_edition(site.issue(story), "es")
    assert edition.is_empty
    assert Code.STORY_PRIVATE in codes(edition)


def test_a_decoration_needs_no_alternative_text(site):
    picture = a_picture()
    body = blocks(("picture", {"picture": picture.pk, "alt": "", "caption": ""}))
    issue = site.issue(body_es=body)
    type(picture).objects.update(alt_es="")
    assert Code.PICTURE_WITHOUT_ALT in codes(build_edition(issue, "es"))
    type(picture).objects.update(is_decoration=True)
    assert Code.PICTURE_WITHOUT_ALT not in codes(build_edition(issue, "es"))


def test_a_story_that_is_behind_is_sent_and_noted(site):
    story = site.story("Agua")
    type(story).objects.filter(pk=story.pk).update(state_en="behind")
    edition = build_edition(site.issue(story), "en")
    assert edition.story_ids == [story.pk]
    assert Code.STORY_BEHIND in codes(edition)


def test_a_story_picked_twice_appears_once(site):
    story = site.story("Agua")
    assert build_edition(site.issue(story, story), "es").story_ids == [story.pk]


def test_an_edition_without_story_or_text_is_empty(site):
    issue = site.issue(
        site.story("Maíz", "es"), body_en=blocks(("divider", None), ("heading", "X"))
    )
    assert build_edition(issue, "en").is_empty
    assert Code.EMPTY in codes(build_edition(issue, "en"))
    assert not build_edition(issue, "es").is_empty


def test_own_text_alone_is_an_edition(site):
    issue = site.issue(intro_en="<p>Hello</p>")
    assert not build_edition(issue, "en").is_empty
    assert build_edition(issue, "es").is_empty


def test_the_subject_is_the_headline_unless_one_is_written(site):
    issue = site.issue(site.story("Agua"), subject_es="¡Agua!")
    assert build_edition(issue, "es").subject == "¡Agua!"
    assert build_edition(issue, "en").subject == "November in the highlands"
    assert build_edition(issue, "es").preheader == "Agua, maíz y caminos"


def test_a_revision_can_be_composed_before_it_is_published(site):
    issue = site.issue(site.story("Agua"))
    issue.headline_es = "Diciembre"
    revision = issue.save_revision()
    assert build_edition(issue, "es", revision=revision).subject == "Diciembre"
    published = type(issue).objects.get(pk=issue.pk)
    assert build_edition(published, "es").subject == "Noviembre en la sierra"


def test_a_picture_without_description_or_file_is_noted(site):
    bare = a_picture("bare")
    issue = site.issue(site.story("Agua", picture=bare))
    bare.alt_es = ""  # after it was published, which asks for a description
    bare.save()
    assert Code.PICTURE_WITHOUT_ALT in codes(build_edition(issue, "es"))
    assert Code.PICTURE_WITHOUT_ALT not in codes(build_edition(issue, "en"))
    bare.renditions.all().delete()
    bare.file.storage.delete(bare.file.name)
    assert Code.PICTURE_MISSING in codes(build_edition(issue, "en"))
    assert "<img" not in build_edition(issue, "en").html


def test_pictures_are_jpeg_at_both_densities(full_issue):
    image = Tags(build_edition(full_issue, "es").html).all("img")[0]
    assert "width-600" in image["src"]
    assert "width-1200" in image["srcset"]
    assert image["width"] == "544"
    assert image["alt"] == "La sierra al alba"


@pytest.mark.parametrize(
    ("size", "code"),
    [(80_000, None), (95_000, Code.LARGE), (103_000, Code.TOO_LARGE)],
)
def test_mails_that_gmail_would_cut_are_warned_of_and_then_refused(size, code):
    found = size_problems("x" * size, "es")
    assert [problem.code for problem in found] == ([code] if code else [])
    assert any(p.is_blocking for p in found) == (code == Code.TOO_LARGE)


def test_a_long_issue_is_too_large(site):
    text = "<p>" + "palabra " * 14_000 + "</p>"
    edition = build_edition(site.issue(intro_es=text), "es")
    assert Code.TOO_LARGE in codes(edition)


def test_the_number_of_queries_does_not_grow_with_the_issue(
    site, django_assert_max_num_queries, django_assert_num_queries
):
    picture = a_picture()
    stories = [site.story(f"Nota {n}", picture=picture) for n in range(6)]
    paragraphs = [
        ("paragraph", f'<p><a linktype="page" id="{story.pk}">x</a></p>')
        for story in stories
    ]
    small = site.issue(stories[0], body_es=blocks(*paragraphs[:1]))
    large = site.issue(*stories, body_es=blocks(*paragraphs))
    for issue in (small, large):
        build_edition(issue, "es")
    with django_assert_max_num_queries(12) as seen:
        build_edition(small, "es")
    with django_assert_num_queries(len(seen)):
        build_edition(large, "es")
