"""Pages to test with."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.users.models import UserProfile

from front.models import HomePage
from news.models import NewsIndexPage, NewsPage
from pages.actions import publish_languages
from pages.models import BilingualPage
from people import roles
from tests.replaying import replayed

PASSWORD = "a long enough secret"


@replayed
def make_home() -> HomePage:
    """The front page, live in both languages, as the site's root."""
    # A test with real transactions leaves an empty database behind.
    Locale.objects.get_or_create(language_code="es")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    top = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root"
    )
    Site.objects.all().delete()
    top.get_children().delete()
    top = Page.objects.get(pk=top.pk)
    home = top.add_child(
        instance=HomePage(headline_es="Portada", headline_en="Front", live=False)
    )
    Site.objects.create(
        hostname="testserver", port=80, root_page=home, is_default_site=True
    )
    home.refresh_from_db()
    return publish_languages(page=home, languages=["es", "en"])


@replayed
def make_index(home: HomePage) -> NewsIndexPage:
    """The list of news, live in both languages."""
    index = NewsIndexPage(
        headline_es="Noticias", headline_en="News", slug_es="noticias", slug_en="news"
    )
    index.live = False
    home.add_child(instance=index)
    return publish_languages(page=index, languages=["es", "en"])


@replayed
def make_story(parent: BilingualPage, *, live: tuple = (), **fields) -> NewsPage:
    """A story as a draft, then live in the languages named."""
    story = NewsPage(**fields)
    story.live = False
    parent.add_child(instance=story)
    if live:
        return publish_languages(page=story, languages=list(live))
    story.save_revision()
    return NewsPage.objects.get(pk=story.pk)


def save_draft(page: BilingualPage, **fields) -> None:
    """Save a draft on top of the latest one."""
    page = BilingualPage.objects.get(pk=page.pk).specific
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False)


def make_person(name: str, *role_names: str, superuser: bool = False):
    """Someone with these roles."""
    person = get_user_model().objects.create_user(
        username=name, email=f"{name}@example.org", password=PASSWORD
    )
    person.is_superuser = person.is_staff = superuser
    person.save()
    for role in role_names:
        person.groups.add(roles.group_of(role))
    return person


def speak(person, language: str) -> None:
    """Have the admin speak a language to somebody."""
    profile = UserProfile.get_for_user(person)
    profile.preferred_language = language
    profile.save()


def make_workflow(home: HomePage) -> Workflow:
    """What is submitted below a page waits for an administrator ("Reading", "Desk")."""
    made = Workflow.objects.create(name="Reading")
    task = GroupApprovalTask.objects.create(name="Desk")
    task.groups.set([roles.group_of("administrator")])
    WorkflowTask.objects.create(workflow=made, task=task, sort_order=1)
    WorkflowPage.objects.create(workflow=made, page=Page.objects.get(pk=home.pk))
    return made
