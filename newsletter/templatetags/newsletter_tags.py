"""The sign-up form for any page, and the addresses of subscribing."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from newsletter.issues import issues_found, issues_in
from newsletter.models import (
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
)
from newsletter.subscribing.forms import SignUpForm
from newsletter.subscribing.names import description_in
from newsletter.subscribing.paths import path_to, url_to
from pages.searching import cleaned, highlight
from topics.models import CountryPage, ProjectPage

register = template.Library()

register.simple_tag(path_to, name="subscribing_path")
register.simple_tag(url_to, name="subscribing_url")


@register.inclusion_tag("newsletter/subscribing/sign_up.html")
def signup_form(
    language: str,
    newsletter: Newsletter | None = None,
    project: ProjectPage | None = None,
    country: CountryPage | None = None,
    place: str = "signup",
) -> dict:
    """A sign-up form that is the same for everyone, so that its page can be cached.

    `project` or `country` is the hub in view, chosen already; `place` starts every id.
    """
    wanted = {"newsletter": newsletter, "project": project, "country": country}
    chosen = {name: row.pk for name, row in wanted.items() if row}
    form = SignUpForm.blank(language, chosen, place)
    return {"form": form, "language": language}


@register.simple_tag
def newsletter_words(page: NewsletterPage, language: str) -> dict[str, str]:
    """The page's own words in one language."""
    names = ("headline", "intro")
    return {name: getattr(page, f"{name}_{language}") or "" for name in names}


@register.simple_tag
def newsletters_of(page: NewsletterIndexPage, language: str) -> list[dict]:
    """The newsletters with a page in this language, in the editor's order."""
    rows = NewsletterPage.objects.child_of(page).readable_in(language).order_by("path")
    return [
        {
            "headline": getattr(shown, f"headline_{language}"),
            "description": description_in(shown.newsletter, language),
            "url": shown.url_in(language),
            "newsletter": shown.newsletter,
        }
        for shown in rows.select_related("newsletter")
    ]


@register.simple_tag
def asked_for(request: HttpRequest) -> str:
    """What a reader looks for in this archive; nothing where nobody does."""
    return cleaned(request.GET.get("q", ""))


@register.simple_tag
def found_issues(page: NewsletterPage, language: str, query: str) -> list[dict]:
    """The issues in which these words stand, the best first, with the words marked."""
    return [
        {
            "headline": highlight(entry.title, query, language),
            "preheader": highlight(entry.body, query, language),
            "url": entry.page.url_in(language),
            "at": entry.date,
        }
        for entry in issues_found(page, language, query)
    ]


@register.simple_tag
def past_issues(page: NewsletterPage, language: str) -> list[dict]:
    """The issues that can be read on the site in this language, the latest first."""
    return [
        {
            "headline": getattr(issue, f"headline_{language}"),
            "preheader": getattr(issue, f"preheader_{language}"),
            "url": issue.url_in(language),
            "at": getattr(issue, f"first_published_at_{language}"),
        }
        for issue in issues_in(page, language)
    ]
