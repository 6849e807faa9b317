"""What can go wrong with projects and countries.

TopicsError
└── CannotMergeError   two terms cannot become one; says why in words
TermInUseError         something still names the project or country (a form error)
"""

from __future__ import annotations

from django.core.exceptions import ValidationError


class TopicsError(Exception):
    """Base of what this room refuses."""


class CannotMergeError(TopicsError):
    """Two terms cannot become one. Its text is for the person who asked."""


class TermInUseError(ValidationError):
    """A project or country cannot be deleted while something names it."""
