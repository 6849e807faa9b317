"""A reader who only ever sees the mails recognises the site."""

from __future__ import annotations

import pytest
from wagtail.models import Site

from mail.shell import current_brand, render_shell
from pages.models import BrandSettings
from tests.pages.factories import make_home

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "tagline"), [("es", "Noticias del campo"), ("en", "News of the land")]
)
def test_mails_carry_the_name_the_tagline_and_the_colour(language, tagline):
    make_home()
    BrandSettings.objects.create(
        site=Site.objects.get(is_default_site=True),
        name_es="Casa Común",
        accent="#8f3d22",
        tagline_es="Noticias del campo",
        tagline_en="News of the land",
    )
    html = render_shell(
        language=language,
        title="T",
        preheader="",
        body_html='<p><a href="https://example.org/">x</a></p>',
        footer_html="",
        brand=current_brand(),
    )
    for words in ("Casa Común", tagline, "#8f3d22"):
        assert words in html
