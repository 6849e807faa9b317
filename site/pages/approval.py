"""Asking for approval and giving it: whatever is submitted can be published."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.models import Workflow, WorkflowState

from pages import actions, consents
from pages.errors import CannotPublishError
from pages.models import BilingualPage, WorkflowLanguages


@transaction.atomic
def submit(
    *,
    page: BilingualPage,
    languages: Collection[str],
    user: Any,
    still_right: Collection[str] = (),
) -> None:
    """Submit the draft for approval in these languages, or resubmit what went back.

    Where another language is in review, these join it: a page has one review at a time,
    so that it starts again with both and nothing passes unread. `still_right` names
    translations to confirm when it is approved.
    Raises what publishing it would raise (CannotPublishError, PathTakenError), so that
    nobody is asked to approve what cannot go live, and CannotPublishError where nobody
    would be asked: Wagtail publishes at once what no task holds.
    """
    actions.check_publication(page=page, languages=languages)
    _require_task(page.get_workflow())
    state = page.current_workflow_state
    wanted, right = {*languages}, {*still_right}
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    else:
        if state:
            noted = WorkflowLanguages.of(state)
            wanted |= {*noted.languages}
            right |= {*noted.still_right}
            state.cancel(user=user)
        state = page.get_workflow().start(page, user)
    actions.submit_languages(workflow_state=state, languages=wanted, still_right=right)


def _require_task(workflow: Workflow) -> None:
    if not workflow.tasks.filter(active=True).exists():
        message = _(
            "The workflow “%(name)s” has no task, so nobody would be asked. An "
            "administrator can add one under Settings → Workflows."
        )
        raise CannotPublishError(message % {"name": workflow.name})


def add_still_right(state: WorkflowState, codes: Collection[str]) -> None:
    """Have its approval confirm these translations too."""
    noted = WorkflowLanguages.of(state)
    actions.submit_languages(
        workflow_state=state,
        languages=noted.languages,
        still_right={*noted.still_right, *codes},
    )


class BilingualWorkflowActionView(WorkflowActionView):
    """Says so where what is approved cannot be published, or not without a word."""

    def post(self, request, *args, **kwargs):
        try:
            self.require_knowingly()
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.lead_back(request)

    def require_knowingly(self):
        """Ask once where pictures may not be the site's to show, on the day it is."""
        page = self.object.get_latest_revision_as_object()
        state = page.current_workflow_state
        if self.action_name == "approve" and state:
            codes = WorkflowLanguages.of(state).languages
            consents.require_remembered(self.request, page, codes)

    def lead_back(self, request):
        """To where the person came from, out of the window if there is one."""
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            step = {"step": "success", "redirect": self.redirect_url}
            return self.render_modal_json(request, step)
        return redirect(self.redirect_url)
