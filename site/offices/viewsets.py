"""The list of offices in the admin."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from wagtail.admin.ui.tables import (
    Column,
    DateColumn,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from offices.hours import status
from offices.models import Office, OfficeProposal


def country_name(office: Office) -> str:
    """The country in the editor's language, else in any."""
    language = translation.get_language() or ""
    named = getattr(office.country, f"headline_{language[:2]}", "")
    return named or office.country.title


def open_now(office: Office) -> str:
    """Whether the office is open, in the editor's language."""
    return status(office, timezone.now(), translation.get_language() or "").words


def source_state(office: Office) -> str:
    """One word or two about the office's source."""
    if not office.source_url:
        return ""
    source = getattr(office, "source", None)
    if source is None or source.last_checked_at is None:
        return _("not checked yet")
    return source.get_last_error_display() if source.last_error else _("fine")


def open_proposals(office: Office) -> str:
    """How many changes wait, in words; empty for none."""
    count = office.open_proposals
    return ngettext("%d to decide", "%d to decide", count) % count if count else ""


def published(office: Office) -> str:
    """What readers see of it; Wagtail's own column asks twice per row."""
    if not office.live:
        return pgettext("office", "draft")
    if office.has_unpublished_changes:
        return pgettext("office", "live, with a newer draft")
    return pgettext("office", "live")


class OfficeIndexView(IndexView):
    """One query for offices, countries, sources and counts together."""

    def get_base_queryset(self) -> QuerySet[Office]:
        """Offices with all that the columns show."""
        waiting = Q(proposals__state=OfficeProposal.State.OPEN)
        return (
            Office.objects.select_related("country", "source", "latest_revision")
            .annotate(open_proposals=Count("proposals", filter=waiting))
            .order_by("position", "pk")
        )


class OfficeViewSet(SnippetViewSet):
    """Offices, in the order readers see them."""

    model = Office
    icon = "home"
    menu_label = gettext_lazy("Offices")
    menu_name = "offices"
    menu_order = 298
    add_to_admin_menu = True
    index_view_class = OfficeIndexView
    sort_order_field = "position"
    list_filter = ["country"]
    list_display = [
        TitleColumn(
            "name",
            label=gettext_lazy("Name"),
            accessor=str,
            get_url=lambda office: reverse(
                "wagtailsnippets_offices_office:edit", args=[office.pk]
            ),
        ),
        Column("country", label=gettext_lazy("Country"), accessor=country_name),
        Column("open_now", label=gettext_lazy("Now"), accessor=open_now),
        DateColumn("last_confirmed_on", label=gettext_lazy("Last confirmed")),
        Column("source_state", label=gettext_lazy("Source"), accessor=source_state),
        StatusTagColumn(
            "open_proposals",
            label=gettext_lazy("Proposed changes"),
            accessor=open_proposals,
            primary=True,
        ),
        StatusTagColumn(
            "published",
            label=gettext_lazy("Status"),
            accessor=published,
            primary=lambda office: office.live,
        ),
    ]
