"""What can go wrong in the kernel.

KernelError
├── NothingToPublishError   no such language, or none named
├── AlreadyRestoredError    a deleted page that has come back before
└── (form errors, so that forms show them beside a field)
    PathTakenError          another page has, or had, this address, or a view has it
    CannotPublishError      the page lacks something in this language
    CannotRestoreError      a deleted page has no place to come back to
"""

from __future__ import annotations

from django.core.exceptions import ValidationError


class KernelError(Exception):
    """Base of what the kernel refuses without naming a field."""


class NothingToPublishError(KernelError):
    """No language, or one the site does not have, was named."""


class AlreadyRestoredError(KernelError):
    """The deleted page has come back before."""


class PathTakenError(ValidationError):
    """Another page has this address, or had it in public; or a view has it."""


class CannotPublishError(ValidationError):
    """The page cannot go live in a language as it is."""


class CannotRestoreError(ValidationError):
    """A deleted page cannot come back as things stand."""
