"""What a new reader can read on the site meanwhile, in their language."""

from __future__ import annotations

from django.conf import settings

from newsletter.issues import issues_in
from newsletter.models import NewsletterPage, Subscription
from newsletter.subscribing.names import topic_in
from pages.models import BilingualPage


def latest_issue(subscription: Subscription) -> dict[str, str] | None:
    """Headline and address of the newsletter's last issue on the site."""
    language = subscription.subscriber.language
    page = NewsletterPage.objects.filter(newsletter=subscription.newsletter).first()
    if page is None:
        return None
    issue = issues_in(page, language).first()
    return _shown(issue, language) if issue else None


def hubs_of(subscription: Subscription) -> list[dict[str, str]]:
    """The pages of what the reader follows, where they have one."""
    language = subscription.subscriber.language
    rows = (subscription.projects, subscription.countries)
    hubs = [hub for each in rows for hub in each.readable_in(language)]
    return [_shown(hub, language) for hub in hubs]


def _shown(page: BilingualPage, language: str) -> dict[str, str]:
    url = settings.SITE_URL + (page.url_in(language) or "/")
    return {"name": topic_in(page, language), "url": url}
