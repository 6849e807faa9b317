"""What a new site begins with, and what its first people are told to do."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from news.models import NewsIndexPage
from newsletter.models import Dispatch, Newsletter, NewsletterPage
from pages.models import BilingualPage, BrandSettings
from people import roles
from starting.frame import KINDS, is_only_frame, lay_frame
from tests.news.factories import make_story
from tests.newsletter.admins import person
from tests.newsletter.test_issue_admin_menu import NEW
from tests.offices.factories import make_office
from tests.topics.factories import make_project
from topics.models import ProjectIndexPage

FIRST = {
    "Name the site": True, "Add a project": True, "Publish the first story": True,
    "Add an office": True, "Set up a newsletter": True, "Send the first issue": False,
}  # fmt: skip


@pytest.fixture
def chief(client, db):
    lay_frame()
    user = person(roles.ADMINISTRATOR)
    user.groups.add(roles.group_of(roles.NEWSLETTER_SENDER))
    client.force_login(user)
    return user


def home(client):
    return client.get(reverse("wagtailadmin_home")).content.decode()


def shown(client):
    """The steps on the admin's home page: `{title: (is done, where to)}`."""
    steps = r'<li class="pg-step( pg-step--done)?">(.*?)</li>'
    found = re.findall(steps, home(client), re.S)
    return {
        title: (bool(done), (re.findall(r'href="([^"]+)"', text) or [""])[0])
        for done, text in found
        for title in FIRST
        if title in text
    }


def test_a_new_site_has_its_frame_in_both_languages(client, db):
    assert lay_frame() is True
    assert client.get("/es/noticias/").status_code == 200
    assert client.get("/en/countries/").status_code == 200
    front = client.get("/es/").content.decode()
    for name in ("Noticias", "Proyectos", "Países", "Oficinas", "Boletines"):
        assert f">{name}</a>" in front
    assert Page.objects.filter(depth__gt=1).count() == len(KINDS)
    assert Site.objects.get().root_page.specific_class._meta.label == "front.HomePage"


def test_a_site_with_pages_is_left_as_it_is(db):
    lay_frame()
    BilingualPage.objects.filter(headline_es="Noticias").update(headline_es="Crónicas")
    assert lay_frame() is False
    assert BilingualPage.objects.count() == len(KINDS)
    assert NewsIndexPage.objects.get().headline_es == "Crónicas"


def test_the_frame_alone_is_no_used_site(db):
    lay_frame()
    assert is_only_frame()
    make_story(NewsIndexPage.objects.get(), 1)
    assert not is_only_frame()


def test_each_step_leads_on_until_all_is_done(client, chief):
    before = shown(client)
    assert list(before) == list(FIRST)
    assert not any(done for done, _where in before.values())
    ways = [where for _done, where in before.values()]
    assert ways.pop() == ""
    assert "Its newsletter comes first." in home(client)
    assert [client.get(where).status_code for where in ways] == [200] * 5

    BrandSettings.objects.update_or_create(
        site=Site.objects.get(), defaults={"name_es": "Centro"}
    )
    make_project(ProjectIndexPage.objects.get())
    make_story(NewsIndexPage.objects.get(), 1)
    make_office()
    client.post(reverse("newsletter:add"), NEW)
    now = shown(client)
    assert {title: done for title, (done, _where) in now.items()} == FIRST
    assert client.get(now["Send the first issue"][1]).status_code == 200

    Dispatch.objects.create(newsletter=Newsletter.objects.get(), title="One")
    assert shown(client) == {}


def test_a_new_newsletter_has_its_page_where_it_has_a_name(client, chief):
    answer = client.post(reverse("newsletter:add"), NEW | {"name_es": ""}, follow=True)
    page = NewsletterPage.objects.get()
    assert page.live_languages() == ["en"]
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in answer.content.decode()
    assert "Monthly" in client.get("/en/newsletters/").content.decode()


def test_hidden_steps_stay_hidden(client, chief):
    url = reverse("wagtailadmin_dismissibles")
    client.patch(url, {"first-steps": True}, content_type="application/json")
    assert shown(client) == {}


def test_who_may_do_none_of_it_is_told_nothing(client, db):
    lay_frame()
    client.force_login(person(roles.TRANSLATORS["en"]))
    assert shown(client) == {}


def test_an_empty_list_says_how_it_is_filled(client, chief):
    url = reverse("issues:index")
    assert "adds the first" in client.get(url).content.decode()
    assert "Search for less" in client.get(url, {"q": "maíz"}).content.decode()
