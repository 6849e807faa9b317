"""The privacy page, as what is switched on makes it."""

from __future__ import annotations

import pytest
from wagtail.models import Site

from newsletter.models import Newsletter
from pages.models import BrandSettings

PATHS = {"es": "/es/privacidad/", "en": "/en/privacy/"}


def read(client, lang="en"):
    response = client.get(PATHS[lang])
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def test_without_a_newsletter_it_says_nothing_of_subscribers(client, home):
    assert "When you subscribe" not in read(client)
    Newsletter.objects.create(key="n", name_en="The Letter", from_address="a@b.example")
    page = read(client)
    assert "When you subscribe" in page
    assert "The Letter" in page
    assert "within 14 days is forgotten" in page


@pytest.mark.parametrize(
    ("counts", "said"),
    [(True, "all readers together"), (False, "We track neither whether you open")],
)
def test_clicks_are_told_of_where_one_newsletter_counts_them(
    client, home, counts, said
):
    for key, counting in (("a", counts), ("b", False)):
        Newsletter.objects.create(
            key=key, from_address="a@b.example", counts_clicks=counting
        )
    assert said in read(client)


def test_the_brand_says_the_rest_in_the_language_of_the_page(client, home):
    assert "Ask whoever publishes this site." in read(client)
    BrandSettings.objects.create(
        site=Site.objects.get(),
        privacy_before_en="<p>We are a cooperative.</p>",
        privacy_after_es="<p>Rige la ley 29733.</p>",
        contact_email="datos@minga.example",
        log_days=7,
    )
    page, spanish = read(client), read(client, "es")
    assert "We are a cooperative." in page
    assert "29733" not in page
    assert "29733" in spanish
    assert 'href="mailto:datos@minga.example"' in page
    assert "for 7 days" in page
    assert 'hreflang="es" href="http://testserver/es/privacidad/"' in page


def test_every_page_and_the_sign_up_form_lead_there(client, home):
    Newsletter.objects.create(key="n", from_address="a@b.example")
    body, foot = client.get("/en/").content.decode().split("<footer")
    assert PATHS["en"] in body
    assert PATHS["en"] in foot
