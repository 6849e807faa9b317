"""The site's languages, and a field of one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext, pgettext

I_SOUND = re.compile("h?[ií](?!e)", re.IGNORECASE)


def languages() -> list[str]:
    """Codes of the site's languages, the default one first."""
    return [code for code, _name in settings.LANGUAGES]


def other_languages(language: str) -> list[str]:
    """All languages but one."""
    return [code for code in languages() if code != language]


def in_order(named: Iterable[str]) -> list[str]:
    """Some of the site's languages, the default one first."""
    wanted = {*named}
    return [code for code in languages() if code in wanted]


def language_name(language: str) -> str:
    """A language in its own words: Español, English."""
    return dict(settings.LANGUAGES)[language]


def current_language() -> str:
    """The language being shown; the default one outside any request."""
    active = (get_language() or "").split("-")[0]
    return active if active in languages() else settings.LANGUAGE_CODE


def field(obj: Any, name: str, language: str) -> Any:
    """One field of one language, `headline` in `es` being `headline_es`."""
    return getattr(obj, f"{name}_{language}")


def name_in_words(language: str) -> str:
    """A language named in the language being shown: español, Spanish.

    From CLDR: Django's own Spanish catalogue writes them with a capital.
    """
    return Locale.parse(current_language()).languages[language]


def names_in_words(named: Iterable[str]) -> str:
    """Several languages named in the language being shown: Spanish and English."""
    return list_in_words([name_in_words(code) for code in named])


def list_in_words(names: list[str]) -> str:
    """Names as a sentence says them, in the language being shown: Ana, Luis e Inés."""
    word = gettext("and")
    if names and I_SOUND.match(names[-1]):
        # Translators: Spanish says "español e inglés"
        word = pgettext("before a word that begins with the sound of i", "and")
    return get_text_list(names, word)
