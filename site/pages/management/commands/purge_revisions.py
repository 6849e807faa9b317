"""manage.py purge_revisions: Wagtail's, kept from the versions that readers see."""

from __future__ import annotations

from typing import Any

from wagtail.management.commands import purge_revisions

from pages.forgetting import forget_revisions


class Command(purge_revisions.Command):
    """Wagtail's command; of pages it deletes what `forget_revisions` would."""

    help = (
        "Delete old versions of pages and snippets. Of pages it deletes what "
        "forget_revisions would: prefer that."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Pages our way, all else as Wagtail does."""
        days, both = options["days"], options["pages"] == options["non_pages"]
        number = 0
        if options["pages"] or both:
            number += forget_revisions(days=days or 0)
        if options["non_pages"] or both:
            number += purge_revisions.purge_revisions(
                days=days, pages=False, non_pages=True
            )[0]
        self.stdout.write(f"versions deleted: {number}")
