"""The first steps on an empty site: what is done, and where the rest is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from news.models import NewsIndexPage, NewsPage
from newsletter.models import Dispatch, IssuePage, Newsletter, NewsletterPage
from offices.models import Office
from pages.languages import languages
from pages.models import BrandSettings
from topics.models import ProjectIndexPage, ProjectPage, TermPage


@dataclass(frozen=True)
class Step:
    """One thing to do: its words, whether it is done, and where.

    Without a `url`: what comes first, where `after` says so; else others do it.
    """

    title: Promise
    why: Promise
    is_done: bool
    url: str
    after: Promise | str = ""


def steps_for(user: Any) -> list[Step]:
    """The steps in their order; none once all are done."""
    found = list(_steps(user))
    return [] if all(step.is_done for step in found) else found


def _steps(user: Any) -> Iterator[Step]:
    yield Step(
        title=_("Name the site"),
        why=_("Its name, logo, colour and postal address stand on every page."),
        is_done=bool(BrandSettings.current().name_in(languages()[0])),
        url=_brand(user),
    )
    yield Step(
        title=_("Add a project"),
        why=_("Stories carry projects and countries, and readers follow them."),
        is_done=TermPage.objects.live().exists(),
        url=_below(user, ProjectIndexPage, ProjectPage),
    )
    yield Step(
        title=_("Publish the first story"),
        why=_("In Spanish, in English or in both. The other language may follow."),
        is_done=NewsPage.objects.live().exists(),
        url=_below(user, NewsIndexPage, NewsPage),
    )
    yield Step(
        title=_("Add an office"),
        why=_("Its address and hours stand at the foot of every page."),
        is_done=Office.objects.exists(),
        url=_form(user, "offices.add_office", "wagtailsnippets_offices_office:add"),
    )
    yield Step(
        title=_("Set up a newsletter"),
        why=_("Who it comes from, and by which rules. Readers can then subscribe."),
        is_done=Newsletter.objects.exists(),
        url=_form(user, "newsletter.add_newsletter", "newsletter:add"),
    )
    yield Step(
        title=_("Send the first issue"),
        why=_("Fill it with what is new, look at it, and send yourself a test first."),
        is_done=Dispatch.objects.exists(),
        url=_below(user, NewsletterPage, IssuePage),
        after=""
        if NewsletterPage.objects.exists()
        else _("Its newsletter comes first."),
    )


def _brand(user: Any) -> str:
    site = Site.objects.filter(is_default_site=True).first()
    if not site or not user.has_perm("pages.change_brandsettings"):
        return ""
    return reverse("wagtailsettings:edit", args=["pages", "brandsettings", site.pk])


def _form(user: Any, permission: str, name: str) -> str:
    return reverse(name) if user.has_perm(permission) else ""


def _below(user: Any, parent: type[Page], kind: type[Page]) -> str:
    """The form for a page of a kind below the first of another."""
    page = parent.objects.first()
    if not page or not page.permissions_for_user(user).can_add_subpage():
        return ""
    names = (kind._meta.app_label, kind._meta.model_name)
    return reverse("wagtailadmin_pages:add", args=[*names, page.pk])
