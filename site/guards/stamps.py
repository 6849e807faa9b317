"""A signed moment in a form: the page was made by us, a short while ago.

For the second page that a doubtful post gets: a person presses one button, a script
that posts blindly has no stamp.
"""

from __future__ import annotations

from datetime import timedelta

from guards import tokens

PURPOSE = "stamp"
LIFETIME = timedelta(hours=2)


def fresh_stamp(form: str) -> str:
    """A stamp for the form of this name."""
    return tokens.sign(PURPOSE, form)


def is_stamped(form: str, stamp: str) -> bool:
    """Whether we gave out this stamp for this form within the last two hours."""
    try:
        return tokens.read(PURPOSE, stamp, max_age=LIFETIME) == form
    except tokens.TokenError:
        return False
