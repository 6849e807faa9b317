from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from newsletter.dispatching import actions
from newsletter.management.dispatch_command import DispatchCommand


class Command(DispatchCommand):
    help = _("End a sending for good; who has not been sent to gets nothing.")

    def act(self, dispatch_id: int) -> str:
        actions.cancel_dispatch(dispatch_id=dispatch_id)
        return gettext("Dispatch %(number)s is cancelled.") % {"number": dispatch_id}
