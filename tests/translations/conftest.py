from __future__ import annotations

import pytest
from wagtail.models import Site

from pages.models import BrandSettings
from tests.offices.factories import make_office
from tests.pages import factories


@pytest.fixture
def home(db):
    return factories.make_home()


@pytest.fixture
def index(home):
    return factories.make_index(home)


@pytest.fixture
def translator(db):
    return factories.make_person("itzel", "translator_en")


@pytest.fixture
def editor(db):
    return factories.make_person("lucia", "editor")


@pytest.fixture
def desk_client(client, translator):
    factories.speak(translator, "en")
    client.force_login(translator)
    return client


@pytest.fixture
def office(home):
    """Live, with Spanish words only: five to translate."""
    notes = "Timbre roto"
    return make_office(name_en="", city_en="", notes_es=notes, city_es="")


@pytest.fixture
def whole(home):
    """Live and translated."""
    return make_office(notes_es="Timbre roto", notes_en="The bell is broken")


@pytest.fixture
def brand(home):
    return BrandSettings.objects.create(
        site=Site.objects.get(), tagline_es="Noticias de agua"
    )
