"""`subscriber_state ADDRESS`: where an address stands, in one word."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from newsletter.models import Newsletter
from newsletter.subscribing.standing import standing_of


class Command(BaseCommand):
    help = (
        "Print where an address stands, in one word: none, pending, active, paused, "
        "unsubscribed, bounced, complained or erased."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="the e-mail address to look up")
        parser.add_argument(
            "--newsletter",
            metavar="KEY",
            help="only this newsletter; without it the strongest answer of all",
        )

    def handle(self, *args, address, newsletter, **options):
        chosen = self._newsletter(newsletter) if newsletter else None
        self.stdout.write(standing_of(address, newsletter=chosen))

    def _newsletter(self, key):
        found = Newsletter.objects.filter(key=key.replace("\0", "")).first()
        if found is None:
            raise CommandError(f"There is no newsletter with the key {key!r}.")
        return found
