"""What readers' programs ask of the whole site."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import product

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from PIL import Image
from wagtail.models import Site

from newsletter.models import IssuePage, IssueStory
from pages import checks, contrast
from pages.actions import unpublish_language
from pages.alternates import alternates
from pages.models import BilingualPage, BrandSettings
from pages.models.brand import validate_accent
from pictures.models import Picture
from tests.pages.factories import make_story


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en", "en"),
        ("es-PE,es;q=0.9,en;q=0.5", "es"),
        ("fr", "es"),
        ("", "es"),
        ("en-GB", "en"),
    ],
)
@pytest.mark.django_db
def test_the_root_sends_readers_to_their_language(client, asked, language):
    client.cookies["django_language"] = "en"
    response = client.get("/", headers={"Accept-Language": asked})
    assert response.status_code == 302
    assert response["Location"] == f"/{language}/"
    assert "no-store" in response["Cache-Control"]
    assert "Accept-Language" in response["Vary"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("live", "asked", "language"),
    [
        (["es"], "en", "es"),
        (["es"], "es", "es"),
        (["en"], "es", "en"),
        (["en"], "fr", "en"),
        ([], "en", "en"),
        (["es", "en"], "en", "en"),
    ],
)
def test_the_root_sends_readers_where_the_front_page_is(
    home, client, live, asked, language, django_assert_num_queries
):
    for code in {"es", "en"} - set(live):
        unpublish_language(page=home, language=code)
    with django_assert_num_queries(1):
        response = client.get("/", headers={"Accept-Language": asked})
    assert response["Location"] == f"/{language}/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/cms/pages/999999/edit/", 404),
        ("/documents/999999/secret.pdf", 404),
        ("/media/images/none.jpg", 404),
        ("/u/nonsense/", 404),
        ("/en/nothing/", 404),
        ("/noticias/", 302),
    ],
)
def test_what_is_no_page_is_not_sent_to_one(index, admin_client, path, answer):
    """Django would send all of them below /es/, where the page tree takes any path."""
    found = admin_client.get(path)
    assert found.status_code == answer
    assert answer == 404 or found.url == "/es/noticias/"


SEEN = {
    "es": {
        "path": "/es/noticias/uno/",
        "title": "Título aparte",
        "text": "Resumen",
    },
    "en": {"path": "/en/news/one/", "title": "Another title", "text": "Summary"},
}


def head_of(client, path):
    """What stands in the head: title, meta by name or property, links by rel."""
    head = client.get(path).content.decode().split("</head>")[0]
    metas = re.findall(r'<meta (?:name|property)="(.*?)" content="(.*?)">', head)
    links = re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', head)
    title = re.search("<title>(.*?)</title>", head)[1]
    canonical = re.search(r'<link rel="canonical" href="(.*?)">', head)[1]
    return title, canonical, dict(metas), dict(links)


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_head_says_what_search_engines_and_previews_ask(index, client, lang):
    words = {f"meta_title_{code}": seen["title"] for code, seen in SEEN.items()}
    words |= {f"meta_description_{code}": seen["text"] for code, seen in SEEN.items()}
    words |= {"lead_es": "Entradilla", "lead_en": "Lead"}
    both = {"headline_es": "Uno", "headline_en": "One", "live": ("es", "en")}
    make_story(index, **both, **words)
    seen = SEEN[lang]
    title, canonical, metas, links = head_of(client, seen["path"])
    address = f"http://testserver{seen['path']}"
    assert title.startswith(f"{seen['title']} · ")
    assert canonical == metas["og:url"] == address
    assert metas["description"] == metas["og:description"] == seen["text"]
    assert metas["og:title"] == seen["title"]
    locales = {"es": "es_LA", "en": "en_US"}
    assert metas["og:locale"] == locales.pop(lang)
    assert metas["og:locale:alternate"] == next(iter(locales.values()))
    assert metas["og:type"] == "article"
    assert links == {
        "es": "http://testserver/es/noticias/uno/",
        "en": "http://testserver/en/news/one/",
        "x-default": "http://testserver/es/noticias/uno/",
    }


@pytest.mark.django_db
def test_the_head_of_a_page_nobody_described_uses_its_own_words(index, client):
    make_story(index, live=("es",), headline_es="Uno", lead_es="Palabra " * 40)
    title, _canonical, metas, links = head_of(client, "/es/noticias/uno/")
    assert title.startswith("Uno · ")
    assert metas["og:title"] == "Uno"
    assert metas["description"].startswith("Palabra Palabra")
    assert len(metas["description"]) <= 160
    assert links == {}


@pytest.mark.django_db
def test_templates_lead_to_the_page_in_the_other_language(index):
    both = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    only = make_story(index, live=("es",), headline_es="Dos")
    source = (
        "{% load pages_tags %}{% language_switch page lang as others %}"
        "{% for other in others %}{{ other.code }} {{ other.url }} {{ other.is_here }}"
        '{% endfor %}|{% field page "headline" lang %}|{% url_in page "en" %}'
    )

    def shown(page):
        page = BilingualPage.objects.get(pk=page.pk)
        text = Template(source).render(Context({"page": page, "lang": "es"}))
        return text, alternates(page)

    everywhere = [("es", "/es/noticias/uno/"), ("en", "/en/news/one/")]
    assert shown(both) == ("en /en/news/one/ True|Uno|/en/news/one/", everywhere)
    assert shown(only) == ("en /en/news/ False|Dos|None", [("es", "/es/noticias/dos/")])


@pytest.mark.django_db
def test_every_page_type_and_row_is_registered_for_translation():
    assert checks.check_registered(None) == []


def test_a_type_or_row_nobody_registered_is_an_error():
    missing = checks.unregistered([IssuePage], known=set())
    assert missing == [IssuePage, IssueStory]
    assert checks.error(IssuePage).id == "pages.E001"


def test_contrast_is_as_the_guidelines_compute_it():
    assert contrast.ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", ["#ffee00", "red", "#12", "#777777"])
def test_an_accent_that_cannot_be_read_is_refused(colour):
    english = translation.override("en")
    with english, pytest.raises(ValidationError, match=r"contrast|rrggbb"):
        validate_accent(colour)


def test_a_refusal_names_a_colour_that_is_accepted():
    for colour in ("#ffee00", "#ff8800", "#59b300", "#999999"):
        with translation.override("en"), pytest.raises(ValidationError) as refused:
            validate_accent(colour)
        nearest = re.findall(r"#\w{6}", refused.value.messages[0])[-1]
        assert validate_accent(nearest) is None


def test_any_accent_can_be_read_on_every_paper():
    """Links at AAA on every paper; words on a button at AA."""
    steps = ("00", "33", "66", "99", "cc", "ff")
    for parts in product(steps, repeat=3):
        colour = "#" + "".join(parts)
        light, dark = contrast.on_light(colour), contrast.on_dark(colour)
        assert contrast.lowest(light, contrast.LIGHT_PAPERS) >= 7
        assert contrast.lowest(dark, contrast.DARK_PAPERS) >= 7
        assert contrast.ratio(light, contrast.ink_on(light)) >= 4.5
        assert contrast.ratio(dark, contrast.ink_on(dark)) >= 4.5


def tokens():
    """Each colour of tokens.css by name, for light and for dark screens."""
    css = (settings.BASE_DIR / "site/static/css/tokens.css").read_text()
    pair = r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)"
    return {name: (light, dark) for name, light, dark in re.findall(pair, css)}


def test_the_tokens_can_be_read_on_each_other():
    """Text at AAA, what is coloured at AA, the focus ring at 3:1."""
    known = tokens()
    papers = [known["surface"], known["raised"]]
    assert set(contrast.DARK_PAPERS) == {dark for _light, dark in papers}
    assert set(contrast.LIGHT_PAPERS) >= {light for light, _dark in papers}
    needed = {"text": 7, "muted": 7, "accent": 4.5, "good": 4.5, "bad": 4.5, "focus": 3}
    for mode in (0, 1):
        for name, least in needed.items():
            for paper in papers:
                found = contrast.ratio(known[name][mode], paper[mode])
                assert found >= least, (name, mode, found)
        assert contrast.ratio(known["text"][mode], known["mark"][mode]) >= 7
        assert contrast.ratio(known["accent-text"][mode], known["accent"][mode]) >= 4.5


def test_a_dark_accent_is_accepted():
    assert validate_accent("#8a1c3b") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "height", "fits"),
    [("PNG", 80, True), ("WEBP", 120, True), ("JPEG", 200, False), ("PNG", 79, False)],
)
def test_a_logo_is_a_png_or_webp_of_some_size(home, tmp_path, kind, height, fits):
    data = BytesIO()
    Image.new("RGB", (200, height)).save(data, kind)
    file = SimpleUploadedFile(f"logo.{kind.lower()}", data.getvalue())
    with override_settings(MEDIA_ROOT=tmp_path):
        logo = Picture.objects.create(title="Logo", file=file)
        brand = BrandSettings(site=Site.objects.get(), logo_light=logo)
        try:
            brand.full_clean()
        except ValidationError as error:
            found = error.message_dict.keys() == {"logo_light"}
            assert found is not fits
        else:
            assert fits


@pytest.mark.django_db
def test_the_brand_is_edited_per_language(home, admin_client):
    site = Site.objects.get()
    url = reverse("wagtailsettings:edit", args=["pages", "brandsettings", site.pk])
    data = {
        "accent": "#8a1c3b",
        "logo_light": "",
        "logo_dark": "",
        "social_links-count": "0",
        "header_menu-count": "0",
        "footer_menu-count": "0",
        "contact_email": "",
    }
    for code in ("es", "en"):
        data |= {f"tagline_{code}": f"lema {code}", f"footer_text_{code}": ""}
        data |= {f"postal_address_{code}": "", f"name_{code}": "Casa"}
        data |= {f"privacy_{place}_{code}": "null" for place in ("before", "after")}
    assert admin_client.post(url, data).status_code == 302
    brand = BrandSettings.current()
    assert (brand.tagline_es, brand.tagline_en) == ("lema es", "lema en")
    bad = admin_client.post(url, {**data, "accent": "#ffee00"})
    assert "accent" in bad.context["form"].errors


@pytest.mark.django_db
def test_the_brand_of_a_site_nobody_named_is_empty_not_an_error(home):
    assert BrandSettings.current().name_in("es") == ""


@pytest.mark.django_db
def test_a_page_is_marked_as_one_language(index, client):
    make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    html = client.get("/en/news/one/").content.decode()
    assert '<html lang="en"' in html
    assert 'hreflang="es"' in html
