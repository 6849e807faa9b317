"""Pictures, galleries, films and documents on pages that readers get."""

from __future__ import annotations

import html as entities
import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection, CollectionViewRestriction

from pages.models import BrandSettings
from pictures.models import File, Picture, Rendition
from pictures.tasks import make_renditions
from tests.news.factories import make_picture, make_story
from tests.pages.factories import make_home, make_index, make_person
from tests.pictures.test_renditions import halves

pytestmark = pytest.mark.django_db
PATHS = {"es": "/es/noticias/historia-1/", "en": "/en/news/story-1/"}
FILM = "https://www.youtube.com/watch?v=abc_DEF-123"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def index():
    return make_index(make_home())


def keep(data, name="feria.jpg", **fields):
    """A picture with all its files made."""
    words = {"alt_es": "La feria", "alt_en": "The fair", "credit": "Ana"} | fields
    file = ContentFile(data, name=name)
    picture = Picture.objects.create(title=name, file=file, **words)
    make_renditions(picture.pk)
    return picture


def large(**fields):
    """A picture that is larger than a text shows it."""
    return keep(halves((1500, 1000)), **fields)


def url_of(picture, spec):
    return picture.renditions.get(filter_spec=spec).url


def shown(picture, **words):
    empty = {"caption": "", "credit": "", "alt": "", "alt_decision": "describe"}
    return {"picture": picture.pk, **empty, **words}


def listed(values):
    """A list as a gallery keeps it."""
    return [
        {"type": "item", "id": f"{place:08}", "value": value}
        for place, value in enumerate(values)
    ]


def publish(index, *blocks, **fields):
    body = [{"type": kind, "value": value} for kind, value in blocks]
    return make_story(index, 1, body_es=body, body_en=body, **fields)


def read(client, path=PATHS["es"]):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def no_image_library(monkeypatch):
    """Nothing opens or writes an image."""

    def fail(*args, **kwargs):
        raise AssertionError("an image library was asked")

    monkeypatch.setattr(Image, "open", fail)
    monkeypatch.setattr(Image.Image, "save", fail)


@pytest.mark.parametrize("are_made", [True, False])
def test_no_reader_has_a_file_made(index, client, are_made, monkeypatch, request):
    picture = large() if are_made else make_picture()
    gallery = listed([shown(picture)] * 2)
    embed = {"url": FILM, "title": "La feria", "still": picture.pk}
    blocks = [("picture", shown(picture)), ("gallery", gallery), ("embed", embed)]
    publish(index, *blocks, picture=picture)
    make_story(index, 2, picture=picture)
    site = index.get_site()
    BrandSettings.objects.create(site=site, logo_light=picture, logo_dark=picture)
    count = Rendition.objects.count()
    request.getfixturevalue("no_image_library")
    for path in ("/es/", "/es/noticias/", *PATHS.values()):
        page = read(client, path)
        for image in re.findall("<img[^>]*>", page):
            assert re.search(r' width="\d+" height="\d+" alt="', image)
            assert ("fetchpriority" in image) != ('loading="lazy" decoding' in image)
    assert Rendition.objects.count() == count


def test_a_card_names_its_role_and_brings_every_format(index, client):
    picture = large()
    make_story(index, 1, picture=picture)
    page = read(client, "/es/noticias/")
    (card,) = re.findall('<div class="card__photo">(.*?)</div>', page, re.S)
    at = 'sizes="(min-width: 40rem) 22rem, (min-resolution: 2.5dppx) 4.3rem, 6.5rem"'

    def files(format):
        shapes = ((208, 139), (480, 320), (752, 501), (1200, 800))
        specs = ((w, f"format-{format}|fill-{w}x{h}") for w, h in shapes)
        return ", ".join(f"{url_of(picture, spec)} {w}w" for w, spec in specs)

    last = url_of(picture, "format-jpeg|fill-1200x800")
    assert card.strip() == (
        f'<picture><source type="image/avif" srcset="{files("avif")}" {at}>'
        f'<source type="image/webp" srcset="{files("webp")}" {at}>'
        f'<img src="{last}" srcset="{files("jpeg")}" {at} width="1200" height="800"'
        ' alt="" loading="lazy" decoding="async"></picture>'
    )


def test_a_logo_has_one_of_its_own_on_dark_paper(index, client):
    logo = halves((300, 100), format="PNG")
    light, dark = keep(logo, "light.png"), keep(logo, "dark.png")
    brand = {"name": "Milpa", "logo_light": light, "logo_dark": dark}
    BrandSettings.objects.create(site=index.get_site(), **brand)
    page = read(client, "/es/")
    webp, png = "format-webp|height-80", "format-png|height-80"
    size = 'width="240" height="80"'
    at_night = f'{size} media="(prefers-color-scheme: dark)"'
    assert (
        f'<picture><source type="image/webp" srcset="{url_of(dark, webp)}" {at_night}>'
        f'<source srcset="{url_of(dark, png)}" {at_night}>'
        f'<source type="image/webp" srcset="{url_of(light, webp)}">'
        f'<img src="{url_of(light, png)}" {size} alt="Milpa" fetchpriority="high">'
        "</picture>"
    ) in page


def test_a_picture_without_a_file_leaves_its_place_empty(index, client):
    picture = make_picture()
    picture.file.storage.delete(picture.file.name)
    picture.renditions.all().delete()
    publish(index, ("picture", shown(picture, caption="De noche")), picture=picture)
    page = read(client)
    assert "De noche" in page
    assert "<picture" not in page


