"""What concerns a newsletter as a whole."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from newsletter.models import (
    Dispatch,
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
    Subscription,
)
from pages import rights
from pages.actions import publish_languages
from pages.languages import languages


def is_in_use(newsletter: Newsletter) -> bool:
    """Whether a page, a reader or a sending belongs to it; then it must stay."""
    return any(
        model.objects.filter(newsletter=newsletter).exists()
        for model in (NewsletterPage, Subscription, Dispatch)
    )


@transaction.atomic
def give_page(*, newsletter: Newsletter, user: Any) -> NewsletterPage | None:
    """The place of a new newsletter on the site, below the page that gathers them.

    Readers of a language see it where the newsletter has a name in that language and
    `user` may publish there. None where there is no page to put it below, or `user` may
    put none there.
    """
    index = NewsletterIndexPage.objects.first()
    if not index or not index.permissions_for_user(user).can_add_subpage():
        return None
    named = {
        code: name
        for code in languages()
        if (name := getattr(newsletter, f"name_{code}"))
    }
    page = NewsletterPage(newsletter=newsletter, live=False)
    for code, name in named.items():
        setattr(page, f"headline_{code}", name)
    index.add_child(instance=page)
    public = [
        code
        for code in named
        if index.is_live_in(code) and rights.may_publish(user, code, page)
    ]
    if public:
        return publish_languages(page=page, languages=public, user=user)
    page.save_revision(user=user)
    return page
