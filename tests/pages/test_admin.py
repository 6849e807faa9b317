"""The page editor and the lists, as a person with a role uses them."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, Page, PageLogEntry

from front.models import PlainPage
from news.models import NewsPage
from pages import actions
from pages.models import BilingualPage, ScheduledPublication
from tests.pages.editor import add_url, edit_url, errors_of, fresh, story_data
from tests.pages.factories import make_person, make_story, save_draft, speak

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["es", "en"])
def ui(request, editor):
    """The editor's own language, which no text must fall into."""
    speak(editor, request.param)
    return request.param


def test_an_editor_adds_and_publishes_spanish(index, editor_client, ui):
    data = story_data(
        "action-publish-es", headline_es="El puente", headline_en="The br"
    )
    response = editor_client.post(add_url(index), data)
    assert response.status_code == 302
    story = NewsPage.objects.get()
    assert story.live_languages() == ["es"]
    assert story.headline_es == "El puente"
    assert not story.headline_en
    assert story.get_latest_revision_as_object().headline_en == "The br"
    assert editor_client.get("/es/noticias/el-puente/").status_code == 200


def test_an_editor_publishes_english_later_and_spanish_stays(index, editor_client, ui):
    story = make_story(index, live=("es",), headline_es="El puente")
    data = story_data(
        "action-publish-en", headline_es="El puente (a medias)", headline_en="Bridge"
    )
    assert editor_client.post(edit_url(story), data).status_code == 302
    live = fresh(story)
    assert live.live_languages() == ["es", "en"]
    assert (live.headline_es, live.headline_en) == ("El puente", "Bridge")
    assert live.get_latest_revision_as_object().headline_es == "El puente (a medias)"


def test_both_languages_go_live_with_one_button(index, editor_client):
    data = story_data("action-publish-all", headline_es="Uno", headline_en="One")
    editor_client.post(add_url(index), data)
    assert NewsPage.objects.get().live_languages() == ["es", "en"]


def test_the_buttons_say_the_language_in_words(index, editor_client, ui):
    story = make_story(index, live=("es",), headline_es="Uno")
    html = editor_client.get(edit_url(story)).content.decode()
    for name in ("publish-es", "publish-en", "publish-all"):
        assert f'name="action-{name}"' in html
    assert 'name="action-publish"' not in html
    assert reverse("pages_take_down", args=[story.pk, "es"]) in html
    assert reverse("pages_take_down", args=[story.pk, "en"]) not in html
    assert 'name="action-unpublish"' not in html


def test_a_forged_publish_becomes_a_draft(index, admin_client):
    admin_client.post(add_url(index), story_data("action-publish", headline_es="Uno"))
    story = NewsPage.objects.get()
    assert not story.live
    admin_client.post(edit_url(story), story_data("action-publish", headline_es="Dos"))
    assert not fresh(story).live
    assert fresh(story).get_latest_revision_as_object().headline_es == "Dos"


def test_a_forged_go_live_date_is_ignored(index, editor_client):
    data = story_data(headline_es="Uno", go_live_at="2030-01-01 10:00")
    editor_client.post(add_url(index), data)
    assert NewsPage.objects.get().go_live_at is None


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [("translator_es", "es", "en"), ("translator_en", "en", "es")],
)
def test_a_translator_publishes_only_their_language(index, client, role, own, other):
    client.force_login(make_person("translator", role))
    story = make_story(index, headline_es="Uno", headline_en="One")
    html = client.get(edit_url(story)).content.decode()
    assert f'name="action-publish-{own}"' in html
    assert f'name="action-publish-{other}"' not in html
    data = {"headline_es": "Uno", "headline_en": "One"}
    client.post(edit_url(story), story_data(f"action-publish-{other}", **data))
    assert fresh(story).live_languages() == []
    client.post(edit_url(story), story_data(f"action-publish-{own}", **data))
    assert fresh(story).live_languages() == [own]


def test_publishing_without_a_headline_is_a_form_error(index, editor_client):
    story = make_story(index, headline_es="Uno")
    data = story_data("action-publish-en", headline_es="Dos")
    response = editor_client.post(edit_url(story), data)
    assert list(errors_of(response)) == ["headline_en"]
    assert fresh(story).headline_es == "Uno"
    assert not fresh(story).live


