from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from newsletter.dispatching import actions
from newsletter.management.dispatch_command import DispatchCommand


class Command(DispatchCommand):
    help = _("Stop a sending for now; mails in flight are finished.")

    def act(self, dispatch_id: int) -> str:
        actions.pause_dispatch(dispatch_id=dispatch_id)
        return gettext("Dispatch %(number)s is paused.") % {"number": dispatch_id}
