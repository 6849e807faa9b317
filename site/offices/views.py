"""Updates of offices in the admin: what sources propose, and how the sources are."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from offices import actions
from offices.errors import ProposalError
from offices.explanations import (
    explain_decision,
    explain_detail,
    explain_source,
    field_label,
)
from offices.models import Office, OfficeProposal, OfficeSource

DECISIONS = {"accept": actions.accept_proposal, "reject": actions.reject_proposal}


def may_see(user) -> bool:
    """Whoever may change offices sees what is proposed for them."""
    return user.has_perm("offices.change_office")


def may_decide(user) -> bool:
    """Accepting changes what the public reads, so it takes the right to publish."""
    return user.has_perm("offices.publish_office")


class UpdatesPageMixin(WagtailAdminTemplateMixin):
    """What the two pages share."""

    header_icon = "history"
    page_title = gettext_lazy("Office updates")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse who may not change offices."""
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        """Home, this list and, one level down, the office."""
        items = [{"url": reverse("offices_updates"), "label": self.page_title}]
        if subtitle := self.get_page_subtitle():
            items.append({"url": "", "label": subtitle})
        return [*super().get_breadcrumbs_items(), *items]


class UpdatesView(UpdatesPageMixin, TemplateView):
    """Open proposals, and every source with its state."""

    template_name = "offices/admin/updates.html"

    def get_context_data(self, **kwargs):
        """The proposals with their field names, the sources with explanations."""
        proposals = OfficeProposal.objects.filter(state=OfficeProposal.State.OPEN)
        offices = Office.objects.with_source().select_related("source")
        return super().get_context_data(
            proposals=[
                (proposal, [field_label(field) for field in proposal.changes])
                for proposal in proposals.select_related("office")
            ],
            sources=[(office, *_state(office)) for office in offices],
            may_decide=may_decide(self.request.user),
            **kwargs,
        )


class ProposalView(UpdatesPageMixin, TemplateView):
    """One proposal: what we say, what the source says, field by field."""

    template_name = "offices/admin/proposal.html"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        """Find the proposal."""
        super().setup(request, *args, **kwargs)
        found = OfficeProposal.objects.select_related("office", "decided_by")
        self.proposal = get_object_or_404(found, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """The office's name."""
        return str(self.proposal.office)

    def get_context_data(self, **kwargs):
        """The changes as rows: field, label, old, new."""
        rows = [
            (field, field_label(field), change["old"], change["new"])
            for field, change in self.proposal.changes.items()
        ]
        return super().get_context_data(
            proposal=self.proposal,
            rows=rows,
            is_open=self.proposal.state == OfficeProposal.State.OPEN,
            may_decide=may_decide(self.request.user),
            **kwargs,
        )


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or reject the chosen fields of a proposal."""
    proposal = get_object_or_404(OfficeProposal, pk=pk)
    action = DECISIONS.get(request.POST.get("decision", ""))
    if not may_decide(request.user):
        raise PermissionDenied
    fields = request.POST.getlist("fields")
    if action is None or not fields:
        messages.warning(request, _("Choose at least one field."))
        return redirect("offices_proposal", pk=pk)
    try:
        action(proposal=proposal, by=request.user, fields=fields)
    except ProposalError as error:
        messages.error(request, explain_decision(error))
        return redirect("offices_updates")
    messages.success(request, _("Your decision on %s is saved.") % proposal.office)
    return redirect(_after_decision(proposal))


@require_POST
def check_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask one office's source at once."""
    if not may_decide(request.user):
        raise PermissionDenied
    office = get_object_or_404(Office.objects.with_source(), pk=pk)
    checked = actions.check_source(office=office, at=timezone.now(), force=True)
    if checked.error:
        messages.error(request, explain_source(OfficeSource.objects.get(office=office)))
    elif checked.proposal:
        messages.warning(request, _("The source says something else: please decide."))
        return redirect("offices_proposal", pk=checked.proposal.pk)
    else:
        messages.success(request, _("The source agrees with %s.") % office)
    return redirect("offices_updates")


def _after_decision(proposal: OfficeProposal) -> str:
    """The same proposal while fields are left in it, else the list."""
    proposal.refresh_from_db()
    if proposal.state == OfficeProposal.State.OPEN:
        return reverse("offices_proposal", args=[proposal.pk])
    return reverse("offices_updates")


def _state(office: Office) -> tuple[OfficeSource | None, str, str]:
    source = getattr(office, "source", None)
    if source is None or not source.last_error:
        return source, "", ""
    return source, explain_source(source), explain_detail(source)