def hidden(html, name):
    """The value of a hidden input."""
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def test_autosave_goes_on_after_a_refusal(index, editor_client):
    story = make_story(index, headline_es="Uno")
    data = story_data("action-publish-en", headline_es="Dos")
    html = editor_client.post(edit_url(story), data).content.decode()
    names = ("loaded_revision_id", "loaded_revision_created_at")
    loaded = {name: hidden(html, name) for name in names}
    assert loaded["loaded_revision_id"] == str(fresh(story).latest_revision_id)
    data = story_data(headline_es="Tres", **loaded)
    answer = editor_client.post(
        edit_url(story), data, headers={"Accept": "application/json"}
    )
    assert answer.json()["success"]
    assert fresh(story).get_latest_revision_as_object().headline_es == "Tres"


def test_a_comment_of_a_refused_page_is_kept_when_it_is_saved(index, editor_client):
    story = make_story(index, headline_es="Uno")
    comment = {
        "comments-TOTAL_FORMS": 1,
        "comments-0-text": "¿Seguro?",
        "comments-0-contentpath": "headline_es",
        "comments-0-replies-TOTAL_FORMS": 0,
        "comments-0-replies-INITIAL_FORMS": 0,
    }
    data = story_data("action-publish-en", headline_es="Dos", **comment)
    html = editor_client.post(edit_url(story), data).content.decode()
    shown = re.search(r'id="comments-data"[^>]*>(.*?)</script>', html)[1]
    assert [found["pk"] for found in json.loads(shown)["comments"]] == [None]
    editor_client.post(edit_url(story), story_data(headline_es="Dos", **comment))
    assert Comment.objects.get().text == "¿Seguro?"


def test_a_refused_new_page_is_not_half_saved(index, editor_client):
    data = story_data("action-publish-en", headline_es="Uno")
    response = editor_client.post(add_url(index), data)
    assert list(errors_of(response)) == ["headline_en"]
    assert not NewsPage.objects.exists()
    again = editor_client.post(
        add_url(index), story_data("action-publish-es", headline_es="Uno")
    )
    assert again.status_code == 302


@pytest.mark.parametrize("button", [None, "action-publish-es"])
def test_a_taken_address_is_a_form_error(index, editor_client, button):
    make_story(index, live=("es",), headline_es="Uno")
    data = story_data(button, headline_es="Otro", slug_es="uno")
    response = editor_client.post(add_url(index), data)
    assert "slug_es" in errors_of(response)
    other = make_story(index, headline_es="Otro")
    response = editor_client.post(edit_url(other), data)
    assert "slug_es" in errors_of(response)


def test_a_page_without_any_headline_is_a_form_error(index, editor_client):
    response = editor_client.post(add_url(index), story_data())
    assert "headline_es" in errors_of(response)


def test_autosave_overwrites_its_revision_and_publishing_still_works(
    index, editor_client, editor
):
    story = make_story(index, live=("es",), headline_es="Uno")
    json_headers = {"Accept": "application/json"}
    first = editor_client.post(
        edit_url(story), story_data(headline_es="Dos"), headers=json_headers
    )
    saved = json.loads(first.content)
    assert saved["success"]
    data = story_data(headline_es="Tres", overwrite_revision_id=saved["revision_id"])
    second = editor_client.post(edit_url(story), data, headers=json_headers)
    assert json.loads(second.content)["revision_id"] == saved["revision_id"]
    assert fresh(story).headline_es == "Uno"
    data = story_data("action-publish-es", headline_es="Tres")
    editor_client.post(edit_url(story), data)
    assert fresh(story).headline_es == "Tres"
    late = story_data(headline_es="X", overwrite_revision_id=saved["revision_id"])
    third = editor_client.post(edit_url(story), late, headers=json_headers)
    assert json.loads(third.content)["error_code"] == "invalid_revision"


