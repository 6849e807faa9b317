"""What can go wrong with projects and countries.

TermInUseError   something still names the project or country (a form error)
"""

from __future__ import annotations

from django.core.exceptions import ValidationError


class TermInUseError(ValidationError):
    """A project or country cannot be deleted while something names it."""
