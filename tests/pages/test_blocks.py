"""What the blocks of a body look like on a page that readers get."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation

from pages.blocks import BodyBlock
from pictures.models import File
from tests.news.factories import make_picture, make_story
from tests.pages.factories import make_home, make_index

pytestmark = pytest.mark.django_db
PATHS = {"es": "/es/noticias/historia-1/", "en": "/en/news/story-1/"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def index():
    return make_index(make_home())


@pytest.fixture
def shown(index, client):
    """A story's body with one block, as HTML in a language."""

    def body_of(kind, value, lang="es"):
        block = [{"type": kind, "value": value}]
        make_story(index, 1, body_es=block, body_en=block)
        response = client.get(PATHS[lang])
        assert response.status_code == 200
        html = response.content.decode()
        return html.split('<div class="prose">')[1].split(
            '<footer class="story-foot">'
        )[0]

    return body_of


OWN = {"alt_es": "Un río", "alt_en": "A river", "credit": "JP"}
OWN |= {"caption_es": "El río en mayo", "caption_en": "The river in May"}


def picture_block(picture, **words):
    empty = {"caption": "", "credit": "", "alt": "", "alt_decision": "describe"}
    return {"picture": picture.pk, **empty, **words}


@pytest.mark.parametrize(
    ("lang", "alt", "caption"),
    [("es", "Un río", "El río en mayo"), ("en", "A river", "The river in May")],
)
def test_a_picture_brings_its_own_words_in_the_language(shown, lang, alt, caption):
    html = shown("picture", picture_block(make_picture(**OWN)), lang)
    assert f'alt="{alt}"' in html
    assert f'<figcaption>{caption} <span class="figure__credit">JP</span>' in html


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_words_of_the_block_win_over_the_pictures(shown, lang):
    words = {"alt": "La orilla", "caption": "De noche", "credit": "Ana <b>"}
    html = shown("picture", picture_block(make_picture(**OWN), **words), lang)
    assert 'alt="La orilla"' in html
    assert '<figcaption>De noche <span class="figure__credit">Ana &lt;b&gt;<' in html
    for own in (*OWN.values(), "Un río"):
        assert f">{own}" not in html
        assert f'"{own}"' not in html


def test_a_picture_that_is_only_decoration_says_nothing(shown):
    words = {"alt_decision": "decorative", "alt": "La orilla"}
    html = shown("picture", picture_block(make_picture(**OWN), **words))
    assert 'alt=""' in html
    assert "orilla" not in html


def test_a_picture_without_caption_or_credit_has_no_caption_line(shown):
    html = shown("picture", picture_block(make_picture(alt_es="x", alt_en="y")))
    assert "<img" in html
    assert "figcaption" not in html


def test_a_deleted_picture_leaves_nothing_behind(shown, client):
    picture = make_picture(**OWN)
    assert "<figure" in shown("picture", picture_block(picture, caption="De noche"))
    picture.delete()
    html = client.get(PATHS["es"]).content.decode()
    assert "De noche" not in html
    assert '<figure class="figure">' not in html


@pytest.fixture
def file():
    return File.objects.create(
        title="informe-v3-final",
        label_es="Informe anual",
        label_en="Annual report",
        file=ContentFile(b"%PDF-1.4", name="informe.pdf"),
    )


@pytest.mark.parametrize(
    ("lang", "name"), [("es", "Informe anual"), ("en", "Annual report")]
)
def test_a_document_has_a_name_per_language(shown, file, lang, name):
    html = shown("document", {"file": file.pk, "label": ""}, lang)
    assert f'<a href="{file.url}">{name}</a> <small>PDF,' in html


def test_the_name_in_the_block_wins(shown, file):
    html = shown("document", {"file": file.pk, "label": "El <informe>"})
    assert ">El &lt;informe&gt;</a>" in html


def test_a_document_without_a_name_in_the_language_shows_its_title(shown, file):
    File.objects.update(label_en=None)
    html = shown("document", {"file": file.pk, "label": ""}, "en")
    assert ">informe-v3-final</a>" in html


def test_a_deleted_document_leaves_no_empty_link(shown, file, client):
    value = {"file": file.pk, "label": "Informe"}
    assert 'class="document"' in shown("document", value)
    file.delete()
    html = client.get(PATHS["es"]).content.decode()
    assert 'class="document"' not in html
    assert 'href=""' not in html


@pytest.mark.parametrize(
    ("lang", "warning"),
    [("es", "Se abre en otro sitio"), ("en", "Opens on another site")],
)
def test_what_lives_elsewhere_is_a_link_that_says_so(shown, lang, warning):
    value = {"url": "https://video.example/1", "title": "La feria en video"}
    html = shown("embed", value, lang)
    link = '<a href="https://video.example/1" rel="noreferrer">La feria en video</a>'
    assert link in html
    assert warning in html
    assert "<iframe" not in html
    assert "<script" not in html


@pytest.mark.parametrize("url", ["http://video.example/1", "ftp://video.example/1"])
def test_only_secure_addresses_are_taken_from_elsewhere(url):
    block = BodyBlock().child_blocks["embed"]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({"url": url, "title": "Video"}))
    assert "https://" in str(refused.value.block_errors["url"])


def test_a_secure_address_is_taken():
    block = BodyBlock().child_blocks["embed"]
    value = {"url": "https://video.example/1", "title": "Video"}
    assert block.clean(block.to_python(value))["url"] == value["url"]


@pytest.mark.parametrize(
    ("lang", "words", "path"),
    [
        ("es", "Lea también", "/es/noticias/historia-2/"),
        ("en", "Read also", "/en/news/story-2/"),
    ],
)
def test_a_related_story_is_named_in_the_language(shown, index, lang, words, path):
    other = make_story(index, 2)
    html = shown("related_story", other.pk, lang)
    headline = {"es": "Historia 2", "en": "Story 2"}[lang]
    assert re.search(rf'{words}</small> <a href="{path}">{headline}</a>', html)


def test_a_story_not_there_in_the_language_is_not_named(shown, index):
    other = make_story(index, 2, live=("es",))
    assert "related" not in shown("related_story", other.pk, "en")


def test_a_heading_is_one_below_the_headline(shown):
    assert "<h2>La &lt;asamblea&gt;</h2>" in shown("heading", "La <asamblea>")