def test_reverting_restores_words_but_not_standing(index, editor_client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    old = fresh(story).latest_revision
    save_draft(story, headline_es="Dos", slug_es="dos")
    actions.publish_languages(page=story, languages=["es"])
    url = reverse("wagtailadmin_pages:revisions_revert", args=[story.pk, old.pk])
    assert editor_client.get(url).status_code == 200
    data = story_data(headline_es="Uno", headline_en="One", revision=old.pk)
    editor_client.post(edit_url(story), data)
    assert fresh(story).headline_es == "Dos"
    assert fresh(story).public_path_es == "noticias/dos/"
    assert fresh(story).get_latest_revision_as_object().headline_es == "Uno"


def test_bulk_publishing_is_refused(index, admin_client):
    story = make_story(index, headline_es="Uno")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    admin_client.post(f"{url}?id={story.pk}", {"include_descendants": "on"})
    assert not fresh(story).live


def test_bulk_moving_onto_a_taken_address_is_refused(index, home, admin_client):
    parents = []
    for name in ("Uno", "Dos"):
        parent = PlainPage(headline_es=name, live=False)
        home.add_child(instance=parent)
        child = PlainPage(headline_es="Igual", live=False)
        parent.add_child(instance=child)
        parents.append((parent, child))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    child, target = parents[0][1], parents[1][0]
    response = admin_client.post(f"{url}?id={child.pk}", {"chooser": target.pk})
    assert response.status_code == 302
    assert Page.objects.get(pk=child.pk).get_parent().pk == parents[0][0].pk


def test_moving_onto_a_taken_address_is_a_message(home, admin_client):
    parent = PlainPage(headline_es="Arriba", live=False)
    home.add_child(instance=parent)
    below = PlainPage(headline_es="Igual", live=False)
    parent.add_child(instance=below)
    home.refresh_from_db()
    home.add_child(instance=PlainPage(headline_es="Igual", live=False))
    url = reverse("wagtailadmin_pages:move_confirm", args=[below.pk, home.pk])
    response = admin_client.post(url, follow=True)
    assert response.status_code == 200
    assert "/es/igual/" in response.content.decode()
    assert Page.objects.get(pk=below.pk).get_parent().pk == parent.pk


def make_plain(parent, live=(), **fields):
    page = PlainPage(live=False, **fields)
    BilingualPage.objects.get(pk=parent.pk).add_child(instance=page)
    return actions.publish_languages(page=page, languages=live) if live else page


@pytest.fixture
def sections(home):
    """Two pages below the front page, live in both languages."""
    both = {"headline_es": "Grupo", "headline_en": "Group", "live": ("es", "en")}
    return [make_plain(home, **both), make_plain(home, **both)]


def move(client, target, *pages):
    """What the admin says of moving a page, or several in bulk, below another one."""
    if len(pages) == 1:
        args = [pages[0].pk, target.pk]
        url, data = reverse("wagtailadmin_pages:move_confirm", args=args), {}
    else:
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        query = "&".join(f"id={page.pk}" for page in pages)
        url, data = f"{bulk}?{query}&next=/cms/", {"chooser": target.pk}
    response = client.post(url, data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def parents_of(*pages):
    return [Page.objects.get(pk=page.pk).get_parent().pk for page in pages]


@pytest.mark.parametrize("names", [["Uno"], ["Uno", "Dos"]])
def test_pages_are_moved(home, admin_client, sections, names):
    pages = [make_plain(sections[0], headline_es=name) for name in names]
    move(admin_client, home, *pages)
    assert parents_of(*pages) == [home.pk] * len(pages)


def test_two_pages_of_one_slug_are_not_moved_to_one_place(home, admin_client, sections):
    pages = [make_plain(section, headline_es="Igual") for section in sections]
    assert "/es/igual/" in move(admin_client, home, *pages)
    assert parents_of(*pages) == [section.pk for section in sections]


@pytest.mark.parametrize("names", [["Buscar"], ["Otra", "Buscar"]])
def test_no_page_is_moved_onto_an_address_of_the_site_itself(
    home, admin_client, sections, names
):
    pages = [make_plain(sections[0], headline_es=name) for name in names]
    said = move(admin_client, home, *pages)
    assert "Buscar: El propio sitio usa esta dirección" in said
    assert set(parents_of(*pages)) == {sections[0].pk}


@pytest.mark.parametrize("names", [["Equipo"], ["Otra", "Equipo"]])
def test_no_page_is_moved_where_readers_of_a_language_would_lose_it(
    home, admin_client, sections, names
):
    target = make_plain(home, live=("es",), headline_es="Destino")
    pages = [make_plain(sections[0], headline_es=name) for name in names]
    save_draft(pages[-1], headline_en="Team")
    actions.publish_languages(page=pages[-1], languages=["en"])
    said = move(admin_client, target, *pages)
    assert "La página de arriba no existe en" in said
    assert set(parents_of(*pages)) == {sections[0].pk}


@pytest.mark.parametrize("names", [["Casa"], ["Otra", "Casa"]])
def test_an_address_taken_further_down_is_a_message_too(
    home, admin_client, sections, names
):
    gone = make_plain(home, live=("es",), headline_es="Casa")
    make_plain(gone, live=("es",), headline_es="Patio").move(sections[0], "last-child")
    PlainPage.objects.get(pk=gone.pk).delete()
    pages = [make_plain(sections[1], headline_es=name) for name in names]
    make_plain(pages[-1], headline_es="Patio")
    assert "/es/casa/patio/" in move(admin_client, home, *pages)
    assert set(parents_of(*pages)) == {sections[1].pk}


def test_copying_in_the_admin_offers_no_alias_and_no_live_copy(index, admin_client):
    story = make_story(index, live=("es",), headline_es="Uno")
    url = reverse("wagtailadmin_pages:copy", args=[story.pk])
    form = admin_client.get(url).context["form"]
    assert not {"alias", "publish_copies"} & set(form.fields)
    data = {
        "new_title": "Uno",
        "new_slug": "uno",
        "new_parent_page": index.pk,
        "alias": "on",
        "publish_copies": "on",
    }
    assert admin_client.post(url, data).status_code == 302
    copy = NewsPage.objects.exclude(pk=story.pk).get()
    assert (copy.live, copy.alias_of_id, copy.slug_es) == (False, None, "uno-2")


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("publish", {}),
        ("create_alias", {"destination_page_id": None}),
        ("copy", {"keep_live": True}),
    ],
)
def test_the_admin_api_publishes_nothing(index, admin_client, action, data):
    story = make_story(index, headline_es="Uno")
    url = reverse("wagtailadmin_api:pages:action", args=[story.pk, action])
    response = admin_client.post(url, json.dumps(data), content_type="application/json")
    assert response.status_code in (400, 403)
    assert not Page.objects.filter(live=True, depth__gt=3).exists()
    assert NewsPage.objects.count() == 1


