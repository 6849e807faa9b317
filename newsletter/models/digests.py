"""What is sent by itself: a newsletter's new stories, in a rhythm."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from newsletter.models.newsletters import Newsletter

DAYS = [(number, capfirst(name)) for number, name in WEEKDAYS.items()]


class Frequency(models.TextChoices):
    """How often a reader gets mail: what the team writes, or a digest."""

    EACH = "each", _("every issue")
    STORY = "story", _("each new story")
    WEEKLY = "weekly", _("once a week")
    MONTHLY = "monthly", _("once a month")


DIGESTS = (Frequency.STORY, Frequency.WEEKLY, Frequency.MONTHLY)


class DigestQuerySet(models.QuerySet):
    def on_offer(self):
        return self.filter(is_on=True)

    def due(self, at):
        return self.on_offer().filter(next_at__lte=at)


class Digest(models.Model):
    """One frequency that a newsletter offers, and when and how its mails are made.

    It tells what was published since `since`, or since the last one that was sent in a
    language. `told` is what came of its last turn: at (ISO), why (`Why`), stories by
    language; empty before the first.
    """

    class Sections(models.TextChoices):
        PROJECTS = "projects", _("projects, then countries")
        COUNTRIES = "countries", _("countries, then projects")

    class Why(models.TextChoices):
        """What came of a turn."""

        STARTED = "started", _("sent")
        WAITS = "waits", _("left for approval")
        LATE = "late", _("left for approval: its time was long past")
        BLOCKED = "blocked", _("left for approval: something is in the way")
        LONG = "long", _("left for approval: some stories have no room")
        FEW = "few", _("nothing sent: too few new stories")
        NOBODY = "nobody", _("nothing sent: nobody would receive it")
        LEFT_OUT = "left-out", _("nothing sent: somebody left it out")
        STOPPED = "stopped", _("nothing sent: something was in the way")
        BUSY = "busy", _("nothing sent: the one before is not finished")

    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.PROTECT,
        related_name="digests",
    )
    frequency = models.CharField(
        _("frequency"),
        max_length=8,
        choices=[(each.value, each.label) for each in DIGESTS],
        default=Frequency.WEEKLY,
        help_text=_(
            "Each new story: within a quarter of an hour after it is published."
        ),
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=DAYS, default=0, help_text=_("For once a week.")
    )
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("For once a month. In a shorter month it is the last day."),
    )
    hour = models.TimeField(
        _("at"),
        default=time(8),
        help_text=_("In the newsletter's time zone, like 08:00."),
    )
    minimum = models.PositiveSmallIntegerField(
        _("fewest stories"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_(
            "With fewer new ones in a language it waits for the next time there, and"
            " nothing is lost."
        ),
    )
    sections = models.CharField(
        _("sections by"),
        max_length=10,
        choices=Sections,
        default=Sections.PROJECTS,
        help_text=_("A story stands once, in the first section its reader follows."),
    )
    needs_approval = models.BooleanField(
        _("wait for approval"),
        default=True,
        help_text=_("Otherwise it is sent by itself."),
    )
    is_on = models.BooleanField(
        _("on offer"),
        default=True,
        help_text=_("Switched off, its readers get every issue instead."),
    )
    since = models.DateTimeField(_("tells what is new since"), null=True, blank=True)
    next_at = models.DateTimeField(_("next time"), null=True, blank=True)
    told = models.JSONField(_("what came of it"), default=dict, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["newsletter", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "frequency"],
                name="one_digest_of_each_frequency",
                violation_error_message=_(
                    "This newsletter has a digest of this frequency already."
                ),
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(is_on=True),
                name="digest_due",
            )
        ]

    def __str__(self):
        return f"{self.newsletter} · {self.get_frequency_display()}"
