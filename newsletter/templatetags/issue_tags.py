"""An issue for templates: its page on the web, its mails, and what servers answered."""

from __future__ import annotations

from django import template
from django.utils.safestring import mark_safe

from newsletter.composing.archive import sent_edition
from newsletter.composing.composition import compose, newsletter_of
from newsletter.composing.editions import build_edition
from newsletter.composing.footer import without_people
from newsletter.composing.replies import code_of, meaning_of
from pages.languages import field

register = template.Library()


@register.simple_tag
def composed(issue, language):
    """The issue's `Composition` in one language, for its page on the web."""
    published = field(issue, "first_published_at", language)
    return compose(issue, language, before=published)


register.simple_tag(newsletter_of)
register.simple_tag(sent_edition)
register.filter("meaning", meaning_of)
register.filter("is_answer", code_of)


@register.simple_tag
def published_at(issue, language):
    """When readers of one language first saw it; None in a preview."""
    return field(issue, "first_published_at", language)


@register.simple_tag
def correction_of(issue, language):
    """What was put right since it was sent, in one language; empty where nothing."""
    return field(issue, "correction", language) or ""


@register.simple_tag
def mail_html(issue, language, *, is_dark=False):
    """The mail as HTML, with the front page where personal links would be."""
    html = build_edition(issue, language).html
    if is_dark:  # as its own rules have it, whatever this browser prefers
        html = html.replace("@media (prefers-color-scheme: dark)", "@media all")
        html = html.replace("@media (prefers-color-scheme:dark)", "@media all")
    return mark_safe(without_people(html, language))  # noqa: S308 our own shell


@register.simple_tag
def mail_text(issue, language):
    """The mail's text part, likewise."""
    return without_people(build_edition(issue, language).text, language)
