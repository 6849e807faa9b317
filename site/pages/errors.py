"""What can go wrong in the kernel.

KernelError
├── NothingToPublishError   no such language, or none named
└── (form errors, so that forms show them beside a field)
    PathTakenError          another page has, or had, this address, or a view has it
    CannotPublishError      the page lacks something in this language
"""

from __future__ import annotations

from django.core.exceptions import ValidationError


class KernelError(Exception):
    """Base of what the kernel refuses without naming a field."""


class NothingToPublishError(KernelError):
    """No language, or one the site does not have, was named."""


class PathTakenError(ValidationError):
    """Another page has this address, or had it in public; or a view has it."""


class CannotPublishError(ValidationError):
    """The page cannot go live in a language as it is."""
