"""What the demo refuses.

DemoError
├── UsedSiteError     the site has pages of its own
└── ProductionError   demo logins have no place on a real site
"""

from __future__ import annotations


class DemoError(Exception):
    """Base of everything this room raises; the text is fit to be shown."""


class UsedSiteError(DemoError):
    """The site has pages of its own."""


class ProductionError(DemoError):
    """Demo logins have no place on a real site."""
