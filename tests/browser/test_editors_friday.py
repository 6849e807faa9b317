"""An editor's Friday: from an empty issue to one that was sent, counted and read.

Real web, worker and beat processes, real SMTP, a real Chromium, the admin in Spanish.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.newsroom import Album, Newsroom, leave_at_once

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
SPANISH, ENGLISH = "Viernes en la huerta", "Friday in the garden"
READY, READY_IN_ENGLISH = "El pozo nuevo da agua", "The new well gives water"
OURS = "Solo para quienes viven cerca"
LATE, LATE_IN_ENGLISH = "La lluvia llegó tarde", "The rain came late"
# What colleagues did in the week, and the second pair of eyes that the office asks for.
WEEK = f"""
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask, Workflow, WorkflowContentType, WorkflowPage, WorkflowTask
)
from news.models import NewsIndexPage, NewsPage
from newsletter.models import NewsletterPage
from pages.actions import publish_languages
from people.roles import ADMINISTRATOR, group_of

index = NewsIndexPage.objects.get()
for spanish, english in (
    ({LATE!r}, ""), ({OURS!r}, ""), ({READY!r}, {READY_IN_ENGLISH!r})
):
    story = NewsPage(
        headline_es=spanish, lead_es="Lo contamos.", date=timezone.localdate()
    )
    if english:
        story.headline_en, story.lead_en = english, "We tell it."
    index.add_child(instance=story)
    story.save_revision()
    publish_languages(page=story, languages=["es", "en"] if english else ["es"])
task = GroupApprovalTask.objects.create(name="Otra mirada")
task.groups.add(group_of(ADMINISTRATOR))
workflow = Workflow.objects.create(name="Otra mirada")
WorkflowTask.objects.create(workflow=workflow, task=task)
WorkflowPage.objects.create(workflow=workflow, page=NewsletterPage.objects.get())
"""
NO_WORKFLOW = "from wagtail.models import WorkflowPage as W; W.objects.all().delete()"


@pytest.fixture(scope="module")
def album():
    return Album("friday")


@pytest.fixture
def week(site):
    site.manage("shell", "-c", WEEK)
    yield
    site.manage("shell", "-c", NO_WORKFLOW)


@pytest.fixture
def editor(site, open_page):
    return Newsroom(open_page(locale="es"), site, "editora")


@pytest.fixture
def colleague(site, open_page):
    return Newsroom(open_page(locale="es"), site, "elvira")


@pytest.mark.usefixtures("week")
def test_an_editors_friday(site, editor, colleague, album):
    begin(editor)
    fill(editor, album)
    put_in_order(editor, album)
    mend_what_the_grid_shows(editor, album)
    ask_for_approval(editor, album)
    approve(colleague, album)
    plan_and_call_off(editor, album)
    audience = plan_and_watch(editor, album)
    mails = everyone_gets_it(site, audience)
    leave(mails["es"])
    read_the_numbers(editor, audience, album)


def begin(editor):
    editor.open_listing("Boletines", "Surco a surco")
    editor.add_below()
    page = editor.page
    page.fill("[name=headline_es]", SPANISH)
    editor.tab("English")
    page.fill("[name=headline_en]", ENGLISH)
    with page.expect_navigation():
        page.locator("footer .action-save").first.click()


def fill(editor, album):
    editor.press("Llenar con todo lo nuevo")
    assert "al borrador" in editor.messages()
    editor.tab("Ambos idiomas")
    album.take(editor.page, "filled", full=False)


def picks(page):
    """The titles of the picked stories, from first to last."""
    rows = page.locator("[data-inline-panel-child]:visible")
    rows.first.wait_for()
    shown = rows.locator("[id$='-story-title']")
    return [title.strip() for title in shown.all_text_contents()]


def put_in_order(editor, album):
    """The latest stands first; move the one that leads the mail up, by keyboard."""
    page = editor.page
    assert picks(page)[:3] == [READY, OURS, LATE]
    for _step in range(2):
        row = page.locator("[data-inline-panel-child]:visible", has_text=LATE)
        row.locator("[data-inline-panel-child-move-up]").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)  # it moves where one can see it
    assert picks(page)[:3] == [LATE, READY, OURS]
    album.take(page, "in-order", full=False)
    with page.expect_navigation():
        page.locator("footer .action-save").first.click()


def mend_what_the_grid_shows(editor, album):
    """One story is for Spanish readers alone; another is translated first."""
    page = editor.page
    editor.press("Enviar…")
    album.take(page, "grid")
    assert outcome(page, OURS) == outcome(page, LATE) == "linked"
    row_of(page, OURS).get_by_role("combobox").select_option("skip")
    page.get_by_role("button", name="Guardar estas reglas").click()
    page.wait_for_load_state("networkidle")
    assert outcome(page, OURS) == "left-out"
    with page.context.expect_page() as opened:
        cell(page, LATE).get_by_role("link").click(modifiers=["ControlOrMeta"])
    translate(opened.value, album)
    page.reload()
    assert outcome(page, LATE) == "shown"


def row_of(page, title):
    return page.locator(".pg-coverage tr", has_text=title)


def cell(page, title):
    """What becomes of a story in English."""
    return row_of(page, title).locator("td[data-outcome]").nth(1)


def outcome(page, title):
    return cell(page, title).get_attribute("data-outcome")


def translate(page, album):
    """At the desk, in English only; beside it stands the original."""
    page.locator("[data-key=headline] textarea").first.fill(LATE_IN_ENGLISH)
    page.locator("[data-key=lead] textarea").first.fill("We tell it.")
    album.take(page, "desk", full=False)
    with page.expect_navigation():
        page.get_by_role("button", name="Publicar en inglés").click()
    assert "inglés" in page.locator(".messages").inner_text()
    page.close()


def ask_for_approval(editor, album):
    page = editor.page
    page.get_by_role("link", name="Volver al número").click()
    editor.press("Enviar ambos idiomas a aprobación")
    assert "aprobación" in editor.messages()
    editor.edit(SPANISH)
    album.take(page, "submitted", full=False)


def approve(colleague, album):
    """The second person finds it on the admin's first page."""
    page = colleague.page
    page.goto("/cms/")
    album.take(page, "to-approve", full=False)
    page.get_by_role("link", name=SPANISH).first.click()
    page.wait_for_url("**/edit/")
    page.wait_for_load_state("networkidle")
    colleague.press("Aprobar y Publicar")