def test_the_tab_of_a_language_says_what_readers_see(index, editor_client):
    story = make_story(index, live=("es",), headline_es="Uno", headline_en="One")
    html = editor_client.get(edit_url(story)).content.decode()
    assert html.count("pg-state--live") == 1
    assert html.count("pg-state--draft") == 1
    assert 'href="/es/noticias/uno/"' in html


def test_texts_grow_as_they_are_written(index, editor_client):
    form = editor_client.get(add_url(index)).context["form"]
    for name in ("lead_es", "lead_en", "meta_description_en"):
        html = str(form[name])
        assert 'rows="2"' in html
        assert "w-autosize" in html


def test_the_headline_is_asked_for_in_the_language_it_is_for(index, editor_client, ui):
    html = editor_client.get(add_url(index)).content.decode()
    assert html.count('placeholder="Titular"') == 1
    assert html.count('placeholder="Headline"') == 1
    assert "Page title" not in html
    assert "Título de la página" not in html


def test_an_editor_puts_a_page_into_the_menu(index, editor_client):
    story = make_story(index, headline_es="Uno")
    assert 'name="show_in_menus"' in editor_client.get(edit_url(story)).content.decode()
    data = story_data("action-publish-es", headline_es="Uno", show_in_menus="on")
    editor_client.post(edit_url(story), data)
    assert fresh(story).show_in_menus


