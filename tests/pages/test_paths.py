"""Addresses: one per language, kept through renames and moves, never reused."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageViewRestriction, Site

from front.models import HomePage, PlainPage
from news.models import NewsPage
from pages import actions, paths
from pages.models import BilingualPage, PagePath
from tests.pages.factories import make_story, save_draft

pytestmark = pytest.mark.django_db


def make_plain(parent, live=(), **fields):
    page = PlainPage(live=False, **fields)
    BilingualPage.objects.get(pk=parent.pk).specific.add_child(instance=page)
    page.save_revision()
    if live:
        return actions.publish_languages(page=page, languages=live)
    return page


@pytest.fixture
def branch(home):
    """A page with a child and a grandchild, live in both languages."""
    both = ("es", "en")
    top = make_plain(home, live=both, headline_es="Nosotros", headline_en="About")
    mid = make_plain(top, live=both, headline_es="Equipo", headline_en="Team")
    low = make_plain(mid, live=both, headline_es="Ana", headline_en="Anna")
    return top, mid, low


def rename(page, **fields):
    save_draft(page, **fields)
    return actions.publish_languages(page=page, languages=["es", "en"])


@pytest.mark.parametrize(
    ("path", "words"),
    [("/es/noticias/el-puente/", "El puente"), ("/en/news/the-bridge/", "The bridge")],
)
def test_each_language_has_its_own_address(index, client, path, words):
    make_story(
        index, live=("es", "en"), headline_es="El puente", headline_en="The bridge"
    )
    response = client.get(path)
    assert response.status_code == 200
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/en/noticias/the-bridge/", "/es/news/el-puente/", "/en/news/el-puente/"]
)
def test_an_address_never_mixes_languages(index, client, path):
    make_story(
        index, live=("es", "en"), headline_es="El puente", headline_en="The bridge"
    )
    assert client.get(path).status_code == 404


def test_a_renamed_page_redirects_in_its_language_with_the_query(index, client):
    story = make_story(
        index, live=("es", "en"), headline_es="Puente", headline_en="Bridge"
    )
    rename(story, slug_es="puente-nuevo")
    response = client.get("/es/noticias/puente/?from=mail")
    assert response.status_code == 301
    assert response["Location"] == "/es/noticias/puente-nuevo/?from=mail"
    assert client.get("/en/news/bridge/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/es/nosotros/equipo/ana/", "/es/quienes-somos/equipo/ana/"),
        ("/en/about/team/anna/", "/en/who-we-are/team/anna/"),
    ],
)
def test_renaming_a_parent_redirects_all_below(branch, client, old, new):
    rename(branch[0], slug_es="quienes-somos", slug_en="who-we-are")
    assert client.get(old)["Location"] == new
    assert client.get(new).status_code == 200


def test_renaming_back_takes_the_old_address_back(index, client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    rename(story, slug_es="dos")
    rename(story, slug_es="uno")
    assert client.get("/es/noticias/uno/").status_code == 200
    assert client.get("/es/noticias/dos/")["Location"] == "/es/noticias/uno/"


def test_moving_a_subtree_redirects_all_of_it(branch, home, client):
    other = make_plain(home, live=("es", "en"), headline_es="Otro", headline_en="Other")
    mid = PlainPage.objects.get(pk=branch[1].pk)
    mid.move(other, pos="last-child")
    assert client.get("/es/otro/equipo/ana/").status_code == 200
    assert client.get("/es/nosotros/equipo/ana/")["Location"] == "/es/otro/equipo/ana/"
    assert client.get("/en/about/team/")["Location"] == "/en/other/team/"


def test_moving_below_a_page_without_english_leaves_no_english_address(branch, home):
    other = make_plain(home, live=("es",), headline_es="Otro")
    PlainPage.objects.get(pk=branch[1].pk).move(other, pos="last-child")
    low = PlainPage.objects.get(pk=branch[2].pk)
    assert low.public_path_es == "otro/equipo/ana/"
    assert low.public_path_en is None


def test_a_language_that_lost_its_address_is_taken_down(branch, home, client):
    other = make_plain(home, live=("es",), headline_es="Otro")
    PlainPage.objects.get(pk=branch[1].pk).move(other, pos="last-child")
    assert client.get("/en/about/team/anna/").status_code == 404
    assert client.get("/es/nosotros/equipo/ana/")["Location"] == "/es/otro/equipo/ana/"
    for page in PlainPage.objects.filter(pk__in=[branch[1].pk, branch[2].pk]):
        assert (page.live_es, page.live_en) == (True, False)
        assert (page.state_es, page.state_en) == ("live", "draft")
        assert page.url_in("en") is None
        assert page.get_latest_revision_as_object().headline_en
    assert "/otro/" not in client.get("/en/search/", {"q": "team"}).content.decode()
    xml = client.get("/sitemap-es-1.xml").getvalue().decode()
    assert xml.count("/es/otro/equipo/") == 2  # itself and the page below


def test_internal_addresses_stay_right_when_a_move_takes_a_language_down(branch, home):
    other = make_plain(home, live=("es",), headline_es="Otro")
    PlainPage.objects.get(pk=branch[1].pk).move(other, pos="last-child")
    mid, low = (Page.objects.get(pk=page.pk) for page in branch[1:])
    assert mid.url_path == f"{Page.objects.get(pk=other.pk).url_path}{mid.slug}/"
    assert low.url_path == f"{mid.url_path}{low.slug}/"


def test_a_parent_that_drops_a_language_takes_what_is_below_with_it(branch, client):
    actions.unpublish_language(page=branch[0], language="en")
    assert client.get("/en/about/team/").status_code == 200
    top = PlainPage.objects.get(pk=branch[0].pk)
    top.slug_en = ""
    top.save()
    assert client.get("/en/about/team/").status_code == 404
    assert PlainPage.objects.get(pk=branch[2].pk).live_languages() == ["es"]


def test_a_page_published_before_there_was_a_site_is_live_once_there_is(home):
    Site.objects.all().delete()
    page = PlainPage(headline_es="Nueva", live=False)
    Page.objects.get(depth=1).add_child(instance=page)
    actions.publish_languages(page=page, languages=["es"])
    assert PlainPage.objects.get(pk=page.pk).live_languages() == []
    Site.objects.create(hostname="testserver", root_page=page, is_default_site=True)
    page = PlainPage.objects.get(pk=page.pk)
    assert (page.live_languages(), page.state_es) == (["es"], "live")


def test_moving_onto_an_address_of_the_site_itself_is_refused(branch):
    page = make_plain(branch[0], live=("es",), headline_es="Buscar")
    assert page.slug_es == "buscar"
    with pytest.raises(ValidationError):
        page.move(HomePage.objects.get(), pos="last-child")
    assert PlainPage.objects.get(pk=page.pk).public_path_es == "nosotros/buscar/"


def test_a_clash_rolls_a_move_back(branch, home):
    make_plain(home, live=("es",), headline_es="Equipo")
    mid = PlainPage.objects.get(pk=branch[1].pk)
    with pytest.raises(ValidationError):
        mid.move(HomePage.objects.get(), pos="last-child")
    again = PlainPage.objects.get(pk=mid.pk)
    assert again.get_parent().pk == branch[0].pk
    assert again.public_path_es == "nosotros/equipo/"


def test_an_address_that_was_public_is_never_given_to_another(index):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    rename(story, slug_es="dos")
    other = make_story(index, headline_es="Otra")
    save_draft(other, slug_es="uno")
    with pytest.raises(ValidationError) as refused:
        actions.publish_languages(page=other, languages=["es"])
    assert list(refused.value.message_dict) == ["slug_es"]


def test_an_address_nobody_saw_is_free_again(index):
    story = make_story(index, headline_es="Uno")
    story.slug_es = "dos"
    story.save()
    assert make_story(index, headline_es="Uno").slug_es == "uno"
    assert set(PagePath.objects.filter(page_id=story.pk).values_list("url_path")) == {
        ("noticias/dos/",)
    }


def test_equal_headlines_get_numbered_addresses(index):
    slugs = [make_story(index, headline_es="Uno").slug_es for _ in range(3)]
    assert slugs == ["uno", "uno-2", "uno-3"]


def test_deleting_a_page_ends_its_addresses(index, client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    rename(story, slug_es="dos")
    NewsPage.objects.get(pk=story.pk).delete()
    assert client.get("/es/noticias/uno/").status_code == 410
    assert client.get("/es/noticias/dos/").status_code == 410
    assert make_story(index, headline_es="Uno").slug_es == "uno"


def test_a_draft_slug_changes_no_address_until_published(index, client):
    story = make_story(index, live=("es",), headline_es="Uno")
    save_draft(story, slug_es="dos")
    assert client.get("/es/noticias/uno/").status_code == 200
    assert client.get("/es/noticias/dos/").status_code == 404


def test_views_own_their_addresses(home):
    page = PlainPage(headline_es="Buscar", slug_es="buscar", live=False)
    page.future_parent = home
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert "slug_es" in refused.value.message_dict
    made = make_plain(home, headline_es="Buscar")
    assert made.slug_es == "buscar-2"


def test_a_restricted_pages_new_address_does_not_leak(index, client):
    story = make_story(
        index, live=("es", "en"), headline_es="Secreto", headline_en="Secret"
    )
    rename(story, slug_es="muy-secreto")
    PageViewRestriction.objects.create(
        page=story, restriction_type=PageViewRestriction.LOGIN
    )
    response = client.get("/es/noticias/secreto/")
    assert response.status_code == 302
    assert "muy-secreto" not in response["Location"]


def test_the_password_of_a_page_is_asked_at_its_old_address_too(index, client):
    story = make_story(index, live=("es",), headline_es="Secreto", lead_es="Oculto")
    save_draft(story, slug_es="muy-secreto")
    actions.publish_languages(page=story, languages=["es"])
    limit = PageViewRestriction.objects.create(
        page=story, restriction_type=PageViewRestriction.PASSWORD, password="ábrete"
    )
    old = "/es/noticias/secreto/"
    asked = client.get(old)
    assert asked.status_code == 200
    assert "muy-secreto" not in asked.content.decode()
    assert "Oculto" not in asked.content.decode()
    url = reverse("wagtailcore_authenticate_with_password", args=[limit.pk, story.pk])
    answer = client.post(url, {"password": "ábrete", "return_url": old})
    assert answer["Location"] == old
    moved = client.get(old)
    assert (moved.status_code, moved["Location"]) == (301, "/es/noticias/muy-secreto/")
    assert "Oculto" in client.get(moved["Location"]).content.decode()


def test_the_internal_address_leads_to_the_public_one(index, client):
    story = make_story(index, live=("es",), headline_es="Uno")
    plain = Page.objects.get(pk=story.pk)
    with translation.override("es"):
        assert client.get(plain.url)["Location"] == "/es/noticias/uno/"


def test_a_copy_is_never_live_and_has_its_own_address(branch):
    source = PlainPage.objects.get(pk=branch[0].pk)
    copy = source.copy(recursive=True, keep_live=True)
    tree = BilingualPage.objects.filter(path__startswith=copy.path).specific()
    assert len(tree) == 3
    for page in tree:
        assert not page.live
        assert page.live_languages() == []
        assert page.first_published_at_es is None
    top = PlainPage.objects.get(pk=copy.pk)
    assert (top.public_path_es, top.public_path_en) == ("nosotros-2/", "about-2/")
    draft = top.get_latest_revision_as_object()
    assert draft.slug_es == "nosotros-2"
    actions.publish_languages(page=top, languages=["es"])
    assert PlainPage.objects.get(pk=top.pk).live_languages() == ["es"]


def test_there_are_no_aliases(index):
    story = make_story(index, live=("es",), headline_es="Uno")
    with pytest.raises(PermissionDenied):
        story.create_alias(update_slug="otra")


def test_a_revert_brings_no_address_and_no_date_back(index):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    old = NewsPage.objects.get(pk=story.pk).latest_revision
    rename(story, slug_es="dos")
    live = NewsPage.objects.get(pk=story.pk)
    reverted = old.as_object()
    assert reverted.slug == live.slug
    assert reverted.public_path_es == "noticias/dos/"
    assert reverted.last_published_at_es == live.last_published_at_es


def test_the_look_up_is_one_query(branch, django_assert_num_queries):
    parts = ["nosotros", "equipo", "ana"]
    root = HomePage.objects.get()
    with django_assert_num_queries(1):
        found = paths.find(site_root_id=root.pk, language="es", parts=parts)
    assert found.page_id == branch[2].pk


def test_links_take_no_query_each(index, django_assert_max_num_queries):
    for n in range(6):
        make_story(index, headline_es=f"Nota {n}")
    BilingualPage.objects.update(live=True, live_es=True)
    with django_assert_max_num_queries(2), translation.override("es"):
        urls = [page.url_in("es") for page in NewsPage.objects.all()]
    assert len(set(urls)) == 6


def test_a_link_never_leads_to_a_language_the_page_is_not_in(index):
    story = make_story(index, live=("es",), headline_es="Uno", headline_en="One")
    with translation.override("en"):
        assert story.url == "/es/noticias/uno/"
    assert story.url_in("en") is None


def test_saving_what_is_no_address_looks_at_no_address(index):
    story = make_story(index, live=("es",), headline_es="Uno")
    with CaptureQueriesContext(connection) as queries:
        story.save(update_fields=["draft_title"], clean=False)
    assert not [q for q in queries if "pages_pagepath" in q["sql"]]


def test_deriving_again_changes_nothing(branch):
    before = sorted(PagePath.objects.values_list("page_id", "url_path", "is_current"))
    paths.derive_all()
    after = sorted(PagePath.objects.values_list("page_id", "url_path", "is_current"))
    assert after == before


def test_a_parent_of_many_is_renamed_in_as_many_queries_as_one_of_few(index):
    costs = []
    for numbers, slug in ((range(2), "novedades"), (range(2, 12), "historias")):
        for n in numbers:
            make_story(index, headline_es=f"Nota {n}", headline_en=f"Item {n}")
        BilingualPage.objects.update(live=True, live_es=True, live_en=True)
        PagePath.objects.update(was_public=True)
        page = BilingualPage.objects.get(pk=index.pk).specific
        page.slug_es = slug
        with CaptureQueriesContext(connection) as queries:
            page.save()
        costs.append(len(queries))
    assert costs[0] == costs[1] < 60
    assert PagePath.objects.filter(is_current=False).count() == 3 + 13
    assert PagePath.objects.filter(url_path="historias/nota-11/").exists()


def test_saving_a_parent_without_a_new_address_reads_no_children(index):
    for n in range(3):
        make_story(index, headline_es=f"Nota {n}")
    page = BilingualPage.objects.get(pk=index.pk).specific
    with CaptureQueriesContext(connection) as queries:
        page.save()
    assert not [q for q in queries if "path\" LIKE '" + page.path in q["sql"]]


def test_addresses_lost_from_the_table_come_back(branch):
    before = sorted(PagePath.objects.values_list("page_id", "url_path", "language"))
    PagePath.objects.all().delete()
    paths.derive_all()
    after = sorted(PagePath.objects.values_list("page_id", "url_path", "language"))
    assert after == before


def test_a_new_site_root_gives_what_is_below_new_addresses(branch, client):
    site = Site.objects.get()
    site.root_page = Page.objects.get(pk=branch[0].pk)
    site.save()
    assert client.get("/es/equipo/ana/").status_code == 200
    assert PlainPage.objects.get(pk=branch[0].pk).public_path_es == ""