def test_a_gallery_shows_each_picture_with_its_own_words(index, client):
    pictures = [large(alt_es="La plaza"), large(caption_es="El río")]
    values = [shown(pictures[0], credit="Luis"), shown(pictures[1], alt="El río, bajo")]
    publish(index, ("gallery", listed(values)))
    page = read(client)
    gallery = page.split('<div class="gallery"')[1].split('class="story-foot"')[0]
    figures = gallery.split('<figure class="figure gallery__wide">')[1:]
    assert 'alt="La plaza"' in figures[0]
    assert '<span class="figure__credit">Luis</span>' in figures[0]
    assert 'alt="El río, bajo"' in figures[1]
    assert '<figcaption>El río <span class="figure__credit">Ana</span>' in figures[1]
    for picture, figure in zip(pictures, figures, strict=True):
        url = url_of(picture, "format-jpeg|width-2400")
        assert f'<a class="figure__large" href="{url}" data-lightbox>' in figure
        assert client.get(url).status_code == 200
    assert page.count("data-lightbox-window") == page.count("js/reading.js") == 1


def test_queries_do_not_grow_with_a_gallery(index, client):
    def make(number):
        gallery = listed([shown(large()) for _each in range(number)])
        body = [{"type": "gallery", "value": gallery}]
        return make_story(index, number, body_es=body, live=("es",)).url_in("es")

    costs = []
    for path in [make(2), make(4)]:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).content.count(b"data-lightbox>") in (2, 4)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_picture_no_larger_than_its_text_leads_nowhere(index, client):
    picture = make_picture()
    make_renditions(picture.pk)
    publish(index, ("picture", shown(picture)))
    page = read(client)
    assert "<picture>" in page
    assert "data-lightbox" not in page
    assert "data-lightbox-window" not in page


def test_a_film_is_asked_for_by_the_reader_only(index, client):
    still = large()
    embed = {"url": FILM, "title": "La <feria>", "still": still.pk}
    publish(index, ("embed", embed), ("embed", embed | {"still": None}))
    page = read(client, PATHS["en"])
    words = "If you open it, YouTube learns of your visit and may set cookies."
    assert "<iframe" not in page
    assert page.count(f"YouTube. {words}") == 2
    assert page.count('<span class="embed__title">La &lt;feria&gt;</span>') == 2
    assert page.count("<picture>") == 1
    assert page.count("js/reading.js") == 1
    (link, other) = re.findall('<a class="embed__open"([^>]*)>', page)
    assert link == other
    assert entities.unescape(link) == (
        f' href="{FILM}" rel="noreferrer" data-frame="https://www.youtube-nocookie.com'
        '/embed/abc_DEF-123?autoplay=1&rel=0"'
    )
    loaded = re.findall(r' (?:src|srcset)="([^"]+)"', page)
    assert all(address.startswith("/") for address in loaded)


@pytest.fixture
def report():
    """A document in Spanish, with a version in English."""
    return File.objects.create(
        title="informe",
        label_es="Informe",
        label_en="Report",
        language="es",
        file=ContentFile(b"%PDF-1.4 es", name="informe.pdf"),
        version_en=ContentFile(b"%PDF-1.4 english" + bytes(2000), name="report.pdf"),
    )


@pytest.mark.parametrize(
    ("lang", "name", "size", "content"),
    [
        ("es", "Informe", "11\xa0bytes", b"%PDF-1.4 es"),
        ("en", "Report", "2.0\xa0KB", b"%PDF-1.4 english"),
    ],
)
def test_a_reader_gets_the_document_of_the_language(
    index, client, report, lang, name, size, content
):
    publish(index, ("document", {"file": report.pk, "label": ""}))
    page = read(client, PATHS[lang])
    (url,) = re.findall(
        f'<a href="([^"]+)">{name}</a> <small>PDF, {size}</small>', page
    )
    answer = client.get(url)
    assert b"".join(answer.streaming_content).startswith(content)
    assert answer["Content-Type"] == "application/pdf"


def test_a_document_of_the_other_language_says_so(index, client, report):
    report.version_en = None
    report.save()
    publish(index, ("document", {"file": report.pk, "label": ""}))
    page = read(client, PATHS["en"])
    assert f'<a href="{report.url}" hreflang="es">Report</a>' in page
    assert "(in Spanish)</small>" in page
    assert "hreflang" not in read(client).split('class="document"')[1].split("</p>")[0]


def test_a_private_document_is_private_in_every_language(client, report):
    url = report.version_in("en").url
    report.collection = Collection.get_first_root_node().add_child(name="Equipo")
    report.save()
    CollectionViewRestriction.objects.create(
        collection=report.collection, restriction_type="login"
    )
    assert client.get(url).status_code == 302
    client.force_login(make_person("ana", "editor"))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "path", ["en/other.pdf", "xx/report.pdf", "size_es/report.pdf"]
)
def test_no_other_address_leads_to_a_version(client, report, path):
    assert client.get(f"/documents/{report.pk}/{path}").status_code == 404


def test_a_version_that_is_gone_is_not_found(client, report):
    report.version_en.storage.delete(report.version_en.name)
    assert client.get(report.version_in("en").url).status_code == 404


def test_an_editor_adds_a_version_and_what_is_none_is_refused(client):
    client.force_login(make_person("editora", "editor"))
    post = {"title": "Informe", "language": "es", "collection": 1}

    def send(**files):
        return client.post(reverse("wagtaildocs:add"), {**post, **files})

    def pdf(name="informe.pdf"):
        return ContentFile(b"%PDF-1.4", name=name)

    refused = send(file=pdf(), version_en=pdf("x.html"), version_es=pdf())
    assert {*refused.context["form"].errors} == {"version_en", "version_es"}
    assert not File.objects.exists()
    assert send(file=pdf(), version_en=pdf("report.pdf")).status_code == 302
    assert File.objects.get().version_in("en").url.endswith("/en/report.pdf")
