"""What templates need to show a page in one language and lead to the other."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from pages import languages as known
from pages.alternates import alternates
from pages.models import BilingualPage, BrandSettings
from pages.models.columns import State
from pictures.models import File

register = template.Library()
BELOW_FRONT = 3  # depth of the pages right below the front page


@register.simple_tag
def field(obj: Any, name: str, language: str) -> Any:
    """One field in one language, or nothing: {% field page "headline" lang %}."""
    value = known.field(obj, name, language) if obj else ""
    return "" if value is None else value


@register.simple_tag
def url_in(page: BilingualPage | None, language: str) -> str | None:
    """The page's address in a language; None where it is not live in it, or gone."""
    return page.url_in(language) if page else None


@register.simple_tag
def file_label(file: File, language: str) -> str:
    """The name of a file that readers of a language see."""
    return file.label_in(language)


@register.simple_tag
def file_version(file: File, language: str) -> dict[str, Any]:
    """What readers of a language get: `url`, `kind`, `size` in bytes, `language`.

    The language is "" where it is theirs, and stands in words beside it where not.
    """
    found = file.version_in(language)
    name = known.name_in_words(found.language) if found.language else ""
    return {
        "url": found.url,
        "kind": found.kind,
        "size": found.size,
        "language": found.language,
        "language_in_words": name,
    }


@register.simple_tag(takes_context=True)
def once(context: Any, name: str) -> bool:
    """Whether a page asks for something for the first time: a script, a window.

    Never outside a page: feeds and mails hold no scripts.
    """
    request = context.get("request")
    if request is None:
        return False
    said = request.__dict__.setdefault("said_once", set())
    is_first = name not in said
    said.add(name)
    return is_first


@register.simple_tag
def brand() -> BrandSettings:
    """The site's brand."""
    return BrandSettings.current()


@register.simple_tag
def site_name(brand: BrandSettings, language: str) -> str:
    """What the site is called in a language."""
    return brand.name_in(language) or settings.WAGTAIL_SITE_NAME


@register.simple_tag
def privacy_path(language: str) -> str:
    """Where the privacy page is in a language."""
    return reverse(f"privacy-{language}")


@register.simple_tag
def site_url() -> str:
    """The site's own address, without a final slash."""
    return settings.SITE_URL


@register.simple_tag
def other_versions(page: Any, language: str) -> list[dict[str, str]]:
    """Where the page can be read in other languages: code, in_words, url."""
    return [
        {"code": code, "in_words": known.name_in_words(code), "url": url}
        for code, url in alternates(page)
        if code != language
    ]


@register.simple_tag
def pages_above(page: BilingualPage, language: str) -> list[BilingualPage]:
    """The pages above one, below the front page, that readers find in a language."""
    if not page.path or page.depth <= BELOW_FRONT:
        return []
    above = BilingualPage.objects.ancestor_of(page).live_in(language)
    return list(above.filter(depth__gte=BELOW_FRONT).order_by("depth"))


@register.simple_tag(takes_context=True)
def newer_original(context: Any, page: Any, language: str) -> dict[str, str] | None:
    """Where the original is, for readers of a translation that is behind it.

    A dict: code, name (in the language shown), url. None in previews, which show words
    that no reader has.
    """
    is_preview = getattr(context.get("request"), "is_preview", False)
    if is_preview or not isinstance(page, BilingualPage):
        return None
    code = page.original_language
    if code == language or known.field(page, "state", language) != State.BEHIND:
        return None
    url = page.url_in(code)
    return (
        {"code": code, "name": known.name_in_words(code), "url": url} if url else None
    )


@register.simple_tag
def language_switch(page: Any, language: str) -> list[dict[str, Any]]:
    """Where each other language leads: this page, else the nearest page that has it.

    Each is a dict: code, name, url, is_here (False where it leads somewhere else).
    """
    return [_switch_to(page, code) for code in known.other_languages(language)]


def _switch_to(page: Any, code: str) -> dict[str, Any]:
    url = page.url_in(code) if isinstance(page, BilingualPage) and page.pk else None
    nearest = url or _nearest(page, code) or f"/{code}/"
    name = known.language_name(code)
    is_here = bool(url) or not isinstance(page, BilingualPage)
    return {"code": code, "name": name, "url": nearest, "is_here": is_here}


def _nearest(page: Any, code: str) -> str | None:
    if not isinstance(page, BilingualPage) or not page.path:
        return None
    above = BilingualPage.objects.ancestor_of(page).order_by("-depth")
    return next((url for url in (p.url_in(code) for p in above) if url), None)
