"""Who reads: a subscriber is an address, a subscription is one newsletter for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guards.tokens import suppression_hash as address_hash
from newsletter.models.consent import Suppression
from newsletter.models.digests import Frequency
from newsletter.models.moves import Moving
from newsletter.models.newsletters import Newsletter

__all__ = ["AddressChange", "Subscriber", "Subscription", "address_hash"]


class SubscriberQuerySet(models.QuerySet):
    def healthy(self):
        return self.filter(health=Subscriber.Health.OK)


class Subscriber(models.Model):
    """One mailbox: its address, its language and whether mail reaches it."""

    class Health(models.TextChoices):
        OK = "ok", pgettext_lazy("address", "reachable")
        HELD = "held", pgettext_lazy("address", "held back")
        BOUNCED = "bounced", pgettext_lazy("address", "bounced")
        COMPLAINED = "complained", pgettext_lazy("address", "complained")
        ERASED = "erased", pgettext_lazy("address", "erased")

    address = models.EmailField(_("address"), unique=True, null=True, blank=True)
    address_hash = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES
    )
    health = models.CharField(
        _("health"), max_length=10, choices=Health, default=Health.OK
    )
    created_at = models.DateTimeField(_("known since"), default=timezone.now)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["created_at", "id"], name="subscriber_newest")]
        constraints = [
            # The hash ignores case, so Ana@ and ana@ are one mailbox.
            models.UniqueConstraint(
                fields=["address_hash"],
                condition=~Q(address_hash=""),
                name="one_subscriber_per_mailbox",
            )
        ]

    def __str__(self):
        return self.address or str(pgettext_lazy("address", "erased"))

    def save(self, *args, **kwargs):
        self.address = self.address or None
        self.address_hash = address_hash(self.address) if self.address else ""
        if (fields := kwargs.get("update_fields")) and "address" in fields:
            kwargs["update_fields"] = {*fields, "address_hash"}
        super().save(*args, **kwargs)


class SubscriptionQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Subscription.State.ACTIVE)

    def pending(self):
        return self.filter(state=Subscription.State.PENDING)

    def in_state(self, state, at=None):
        """Those in this state by now: who pauses until a day is paused until then."""
        at = at or timezone.now()
        active, paused = Subscription.State.ACTIVE, Subscription.State.PAUSED
        if state == active:
            return self.active().filter(Q(paused_until=None) | Q(paused_until__lte=at))
        if state == paused:
            return self.filter(Q(state=paused) | Q(state=active, paused_until__gt=at))
        return self.filter(state=state)

    def with_suppression(self):
        """Add `is_suppressed`: the address may not be written to by this newsletter."""
        rows = Suppression.objects.filter(
            Q(newsletter=None) | Q(newsletter=OuterRef("newsletter")),
            address_hash=OuterRef("subscriber__address_hash"),
        )
        return self.annotate(is_suppressed=Exists(rows))

    def receivable(self, at=None):
        """Those a sending may reach at this moment.

        The freeze says of the others why not, by the same rules: see `freeze`.
        """
        return (
            self.in_state(Subscription.State.ACTIVE, at)
            .with_suppression()
            .filter(
                confirmed_at__isnull=False,
                subscriber__health=Subscriber.Health.OK,
                subscriber__address__isnull=False,
                is_suppressed=False,
            )
        )


class Subscription(Moving):
    """One subscriber's yes to one newsletter, with what they care about."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("subscription", "waiting for confirmation")
        ACTIVE = "active", pgettext_lazy("subscription", "active")
        PAUSED = "paused", pgettext_lazy("subscription", "paused")
        UNSUBSCRIBED = "unsubscribed", pgettext_lazy("subscription", "unsubscribed")

    Frequency = Frequency

    MOVES = {
        State.PENDING: frozenset({State.ACTIVE, State.UNSUBSCRIBED}),
        State.ACTIVE: frozenset({State.PAUSED, State.UNSUBSCRIBED}),
        State.PAUSED: frozenset({State.ACTIVE, State.UNSUBSCRIBED}),
        State.UNSUBSCRIBED: frozenset({State.PENDING, State.ACTIVE}),
    }

    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.PROTECT,
        related_name="subscriptions",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PENDING
    )
    frequency = models.CharField(
        _("frequency"), max_length=8, choices=Frequency, default=Frequency.EACH
    )
    projects = models.ManyToManyField(
        "topics.ProjectPage",
        verbose_name=_("projects"),
        related_name="+",
        blank=True,
    )
    countries = models.ManyToManyField(
        "topics.CountryPage",
        verbose_name=_("countries"),
        related_name="+",
        blank=True,
    )
    created_at = models.DateTimeField(_("asked at"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "newsletter"], name="one_subscription_each"
            )
        ]
        indexes = [
            models.Index(fields=["newsletter", "state"], name="subscription_state")
        ]

    def __str__(self):
        return f"{self.subscriber} · {self.newsletter}"

    @property
    def state_by_now(self):
        """The state as `in_state` has it."""
        is_away = self.is_away(timezone.now())
        return Subscription.State.PAUSED if is_away else Subscription.State(self.state)

    def is_away(self, at):
        """Whether its reader wants nothing at this moment, but stays subscribed."""
        is_resting = self.paused_until is not None and self.paused_until > at
        return self.state == Subscription.State.PAUSED or (
            self.state == Subscription.State.ACTIVE and is_resting
        )


class AddressChange(models.Model):
    """A wish to get the mails elsewhere; the new address is forgotten with it.

    `moved` has for each newsletter the numbers of both subscriptions, the state of the
    former one, and whether the new one was made by this.
    """

    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="address_changes",
    )
    new = models.EmailField(_("new address"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    moved = models.JSONField(_("moved"), default=list, blank=True)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return f"#{self.pk}"
