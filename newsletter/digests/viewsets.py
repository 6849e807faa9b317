"""The admin's list of digests, and the form for their rhythm."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from newsletter.composing.moments import in_zone_time
from newsletter.deleting import KeepingDeleteView
from newsletter.digests import views
from newsletter.digests.actions import NOTED, set_going
from newsletter.models import Digest


class DigestForm(WagtailAdminModelForm):
    """Its rhythm; what is saved gives it its next moment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._was_on = bool(self.instance.pk and self.instance.is_on)
        if self.instance.pk:  # its readers and its sendings hang on these
            for name in ("newsletter", "frequency"):
                self.fields[name].disabled = True

    @transaction.atomic
    def save(self, commit: bool = True) -> Digest:
        """As saved by hand, with what a turn noted meanwhile and when it comes next."""
        if self.instance.pk:
            now = Digest.objects.select_for_update().get(pk=self.instance.pk)
            for name in NOTED:
                setattr(self.instance, name, getattr(now, name))
        set_going(self.instance, timezone.now(), was_on=self._was_on)
        return super().save(commit)


class DigestIndexView(generic.IndexView):
    """Each with its newsletter, asked for at once."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("newsletter")


class DigestDeleteView(KeepingDeleteView):
    """One that was ever made stays; it is switched off instead."""

    def must_stay(self):
        return self.object.dispatches.exists()

    def why(self):
        text = _("“%(digest)s” cannot be deleted: it was sent. Switch it off instead.")
        return text % {"digest": self.object}


def _url(digest: Digest) -> str:
    return reverse("digests:digest", args=[digest.pk])


def _next(digest: Digest) -> str:
    if not digest.next_at:
        return "–"
    return in_zone_time(digest.next_at, digest.newsletter.hours.zone)


def _last(digest: Digest) -> str:
    if not digest.told:
        return _("nothing yet")
    return str(Digest.Why(digest.told["why"]).label)


class DigestViewSet(ModelViewSet):
    """What is sent by itself; switched off, never deleted once it has been sent."""

    model = Digest
    name = "digests"
    menu_label = gettext_lazy("Digests")
    icon = "calendar-alt"
    menu_order = 150
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = DigestIndexView
    delete_view_class = DigestDeleteView
    list_display = [
        TitleColumn("__str__", label=gettext_lazy("Digest"), get_url=_url),
        BooleanColumn("is_on", label=gettext_lazy("On offer")),
        Column("next", label=gettext_lazy("Next time"), accessor=_next),
        Column("last", label=gettext_lazy("Last time"), accessor=_last),
        TitleColumn(
            "rhythm",
            label=gettext_lazy("Rhythm"),
            accessor=lambda digest: _("Change…"),
            url_name="digests:edit",
        ),
    ]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("newsletter"), FieldPanel("frequency")]),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("weekday"),
                            FieldPanel("month_day"),
                            FieldPanel("hour"),
                        ]
                    )
                ],
                heading=gettext_lazy("When"),
            ),
            MultiFieldPanel(
                [FieldPanel("minimum"), FieldPanel("sections")],
                heading=gettext_lazy("What"),
            ),
            FieldPanel("needs_approval"),
            FieldPanel("is_on"),
        ],
        base_form_class=DigestForm,
    )

    def get_urlpatterns(self):
        own = [
            path("<int:pk>/", views.digest, name="digest"),
            path("<int:pk>/mail/<str:language>/", views.mail, name="mail"),
            path("<int:pk>/reader/", views.reader, name="reader"),
            path("<int:pk>/make/", views.make, name="make"),
            path("<int:pk>/approve/", views.approve, name="approve"),
            path("<int:pk>/leave-out/", views.leave_out, name="leave_out"),
        ]
        # The menu leads to the first; the last would take ours for its old addresses.
        index, *others = super().get_urlpatterns()
        return [index, *own, *others]
