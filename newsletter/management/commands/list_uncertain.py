from __future__ import annotations

from django.utils.translation import gettext as _

from newsletter.dispatching import actions
from newsletter.management.dispatch_command import DispatchCommand


class Command(DispatchCommand):
    help = _(
        "Print who may or may not have got a mail: Message-ID, tab, address. "
        "Look for the Message-ID in the relay's log; they are never sent to again."
    )

    def act(self, dispatch_id: int) -> str:
        rows = actions.list_uncertain(dispatch_id=dispatch_id)
        return "\n".join(f"{message}\t{address or '-'}" for message, address in rows)
