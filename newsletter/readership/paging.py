"""Pages of a list that may be long: counted only as far as anybody turns them."""

from __future__ import annotations

from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator

MOST = 10_000


class CappedPaginator(WagtailPaginator):
    """Counts up to `MOST`: of a million, counting takes longer than all else together.

    How many there are exactly is said where it matters: before an export, a sending.
    """

    @cached_property
    def count(self) -> int:
        """How many can be paged through."""
        return min(self._counted, MOST)

    @property
    def is_capped(self) -> bool:
        """Whether there are more."""
        return self._counted > MOST

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: MOST + 1].count()
