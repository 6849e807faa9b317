"""The errors of this room.

MailError
└── MailTemplateError   a template is missing or its subject is empty
"""

from __future__ import annotations


class MailError(Exception):
    """Base of all errors here."""


class MailTemplateError(MailError):
    """A template is missing or its subject is empty."""
