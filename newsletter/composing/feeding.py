"""Issues in the feed of their archive: what their pages say, as plain HTML."""

from __future__ import annotations

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from news.feed_documents import Filling
from newsletter.composing.composition import compose
from newsletter.issues import issues_in
from newsletter.models import IssuePage, NewsletterPage
from pages.feeding import sanitised
from pages.languages import field

MOST_ISSUES = 10  # each is composed anew, in some ten queries


def fed_issues(page: NewsletterPage, language: str) -> QuerySet[IssuePage]:
    """The latest that anyone may read in a language."""
    return issues_in(page, language)[:MOST_ISSUES]


def fill_issues(issues: list[IssuePage], language: str) -> dict[int, Filling]:
    """Introduction, stories, blocks and first picture of each issue, by its number."""
    return {issue.pk: _filling(issue, language) for issue in issues}


def _filling(issue: IssuePage, language: str) -> Filling:
    published = field(issue, "first_published_at", language)
    composed = compose(issue, language, before=published)
    with translation.override(language):
        html = render_to_string("newsletter/feed_issue.html", {"issue": composed})
    pictures = composed.pictures
    image = (pictures[0].sharp_url or pictures[0].url) if pictures else ""
    return Filling(html=sanitised(html), image=image)
