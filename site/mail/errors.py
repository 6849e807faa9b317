"""The errors of this room.

MailError
├── MailTemplateError   a template is missing or its subject is empty
├── MailHeaderError     a line break in an address or a header
└── MailLanguageError   not one of the site's languages
"""

from __future__ import annotations


class MailError(Exception):
    """Base of all errors here."""


class MailTemplateError(MailError):
    """A template is missing or its subject is empty."""


class MailHeaderError(MailError):
    """A line break in an address or a header: somebody tries to add headers."""


class MailLanguageError(MailError):
    """Not one of the site's languages."""
