"""The columns every page has once per language that no editor translates."""

from __future__ import annotations

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pages.languages import languages


class State(models.TextChoices):
    """What a page is in one language."""

    # Translators: the page has no text in this language
    MISSING = "missing", _("missing")
    # Translators: the page has text in this language that no reader sees yet
    DRAFT = "draft", _("draft")
    # Translators: readers see the page in this language
    LIVE = "live", _("live")
    # Translators: the original changed since this translation was last confirmed
    BEHIND = "behind", _("behind")


def _labelled(label, code):
    return format_lazy("{} [{}]", label, code)


def _columns_of(code):
    return {
        f"slug_{code}": models.SlugField(
            _labelled(_("address"), code),
            max_length=255,
            blank=True,
            help_text=_(
                "The last part of the page's address in this language; made from "
                "the headline where empty."
            ),
        ),
        # Null: no address in this language.
        f"public_path_{code}": models.TextField(null=True, editable=False),
        f"live_{code}": models.BooleanField(
            _labelled(_("live"), code), default=False, editable=False, db_index=True
        ),
        f"first_published_at_{code}": models.DateTimeField(
            _labelled(_("first published"), code), null=True, editable=False
        ),
        f"last_published_at_{code}": models.DateTimeField(
            _labelled(_("last published"), code), null=True, editable=False
        ),
        # When readers last got other words; a small change does not count.
        f"updated_at_{code}": models.DateTimeField(
            _labelled(_("last changed for readers"), code), null=True, editable=False
        ),
        f"state_{code}": models.CharField(
            _labelled(_("state"), code),
            max_length=10,
            choices=State,
            default=State.MISSING,
            editable=False,
            db_index=True,
        ),
        f"changed_{code}": models.DateTimeField(
            _labelled(_("changed"), code), null=True, editable=False
        ),
        # Since when the state is what it is.
        f"since_{code}": models.DateTimeField(
            _labelled(_("since"), code), null=True, editable=False
        ),
        # Words of the original that a translator still has to look at.
        f"words_{code}": models.PositiveIntegerField(
            _labelled(_("words to translate"), code), default=0, editable=False
        ),
        # Share of the original that is translated, in per cent.
        f"progress_{code}": models.PositiveSmallIntegerField(
            _labelled(_("translated"), code), default=0, editable=False
        ),
    }


def _all_columns():
    meta = type("Meta", (), {"abstract": True})
    columns = {"__module__": __name__, "Meta": meta}
    for code in languages():
        columns |= _columns_of(code)
    return columns


# Built, not written out, so that a third language is a setting and a migration.
LanguageColumns = type("LanguageColumns", (models.Model,), _all_columns())

SLUGS = [f"slug_{code}" for code in languages()]
# Set by the kernel only: a form, a copy or an old revision never brings them back.
DERIVED = [
    name for code in languages() for name in _columns_of(code) if name != f"slug_{code}"
]
