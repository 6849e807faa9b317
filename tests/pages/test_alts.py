"""Every picture of a page needs a decision: described, or only decoration."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from newsletter.models import IssuePage
from pages import actions
from pictures.models import Picture
from tests.newsletter.issues import SmallSite, blocks
from tests.pages.factories import make_story
from tests.pictures.photos import photo
from topics.models import ProjectIndexPage, ProjectPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(settings, tmp_path):
    """Described in Spanish only."""
    settings.MEDIA_ROOT = tmp_path
    return Picture.objects.create(
        title="Puente", file=ContentFile(photo(), name="p.jpg"), alt_es="Un puente"
    )


def lead_picture(index, picture):
    return make_story(index, picture=picture, headline_es="Uno", headline_en="One")


def hub_picture(index, picture):
    hubs = ProjectIndexPage(headline_es="Proyectos", headline_en="Projects", live=False)
    index.get_parent().add_child(instance=hubs)
    actions.publish_languages(page=hubs, languages=["es", "en"])
    hub = ProjectPage(
        headline_es="Agua", headline_en="Water", picture=picture, live=False
    )
    return hubs.add_child(instance=hub)


def picture_of_an_issue(index, picture):
    body = blocks(("picture", {"picture": picture.pk, "alt": "", "caption": ""}))
    site = SmallSite()
    return site.issue(body_es=body, body_en=body, languages=())


CASES = [
    (lead_picture, "picture"),
    (hub_picture, "picture"),
    (picture_of_an_issue, "body_en"),
]


@pytest.fixture(params=CASES, ids=lambda case: case[0].__name__)
def case(request, db):
    return request.param


def test_a_picture_nobody_described_is_not_published(request, picture, case):
    make, field = case
    page = make(place_for(make, request), picture)
    actions.publish_languages(page=page, languages=["es"])
    with pytest.raises(ValidationError) as refused:
        actions.publish_languages(page=page, languages=["en"])
    assert list(refused.value.message_dict) == [field]
    assert "Puente" in refused.value.messages[0]


@pytest.mark.parametrize("words", [{"alt_en": "A bridge"}, {"is_decoration": True}])
def test_the_picture_s_own_decision_will_do(request, picture, case, words):
    make, _field = case
    Picture.objects.filter(pk=picture.pk).update(**words)
    page = make(place_for(make, request), picture)
    assert actions.publish_languages(page=page, languages=["en"]).live_en


def test_an_issue_may_describe_a_picture_itself(picture):
    value = {"picture": picture.pk, "alt": "A bridge", "caption": ""}
    issue = SmallSite().issue(body_en=blocks(("picture", value)), languages=())
    live = actions.publish_languages(page=issue, languages=["en"])
    assert isinstance(live, IssuePage)
    assert live.live_en


def place_for(make, request):
    """A list of news, except for issues, which bring a site of their own."""
    return None if make is picture_of_an_issue else request.getfixturevalue("index")


def test_decoration_says_nothing(picture):
    picture.is_decoration = True
    assert picture.alt_in("es") == ""
    with pytest.raises(ValidationError) as refused:
        picture.clean()
    assert list(refused.value.message_dict) == ["is_decoration"]
