"""The mail of an issue as it was sent, in the archive: frozen, and nobody's own."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from newsletter.composing.footer import without_people
from newsletter.models import Dispatch, Edition, IssuePage
from newsletter.models.newsletters import MAIL_POLICY

ALLOWED = ["allow-popups", "allow-popups-to-escape-sandbox"]  # links open beside it


def _sent() -> QuerySet[Edition]:
    """What has been on its way to readers."""
    begun = Dispatch.objects.filter(started_at__isnull=False).effective()
    return Edition.objects.filter(dispatch__in=begun).select_related("dispatch")


def sent_edition(issue: IssuePage, language: str) -> Edition | None:
    """What readers of a language were sent of this issue, without its long parts."""
    if not issue.pk:
        return None
    rows = _sent().filter(dispatch__issue_page=issue.pk, language=language)
    return rows.defer("html", "text", "wire").order_by("-dispatch").first()


@require_safe
@xframe_options_sameorigin
@csp_replace({**MAIL_POLICY, "sandbox": ALLOWED})
def sent_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it was sent, while its issue is public in that language."""
    edition = _sent().filter(pk=pk).first()
    if edition is None or not _is_public(edition):
        raise Http404
    html = without_people(edition.html, edition.language)
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html, headers={"X-Robots-Tag": "noindex"})


def _is_public(edition: Edition) -> bool:
    rows = IssuePage.objects.filter(pk=edition.dispatch.issue_page_id)
    return rows.readable_in(edition.language).exists()
