"""What an approval does. Wagtail imports this while its own models load."""

from __future__ import annotations

from django.apps import apps
from django.dispatch import Signal

# workflow_state, user: connected by the kernel once models have loaded.
workflow_finished = Signal()


def finish_workflow(workflow_state, user=None):
    """Publish the languages that were submitted; objects that are no pages whole."""
    if not apps.ready:
        raise RuntimeError("No workflow can end before the site has started.")
    workflow_finished.send(
        sender=type(workflow_state), workflow_state=workflow_state, user=user
    )