def test_each_language_has_a_tab_that_a_wide_screen_puts_beside_the_other(
    index, editor_client
):
    html = editor_client.get(add_url(index)).content.decode()
    assert html.count("data-pg-languages") == 1
    assert len(re.findall(r'<section[^>]*class="[^"]*pg-language', html)) == 2


def test_a_slug_follows_the_headline_of_its_language(index, editor_client):
    html = editor_client.get(add_url(index)).content.decode()
    for code in ("es", "en"):
        assert f'data-w-sync-target-value="#id_slug_{code}"' in html
    assert html.count('data-controller="w-slug"') == 2


def test_taking_down_asks_first(index, editor_client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    url = reverse("pages_take_down", args=[story.pk, "en"])
    assert editor_client.get(url).status_code == 200
    assert fresh(story).live_en
    editor_client.post(url)
    assert fresh(story).live_languages() == ["es"]


def test_only_who_may_publish_a_language_takes_it_down(index, client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    client.force_login(make_person("translator", "translator_en"))
    assert client.post(
        reverse("pages_take_down", args=[story.pk, "es"])
    ).status_code in (302, 403)
    assert fresh(story).live_es


def test_a_publication_is_planned_and_dropped(index, editor_client):
    story = make_story(index, headline_es="Uno")
    url = reverse("pages_schedule", args=[story.pk])
    then = timezone.localtime() + dt.timedelta(days=2)
    data = {"kind": "publish", "languages": ["es"], "at": f"{then:%Y-%m-%d %H:%M}"}
    assert editor_client.post(url, data).status_code == 302
    due = ScheduledPublication.objects.get()
    assert due.languages == ["es"]
    assert editor_client.get(url).status_code == 200
    editor_client.post(url, {"cancel": due.pk})
    assert not ScheduledPublication.objects.exists()


@pytest.mark.parametrize(
    ("languages", "at"), [(["en"], "2090-01-01 10:00"), (["es"], "2001-01-01 10:00")]
)
def test_a_plan_that_cannot_work_is_a_form_error(index, editor_client, languages, at):
    story = make_story(index, headline_es="Uno")
    url = reverse("pages_schedule", args=[story.pk])
    data = {"kind": "publish", "languages": languages, "at": at}
    assert editor_client.post(url, data).context["form"].errors
    assert not ScheduledPublication.objects.exists()


def test_a_translator_sees_what_changed_and_says_still_right(index, client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    save_draft(story, lead_es="Una línea nueva")
    actions.publish_languages(page=story, languages=["es"])
    client.force_login(make_person("translator", "translator_en"))
    url = reverse("pages_confirm", args=[story.pk, "en"])
    assert url in client.get(edit_url(story)).content.decode()
    shown = client.get(url)
    assert "Una línea nueva" in shown.content.decode()
    assert fresh(story).state_en == "behind"
    seen = {"seen": shown.context["seen"]}
    save_draft(story, lead_es="Otra línea más")
    actions.publish_languages(page=fresh(story), languages=["es"])
    again = client.post(url, seen)
    assert "Otra línea más" in again.content.decode()
    assert fresh(story).state_en == "behind"
    client.post(url, {"seen": again.context["seen"]})
    assert fresh(story).state_en == "live"


def test_still_right_waits_for_a_colleagues_lock(index, client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    colleague = make_person("wayra", "editor")
    story.locked, story.locked_by, story.locked_at = True, colleague, timezone.now()
    story.save()
    client.force_login(make_person("translator", "translator_en"))
    url = reverse("pages_confirm", args=[story.pk, "en"])
    response = client.get(url, follow=True)
    assert "wayra" in response.content.decode()
    assert "pages_confirm" not in response.resolver_match.view_name


def test_still_right_is_offered_only_to_who_may_say_so(index, client):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    save_draft(story, lead_es="Una línea nueva")
    actions.publish_languages(page=story, languages=["es"])
    client.force_login(make_person("translator", "translator_es"))
    url = reverse("pages_confirm", args=[story.pk, "en"])
    assert url not in client.get(edit_url(story)).content.decode()
    assert client.post(url).status_code == 302
    assert fresh(story).state_en == "behind"


@pytest.mark.parametrize("rows", [3, 12])
def test_the_explorer_shows_states_in_a_fixed_number_of_queries(
    index, admin_client, rows, django_assert_max_num_queries
):
    for n in range(rows):
        make_story(index, live=("es",), headline_es=f"Nota {n}")
    url = reverse("wagtailadmin_explore", args=[index.pk])
    admin_client.get(url)
    with django_assert_max_num_queries(45):
        html = admin_client.get(url).content.decode()
    assert html.count("pg-state--live") == rows
    assert html.count("pg-state--missing") == rows


def test_the_explorer_filters_and_sorts_by_state(index, admin_client):
    make_story(index, live=("es",), headline_es="Publicada")
    make_story(index, headline_es="Borrador")
    url = reverse("wagtailadmin_explore", args=[index.pk])
    html = admin_client.get(f"{url}?state_es=draft").content.decode()
    assert "Borrador" in html
    assert "Publicada" not in html
    for ordering in ("state_es", "-state_en"):
        assert admin_client.get(f"{url}?ordering={ordering}").status_code == 200
    assert admin_client.get(f"{url}?q=Borrador&ordering=title").status_code == 200


@pytest.mark.parametrize(("mode", "words"), [("es", "El puente"), ("en", "The bridge")])
def test_each_language_is_previewed_in_itself(index, editor_client, ui, mode, words):
    story = make_story(index, headline_es="El puente", headline_en="The bridge")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[story.pk])
    data = story_data(headline_es="El puente", headline_en="The bridge")
    assert editor_client.post(url, data).json()["is_valid"]
    response = editor_client.get(f"{url}?mode={mode}")
    assert words in response.content.decode()
    assert f'lang="{mode}"' in response.content.decode()
    assert response["Content-Language"] == mode


def test_comparing_and_history_work(index, admin_client):
    story = make_story(index, live=("es",), headline_es="Uno", headline_en="One")
    names = [("history", [story.pk]), ("usage", [story.pk]), ("view_draft", [story.pk])]
    latest = fresh(story).latest_revision_id
    names.append(("revisions_compare", [story.pk, "live", latest]))
    for name, args in names:
        url = reverse(f"wagtailadmin_pages:{name}", args=args)
        assert admin_client.get(url).status_code == 200, name


def history_of(client, page):
    url = reverse("wagtailadmin_pages:history", args=[page.pk])
    return " ".join(client.get(url).content.decode().split())


def test_the_history_says_who_published_and_took_down_which_language(
    index, client, editor_client
):
    story = make_story(index, headline_es="Uno", headline_en="One")
    data = {"headline_es": "Uno", "headline_en": "One"}
    editor_client.post(edit_url(story), story_data("action-publish-es", **data))
    editor_client.post(edit_url(story), story_data("action-publish-all", **data))
    for code in ("en", "es"):
        editor_client.post(reverse("pages_take_down", args=[story.pk, code]))
    log = PageLogEntry.objects.filter(page=story.pk).order_by("pk")
    noted = [
        (entry.action, entry.user.username, entry.data["languages"])
        for entry in log.exclude(data={})
    ]
    assert noted == [
        ("wagtail.publish", "editor", ["es"]),
        ("wagtail.publish", "editor", ["es", "en"]),
        ("wagtail.unpublish", "editor", ["en"]),
        ("wagtail.unpublish", "editor", ["es"]),
    ]
    assert log.filter(action="wagtail.unpublish").count() == 2
    html = history_of(editor_client, story)
    for words in ("Publicada en español", "Retirada en inglés", "editor"):
        assert words in html


def test_the_history_says_that_a_page_was_renamed(index, admin_client):
    story = make_story(index, live=("es",), headline_es="Uno")
    save_draft(story, headline_es="Dos")
    actions.publish_languages(page=story, languages=["es"])
    renamed = PageLogEntry.objects.get(page=story.pk, action="wagtail.rename")
    assert renamed.data["title"] == {"old": "Uno", "new": "Dos"}
    assert history_of(admin_client, story).count("Publicada en español") == 2


def test_every_page_under_the_top_is_ours(home):
    assert BilingualPage.objects.count() == Page.objects.filter(depth__gt=1).count()
