from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.dispatching.repairing import retry_failed
from newsletter.management.dispatch_command import DispatchCommand


class Command(DispatchCommand):
    help = _(
        "Try the failed mails of a sending once more, where people may still be "
        "written to. Who got the mail, or may have got it, is not written to again."
    )

    def act(self, dispatch_id: int) -> str:
        number = retry_failed(dispatch_id=dispatch_id)
        words = ngettext(
            "%(number)s mail is tried again.",
            "%(number)s mails are tried again.",
            number,
        )
        return words % {"number": number}
