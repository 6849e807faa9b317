from __future__ import annotations

from django.utils.translation import gettext as _

from newsletter.dispatching import actions
from newsletter.management.dispatch_command import DispatchCommand


class Command(DispatchCommand):
    help = "End a sending for good; who has not been sent to gets nothing."

    def act(self, dispatch_id: int) -> str:
        actions.cancel_dispatch(dispatch_id=dispatch_id)
        return _("Dispatch %(number)s is cancelled.") % {"number": dispatch_id}
