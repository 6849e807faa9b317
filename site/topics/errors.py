"""What can go wrong with projects and countries.

TopicsError
└── CannotMergeError   two terms cannot become one; says why in words
"""

from __future__ import annotations


class TopicsError(Exception):
    """Base of what this room refuses."""


class CannotMergeError(TopicsError):
    """Two terms cannot become one. Its text is for the person who asked."""
