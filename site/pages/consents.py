"""What somebody should know of a page's pictures before it goes before readers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pages.alts import shown_pictures
from pages.languages import languages
from pages.models import BilingualPage
from pictures.models import People

# What a form sends along that has shown the doubts.
KNOWINGLY = "knowingly"


class DoubtfulPicturesError(ValidationError):
    """Pictures that may not be the site's to show; `seen` says that they are known."""

    def __init__(self, doubts: list[str]) -> None:
        self.seen = _digest(doubts)
        super().__init__([*doubts, _("Press the button again to go on all the same.")])


def require_knowingly(
    page: BilingualPage,
    codes: Collection[str],
    seen: str | None,
    on: date | None = None,
) -> None:
    """Raise DoubtfulPicturesError unless just these doubts have been `seen`.

    `codes` are the languages to publish, `on` is the day (today where it is None).
    """
    found = doubts(page, codes, on or timezone.localdate())
    if found and seen != _digest(found):
        raise DoubtfulPicturesError(found)


def require_remembered(
    request: HttpRequest, page: BilingualPage, codes: Collection[str]
) -> None:
    """The same where no form could say what was seen: the session remembers it."""
    key = f"{KNOWINGLY}-{page.pk}"
    try:
        require_knowingly(page, codes, request.session.get(key))
    except DoubtfulPicturesError as error:
        request.session[key] = error.seen
        raise
    request.session.pop(key, None)


def doubts(page: BilingualPage, codes: Collection[str], on: date) -> list[str]:
    """Sentences about the page's pictures in some languages, none twice."""
    shown = [each for code in codes for each in shown_pictures(page, code)]
    found = [
        text
        for _name, (picture, own) in shown
        if picture is not None
        for text in _of_picture(picture, own, on)
    ]
    return list(dict.fromkeys(found))


def _of_picture(picture: Any, own: Mapping[str, Any], on: date) -> list[str]:
    named = {"title": picture.title}
    ended = picture.consent_until and picture.consent_until < on
    has_rights = any(getattr(picture, f"rights_{code}") for code in languages())
    found = []
    if picture.people == People.MISSING:
        found.append(_("“%(title)s” shows people whose consent is missing.") % named)
    elif picture.people == People.AGREED and ended:
        text = _("The consent of the people in “%(title)s” ended on %(date)s.")
        until = date_format(picture.consent_until, "DATE_FORMAT")
        found.append(text % {**named, "date": until})
    if not (own.get("credit") or picture.credit):
        found.append(_("“%(title)s” has no credit.") % named)
    if not has_rights:
        found.append(_("“%(title)s” has no rights noted.") % named)
    return found


def _digest(doubts: list[str]) -> str:
    return hashlib.sha256("\n".join(doubts).encode()).hexdigest()[:16]
