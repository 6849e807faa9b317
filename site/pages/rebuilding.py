"""Everything derived, made again from the content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wagtail.models import Revision, Site

from pages import actions, paths, searching, states
from pages.models import BilingualPage
from pictures import making

Step = Callable[[], int]
_steps: dict[str, Step] = {}


def register_step(name: str, step: Step) -> None:
    """Have `rebuild` run a room's own step; it says how many things it made."""
    _steps[name] = step


def rebuild_all() -> dict[str, int]:
    """Run every step; returns how many things each made."""
    own: dict[str, Step] = {
        "addresses": _addresses,
        "states": _states,
        "search entries": searching.rebuild_entries,
        "pictures to make again": making.rebuild,
        "revisions freed of a go-live date": _free_revisions,
    }
    return {name: step() for name, step in {**own, **_steps}.items()}


def _addresses() -> int:
    Site.clear_site_root_paths_cache()
    paths.derive_all()
    for top in BilingualPage.objects.filter(depth=2):
        actions.take_unreachable_down(top=top)
    return BilingualPage.objects.count()


def _states() -> int:
    ids = list(BilingualPage.objects.values_list("pk", flat=True))
    for pk in ids:
        states.refresh_state(page_id=pk)
    return len(ids)


def _free_revisions() -> int:
    """A date there makes Wagtail's publish_scheduled stop at the first of our pages."""
    pages = BilingualPage.objects.values_list("pk", flat=True)
    held = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    mine = held.filter(object_id__in=[str(pk) for pk in pages])
    return mine.update(approved_go_live_at=None)


def is_forward(plan: Any) -> bool:
    """Whether Django's plan of a migrate leaves every table; `flush` has none.

    What fills a new table asks the table whether it is empty: an upgrade that was cut
    short goes on with the next one.
    """
    return not any(backwards for _migration, backwards in plan)
