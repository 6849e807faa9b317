"""Importing subscribers from a file: how far it has come, and the file until then."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsletter.models.moves import Moving
from newsletter.models.newsletters import Newsletter


class SubscriberImport(Moving):
    """One file with readers of one newsletter.

    A check and the import itself each go through the file once, `done` rows of it by
    now. `run` names the worker that may note what it did: the one that began last.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", pgettext_lazy("import", "uploaded")
        CHECKING = "checking", pgettext_lazy("import", "being checked")
        CHECKED = "checked", pgettext_lazy("import", "checked")
        IMPORTING = "importing", pgettext_lazy("import", "being imported")
        DONE = "done", pgettext_lazy("import", "imported")
        FAILED = "failed", pgettext_lazy("import", "failed")
        CANCELLED = "cancelled", pgettext_lazy("import", "cancelled")

    MOVES = {
        State.UPLOADED: frozenset({State.CHECKING, State.CANCELLED}),
        State.CHECKING: frozenset({State.CHECKED, State.FAILED, State.CANCELLED}),
        State.CHECKED: frozenset({State.CHECKING, State.IMPORTING, State.CANCELLED}),
        State.IMPORTING: frozenset({State.DONE, State.FAILED, State.CANCELLED}),
        # Who is in by then is found to be there already.
        State.FAILED: frozenset({State.CHECKING, State.CANCELLED}),
        State.DONE: frozenset(),
        State.CANCELLED: frozenset(),
    }
    AT_WORK = (State.CHECKING, State.IMPORTING)
    OVER = (State.DONE, State.CANCELLED)

    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.CASCADE,  # whoever was added protects it
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.UPLOADED
    )
    file_name = models.CharField(_("file"), max_length=200)
    shape = models.JSONField(_("how the file is to be read"), default=dict)
    plan = models.JSONField(_("what the columns hold"), default=dict, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    counts = models.JSONField(_("rows by outcome"), default=dict, blank=True)
    problems = models.JSONField(_("the first problems"), default=list, blank=True)
    unknown = models.JSONField(_("unknown words"), default=dict, blank=True)
    run = models.CharField(max_length=32, blank=True)
    moved_at = models.DateTimeField(_("last progress"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=250, blank=True)
    forgotten_at = models.DateTimeField(_("file deleted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return self.file_name

    @property
    def is_at_work(self):
        """Whether a worker has it, or is about to."""
        return self.state in self.AT_WORK

    @property
    def percent(self):
        """How much of the file is done."""
        return min(self.done * 100 // self.rows, 100) if self.rows else 0


class ImportPiece(models.Model):
    """A part of an import's file, or of what became of its rows.

    In the database, since a worker may be on another machine than the web; compressed.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        CHECK = "check", _("outcomes of the check")
        IMPORT = "import", _("outcomes of the import")

    source = models.ForeignKey(
        SubscriberImport,
        on_delete=models.CASCADE,
        related_name="pieces",
        db_index=False,
    )
    kind = models.CharField(max_length=6, choices=Kind)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("piece of an import")
        verbose_name_plural = _("pieces of imports")
        ordering = ["source", "kind", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "number"], name="import_piece_once"
            )
        ]

    def __str__(self):
        return f"{self.source_id}/{self.kind}/{self.number}"
