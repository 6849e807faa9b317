"""The words people agree to; a new wording gets a new version, never the old one."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

SIGN_UP = "sign-up-2026-11"
CONFIRM = "confirm-2026-11"
PREFERENCES = "preferences-2026-11"
LEAVE = "leave-2026-11"
ONE_CLICK = "one-click-2026-11"
UNDO = "undo-2026-11"
PAUSE = "pause-2026-11"
RESUME = "resume-2026-11"
ERASE = "erase-2026-11"
ADDRESS = "address-2026-11"
FORMER_ADDRESS = "former-address-2026-11"
LESS_OFTEN = "less-often-2026-11"
TAKE_BACK = "take-back-2026-11"
BY_HAND = "by-hand-2026-11"
IMPORT = "import-2026-11"

# Readers who came back by their own button, and whose mails went to another mailbox.
CAME_BACK = (UNDO, FORMER_ADDRESS)
MOVED = (ADDRESS, FORMER_ADDRESS)

# What each version said; kept for as long as a consent refers to it.
TEXTS = {
    SIGN_UP: gettext_noop(
        "I would like to receive this newsletter by e-mail. "
        "I can leave at any time with one click."
    ),
    CONFIRM: gettext_noop("Yes, I want to receive this newsletter."),
    PREFERENCES: gettext_noop("Save my preferences."),
    LEAVE: gettext_noop("I no longer want to receive this newsletter."),
    ONE_CLICK: gettext_noop("Unsubscribe, pressed in a mail program."),
    UNDO: gettext_noop("Subscribe me again."),
    PAUSE: gettext_noop("Send me nothing until the day I chose."),
    RESUME: gettext_noop("Send me this newsletter again."),
    ERASE: gettext_noop("Erase everything you know about me."),
    ADDRESS: gettext_noop("Send my mails to this address from now on."),
    FORMER_ADDRESS: gettext_noop("Send my mails to my former address again."),
    LESS_OFTEN: gettext_noop("Send me this newsletter less often."),
    TAKE_BACK: gettext_noop("Take back what I changed."),
    BY_HAND: gettext_noop("Added by the team, who hold the proof of consent."),
    IMPORT: gettext_noop("Imported by the team, who hold the proof of consent."),
}


def shown_text(version: str, language: str) -> str:
    """What a reader of this language was shown under this version."""
    with translation.override(language):
        return gettext(TEXTS[version])
