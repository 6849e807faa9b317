"""Metrics for Prometheus: there only for whoever brings the token, else not there."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guards.exposition import CONTENT_TYPE, exposition
from newsletter.dispatching.metrics import metrics

KEY = "metrics"
KEPT_S = 10  # however many ask, the database is asked so often


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Everything that is measured; 404 without METRICS_TOKEN or with another."""
    if not _is_known(request.headers.get("Authorization", "")):
        raise Http404
    page = cache.get_or_set(KEY, lambda: exposition(metrics(timezone.now())), KEPT_S)
    answer = HttpResponse(page, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def _is_known(authorization: str) -> bool:
    scheme, _space, token = authorization.partition(" ")
    own = settings.METRICS_TOKEN
    is_own = hmac.compare_digest(token.encode(), own.encode())
    return bool(own) and scheme.lower() == "bearer" and is_own
