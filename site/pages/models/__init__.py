"""Every table of the kernel, by concept.

`bilingual` the page itself, `paths` where it is and was found, `publishing` what was
confirmed and what is due, `search` one row per page and language, `deleted` what can
come back, `brand` the site's face.
"""

from __future__ import annotations

from pages.models.bilingual import BilingualPage
from pages.models.brand import BrandSettings
from pages.models.deleted import DeletedPage
from pages.models.paths import PagePath
from pages.models.publishing import (
    Confirmation,
    ScheduledPublication,
    WorkflowLanguages,
)
from pages.models.search import SearchEntry, SearchWord

__all__ = [
    "BilingualPage",
    "BrandSettings",
    "Confirmation",
    "DeletedPage",
    "PagePath",
    "ScheduledPublication",
    "SearchEntry",
    "SearchWord",
    "WorkflowLanguages",
]
