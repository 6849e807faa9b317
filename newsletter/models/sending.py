"""One sending of an issue: its editions, its chunks of work and a row per person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsletter.models.digests import Digest
from newsletter.models.moves import Moving
from newsletter.models.newsletters import IssuePage, Newsletter
from newsletter.models.people import Subscriber

SEND = "newsletter.send_issue"  # the permission


class DispatchQuerySet(models.QuerySet):
    def running(self):
        return self.filter(state=Dispatch.State.SENDING)

    def due(self, at):
        return self.filter(state=Dispatch.State.SCHEDULED, scheduled_at__lte=at)

    def issues(self):
        """Those that somebody wrote."""
        return self.filter(digest=None)

    def effective(self):
        """All but those cancelled before their first mail."""
        untouched = [Delivery.State.WAITING, Delivery.State.DROPPED]
        reached = Delivery.objects.filter(chunk=models.OuterRef("pk")).with_standing()
        reached = reached.exclude(standing__in=untouched)
        # Only a claimed chunk can have mailed anybody, and chunks are few.
        claimed = Chunk.objects.filter(dispatch=models.OuterRef("pk"), epoch__gt=0)
        return self.filter(
            ~models.Q(state=Dispatch.State.CANCELLED)
            | models.Exists(claimed.filter(models.Exists(reached)))
        )


class Dispatch(Moving):
    """One sending: who was eligible at the freeze, and how far it has come."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("dispatch", "draft")
        READY = "ready", pgettext_lazy("dispatch", "ready")
        SCHEDULED = "scheduled", pgettext_lazy("dispatch", "scheduled")
        SENDING = "sending", pgettext_lazy("dispatch", "being sent")
        PAUSED = "paused", pgettext_lazy("dispatch", "paused")
        SENT = "sent", pgettext_lazy("dispatch", "sent")
        CANCELLED = "cancelled", pgettext_lazy("dispatch", "cancelled")
        FAILED = "failed", pgettext_lazy("dispatch", "failed")

    MOVES = {
        State.DRAFT: frozenset({State.SCHEDULED, State.READY, State.CANCELLED}),
        # Frozen when its moment has come, so it never starts without being ready.
        State.SCHEDULED: frozenset({State.READY, State.CANCELLED}),
        State.READY: frozenset({State.SENDING, State.CANCELLED}),
        State.SENDING: frozenset(
            {State.PAUSED, State.SENT, State.CANCELLED, State.FAILED}
        ),
        State.PAUSED: frozenset({State.SENDING, State.CANCELLED}),
        State.FAILED: frozenset({State.SENDING, State.CANCELLED}),
        # Only when failed or uncertain mails are to be tried again.
        State.SENT: frozenset({State.SENDING}),
        State.CANCELLED: frozenset(),
    }

    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.PROTECT,
        related_name="dispatches",
    )
    issue_page = models.ForeignKey(
        IssuePage,
        verbose_name=_("issue"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dispatches",
    )
    digest = models.ForeignKey(
        Digest,
        verbose_name=_("digest"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dispatches",
    )
    covers_until = models.DateTimeField(
        _("tells what was new until"), null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=250)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    projects = models.ManyToManyField(
        "topics.ProjectPage",
        verbose_name=_("only for who follows these projects"),
        related_name="+",
        blank=True,
    )
    countries = models.ManyToManyField(
        "topics.CountryPage",
        verbose_name=_("only for who follows these countries"),
        related_name="+",
        blank=True,
    )
    with_undecided = models.BooleanField(
        _("also for who follows nothing in particular"), default=True
    )
    criteria = models.JSONField(
        _("only for readers who are like this"), default=dict, blank=True
    )
    overridden = models.JSONField(_("overridden checks"), default=list, blank=True)
    audience = models.PositiveIntegerField(_("audience"), default=0)
    excluded = models.JSONField(_("left out, by reason"), default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=250, blank=True)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    troubled_since = models.DateTimeField(_("in trouble since"), null=True, blank=True)
    moved_at = models.DateTimeField(_("last progress"), null=True, blank=True)
    alarmed_at = models.DateTimeField(_("alarm raised at"), null=True, blank=True)
    tally = models.JSONField(_("counts, as last added up"), default=dict, blank=True)
    # By language, and at the end by what readers follow: see `numbers.counting`.
    numbers = models.JSONField(_("numbers"), default=dict, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        ordering = ["-created_at", "-pk"]
        permissions = [("send_issue", _("Can send an issue to its subscribers"))]

    def __str__(self):
        return self.title


class Edition(models.Model):
    """What one language is sent, frozen: a frame and the segments between its slots."""

    dispatch = models.ForeignKey(
        Dispatch, on_delete=models.CASCADE, related_name="editions"
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES
    )
    subject = models.CharField(_("subject"), max_length=250)
    preheader = models.CharField(_("preheader"), max_length=250, blank=True)
    html = models.TextField(_("HTML"))
    text = models.TextField(_("text"))
    story_ids = models.JSONField(_("stories"), default=list, blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    wire = models.JSONField(_("wire form"), default=dict, blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["dispatch", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "language"], name="one_edition_per_language"
            )
        ]

    def __str__(self):
        return f"{self.language}: {self.subject}"


class ChunkQuerySet(models.QuerySet):
    def unfinished(self):
        return self.exclude(state=Chunk.State.DONE)

    def leased(self):
        return self.filter(state=Chunk.State.LEASED)

    def held_by(self, worker):
        """Those that only this worker may close: leased, or given up without it."""
        is_given_up = models.Q(state=Chunk.State.DONE, lease_until__isnull=False)
        is_leased = models.Q(state=Chunk.State.LEASED)
        return self.filter(is_leased | is_given_up, worker=worker)


class Chunk(models.Model):
    """Some deliveries of one edition that a worker claims, sends and closes together.

    Done says that whoever still waits in it was sent to, at `closed_at`. `epoch` rises
    with every claim, so a worker that lost its lease can write nothing.
    """

    class State(models.TextChoices):
        TODO = "todo", _("to do")
        LEASED = "leased", _("leased")
        DONE = "done", _("done")

    dispatch = models.ForeignKey(
        Dispatch, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=6, choices=State, default=State.TODO
    )
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    epoch = models.PositiveIntegerField(_("epoch"), default=0)

    objects = ChunkQuerySet.as_manager()

    class Meta:
        verbose_name = _("chunk")
        verbose_name_plural = _("chunks")
        ordering = ["dispatch", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "number"], name="chunk_number_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["dispatch", "number"],
                condition=~models.Q(state="done"),
                name="chunk_unfinished",
            )
        ]

    def __str__(self):
        return f"{self.dispatch_id}/{self.number}"

    @property
    def is_given_up(self):
        """Its lease ran out while its worker was away, who has the journal of it."""
        return self.state == Chunk.State.DONE and self.lease_until is not None


class DeliveryQuerySet(models.QuerySet):
    def to(self, subscriber):
        """One person's, looked for in each dispatch by the index of the pair."""
        every = Dispatch.objects.order_by().values("pk")
        return self.filter(dispatch__in=every, subscriber=subscriber)

    def uncertain(self):
        return self.filter(state=Delivery.State.UNCERTAIN)

    def with_standing(self):
        """Each row says in `standing` what became of it, `went_at` when, after `tries`.

        Who waits is being sent to in a leased chunk, and was sent to in a closed one.
        """
        is_waiting = models.Q(state=Delivery.State.WAITING)
        is_claimed = is_waiting & models.Q(chunk__state=Chunk.State.LEASED)
        is_sent = is_waiting & models.Q(chunk__state=Chunk.State.DONE)
        return self.annotate(
            standing=models.Case(
                models.When(is_claimed, then=models.Value(Delivery.State.CLAIMED)),
                models.When(is_sent, then=models.Value(Delivery.State.SENT)),
                default=models.F("state"),
                output_field=models.CharField(),
            ),
            went_at=models.Case(
                models.When(is_sent, then=models.F("chunk__closed_at")),
                default=models.F("sent_at"),
            ),
            tries=models.Case(
                models.When(is_sent, then=models.F("attempts") + 1),
                default=models.F("attempts"),
                output_field=models.IntegerField(),
            ),
        )


class Delivery(models.Model):
    """One person's copy: the unique pair is the promise of never two mails.

    Only what did not go as planned is written here. Who waits in a chunk that a worker
    has leased is being sent to, and who waits in one that is done was sent to: ask
    `with_standing`. `epoch` is that of the claim that decided it, `attempts` counts
    those that are written here, and `sent_at` of an uncertain one is when it became so.
    `stories` and `follows` are their choice of the edition's parts (`delivery.parts`);
    empty is all of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "waiting")
        CLAIMED = "claimed", pgettext_lazy("delivery", "being sent")
        SENT = "sent", pgettext_lazy("delivery", "sent")
        RETRY = "retry", pgettext_lazy("delivery", "to be tried again")
        FAILED = "failed", pgettext_lazy("delivery", "failed")
        UNCERTAIN = "uncertain", pgettext_lazy("delivery", "uncertain")
        DROPPED = "dropped", pgettext_lazy("delivery", "dropped")

    # The freeze takes all four from the rows themselves; to have PostgreSQL look each
    # of them up again makes planning three times as long. So does half of that an index
    # of subscribers, which is written all over: `to` finds them by the unique pair.
    dispatch = models.ForeignKey(
        Dispatch,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    subscriber = models.ForeignKey(
        Subscriber,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    chunk = models.ForeignKey(
        Chunk,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_constraint=False,
    )
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.WAITING
    )
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    code = models.CharField(_("answer"), max_length=200, blank=True)
    stories = models.BigIntegerField(null=True, blank=True)
    follows = models.BigIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "subscriber"], name="one_delivery_per_person"
            )
        ]
        indexes = [
            models.Index(
                fields=["dispatch", "next_at"],
                condition=models.Q(next_at__isnull=False),
                name="delivery_retry",
            )
        ]

    def __str__(self):
        return f"{self.dispatch_id}.{self.subscriber_id}"


class LinkCheck(models.Model):
    """What an outside address of a mail answered when it was last asked."""

    url = models.TextField(_("address"))
    key = models.CharField(max_length=64, unique=True)  # SHA-256 of the address
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked at"), default=timezone.now)

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return self.url
