"""What can go wrong at the translation desk.

TranslationError
├── LanguageRefusedError   the person may not write this language
├── PageLockedError        somebody else holds the page
├── NotTranslatorError     the person it was to be assigned to may not write it
├── OriginalChangedError   what was to be confirmed is not what the original says now
├── NoteRefusedError       there is nothing, or nothing any more, to note this on
└── UnfinishedError        something of the original has no translation yet
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class TranslationError(Exception):
    """What a desk action refused; nothing was changed."""


class LanguageRefusedError(TranslationError, PermissionDenied):
    """This person may not write this language, or not this page."""


class PageLockedError(TranslationError):
    """The page is locked; `str()` says by whom, in the active language."""


class NotTranslatorError(TranslationError):
    """This person may not write the language."""


class OriginalChangedError(TranslationError):
    """The original became another while somebody looked at it."""


class NoteRefusedError(TranslationError):
    """A note without words, or on what is not there; `str()` says which."""


class UnfinishedError(TranslationError):
    """Some texts of the original have no translation yet."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
