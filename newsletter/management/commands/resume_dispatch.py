from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from newsletter.dispatching import actions
from newsletter.management.dispatch_command import DispatchCommand


class Command(DispatchCommand):
    help = _("Go on with a paused sending.")

    def act(self, dispatch_id: int) -> str:
        actions.resume_dispatch(dispatch_id=dispatch_id)
        return gettext("Dispatch %(number)s goes on.") % {"number": dispatch_id}
