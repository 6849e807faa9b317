"""Long text goes out in Brotli to whoever takes it, and only to them."""

from __future__ import annotations

from io import BytesIO

import brotli
import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from guards.compressing import LEAST, compress_text
from tests.pages.factories import make_home, make_index

LONG = "Cosecha de papa nativa. " * 60
TOO_LONG = "br" + "," * 200


@pytest.fixture
def answer(rf):
    """What a reader's program gets for a response."""

    def get(response, accepted="gzip, deflate, br, zstd"):
        request = rf.get("/", headers={"Accept-Encoding": accepted})
        return compress_text(lambda _: response)(request)

    return get


def test_a_page_is_sent_in_brotli_and_says_so(answer):
    sent = answer(HttpResponse(LONG))
    assert sent["Content-Encoding"] == "br"
    assert sent["Content-Length"] == str(len(sent.content))
    assert len(sent.content) < len(LONG) / 4
    assert brotli.decompress(sent.content).decode() == LONG
    assert "Accept-Encoding" in sent["Vary"]


@pytest.mark.parametrize("accepted", ["br", "gzip,br;q=0.5", "gzip;q=1.0, br ; q=1"])
def test_whoever_names_it_gets_it(answer, accepted):
    assert answer(HttpResponse(LONG), accepted).get("Content-Encoding") == "br"


@pytest.mark.parametrize(
    "accepted",
    [
        "",
        "gzip",
        "*",
        "br;q=0",
        "br;q=0.000, gzip",
        "brotli",
        "abr",
        "br;Q=0",
        "br" + "," * 200,
    ],
)
def test_whoever_does_not_gets_the_text(answer, accepted):
    sent = answer(HttpResponse(LONG), accepted)
    assert not sent.has_header("Content-Encoding")
    assert sent.content.decode() == LONG
    assert "Accept-Encoding" in sent["Vary"], "a cache between must not mix them up"


REST = {
    "short": lambda: HttpResponse("a" * (LEAST - 1)),
    "a picture": lambda: HttpResponse(LONG, content_type="image/png"),
    "compressed": lambda: HttpResponse(LONG, headers={"Content-Encoding": "gzip"}),
    "one person's": lambda: HttpResponse(LONG, headers={"Cache-Control": "no-store"}),
    "a visitor's": lambda: HttpResponse(LONG, headers={"Vary": "Cookie"}),
    "a stream": lambda: StreamingHttpResponse([LONG.encode()]),
    "a file": lambda: FileResponse(BytesIO(LONG.encode()), content_type="text/plain"),
    "nothing new": lambda: HttpResponse(status=304),
}


@pytest.mark.parametrize("kind", REST)
def test_the_rest_stays_as_it_is(answer, kind):
    same, sent = REST[kind](), answer(REST[kind]())
    assert dict(sent.items()) == dict(same.items())
    assert b"".join(sent) == b"".join(same)


def test_a_tag_of_the_text_is_weak_for_its_compressed_form(answer):
    assert answer(HttpResponse(LONG, headers={"ETag": '"7"'}))["ETag"] == 'W/"7"'
    assert answer(HttpResponse(LONG, headers={"ETag": 'W/"7"'}))["ETag"] == 'W/"7"'


@pytest.mark.django_db
def test_pages_of_the_site_are_compressed(client):
    sent = client.get("/es/privacidad/", headers={"Accept-Encoding": "br"})
    assert sent["Content-Encoding"] == "br"
    assert "<html" in brotli.decompress(sent.content).decode()


@pytest.mark.django_db
def test_a_feed_that_did_not_change_is_tagged_as_it_was(client):
    make_index(make_home())
    path, headers = "/es/noticias/feed/", {"Accept-Encoding": "br"}
    sent = client.get(path, headers=headers)
    assert sent["Content-Encoding"] == "br"
    again = client.get(path, headers={**headers, "If-None-Match": sent["ETag"]})
    assert again.status_code == 304
    assert (again["ETag"], again["Vary"]) == (sent["ETag"], sent["Vary"])