def plan_and_call_off(editor, album):
    """For Monday; then somebody says that it has to go out today."""
    page = editor.page
    page.reload()
    editor.press("Enviar…")
    assert outcome(page, OURS) == "left-out"
    assert page.locator("[data-problem=unpublished]").count() == 0
    monday = plan(page, timedelta(days=3), album)
    expect(page.locator("[data-dispatch-state=scheduled]")).to_be_visible()
    summary = page.locator("[data-pg-progress-target=summary]")
    expect(summary).to_contain_text(f"{monday:%H:%M} ({monday.tzinfo.key})")
    expect(summary).to_contain_text("dentro de 2")  # days and some hours
    album.take(page, "planned")
    page.get_by_role("link", name="No enviarlo en esa fecha…").click()
    page.get_by_role("button", name="Cancelar el envío").click()
    assert "nadie recibió ningún correo" in editor.messages()
    expect(page.locator("[data-dispatch-state=cancelled]")).to_be_visible()
    page.get_by_role("link", name="Volver al número").click()


def plan(page, ahead, album):
    """Ask for a moment, look at what is said of it, and agree; returns the moment."""
    at = datetime.now(ZoneInfo(settings.TIME_ZONE)) + ahead
    # Past the calendar, which knows whole minutes only: the test would wait for one.
    page.locator("[name=at]").evaluate(WRITE, f"{at:%Y-%m-%d %H:%M:%S}")
    page.get_by_role("button", name="Programar…").click()
    expect(page.get_by_text("Este número se enviará el")).to_be_visible()
    album.take(page, "confirm-plan", full=False)
    page.get_by_role("button", name="Programarlo").click()
    page.wait_for_load_state("networkidle")
    return at


def plan_and_watch(editor, album):
    """In a moment, on the telephone; returns how many get it, by language."""
    page = editor.page
    page.wait_for_load_state("networkidle")
    editor.press("Enviar…")
    page.set_viewport_size({"width": 390, "height": 844})
    wanted = [int(cell) for cell in page.locator("[data-recipients]").all_inner_texts()]
    assert min(wanted) > 4
    album.take(page, "send-phone")
    assert page.evaluate(WIDTH) <= 390
    plan(page, timedelta(seconds=8), album)
    expect(page.locator("[data-dispatch-state=sent]")).to_be_attached(timeout=60_000)
    assert page.evaluate(WIDTH) <= 390
    album.take(page, "sent-phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    return dict(zip(("es", "en"), wanted, strict=True))


LANGUAGES = "[data-numbers=languages]"
WRITE = "(field, text) => { field.value = text; }"
WIDTH = "document.documentElement.scrollWidth"


def everyone_gets_it(site, audience):
    """Each in their language, in the order chosen; returns one mail of each."""
    mails = {}
    for language, subject in (("es", SPANISH), ("en", ENGLISH)):
        found = [m for m in site.messages() if m["subject"] == subject]
        assert len(found) == audience[language]
        assert {mail["language"] for mail in found} == {language}
        assert len({str(mail["to"]) for mail in found}) == len(found)
        mails[language] = found[0]
    assert in_order(mails["es"], LATE, READY, OURS)
    assert in_order(mails["en"], LATE_IN_ENGLISH, READY_IN_ENGLISH)
    assert OURS not in mails["en"]["text"]
    return mails


def in_order(mail, *titles):
    places = [mail["text"].find(title) for title in titles]
    return min(places) >= 0 and places == sorted(places)


def leave(mail):
    """One reader does, with the button of the mail program."""
    leave_at_once(mail)


def read_the_numbers(editor, audience, album):
    """Who got it is told; that one left is not, since one could be known by it."""
    page = editor.page
    page.get_by_role("link", name="Ver las cifras").click()
    for language, number in audience.items():
        cells = page.locator(f"{LANGUAGES} [data-line={language}] td")
        for place in (0, 1):  # audience, delivered
            expect(cells.nth(place)).to_have_text(str(number))
    album.take(page, "numbers")
    left = page.locator(f"{LANGUAGES} [data-line=es] td").last
    expect(left).to_have_text("oculto")
    expect(page.locator("[data-hidden-note]")).to_be_visible()
