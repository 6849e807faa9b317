"""What the kernel does when Wagtail or a person changes a page by other ways."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_unpublished, post_page_move
from wagtail.workflows import publish_workflow_state

from guards.waking import wake_on_commit
from pages import actions, content, paths, searching, states
from pages.alts import shown_pictures
from pages.models import BilingualPage, SearchEntry
from pages.rebuilding import is_forward
from pages.signals import (
    addresses_changed,
    draft_saved,
    language_published,
    readers_changed,
)
from pages.workflow import workflow_finished
from pictures import making


def connect() -> None:
    """Listen to what changes trees, drafts and sites."""
    post_save.connect(derive_after_move, sender=Page, dispatch_uid="pages.move")
    post_page_move.connect(settle_after_move, dispatch_uid="pages.moved")
    addresses_changed.connect(settle_after_change, dispatch_uid="pages.addresses")
    post_save.connect(
        settle_after_restriction, sender=PageViewRestriction, dispatch_uid="pages.limit"
    )
    post_delete.connect(
        settle_after_lifting, sender=PageViewRestriction, dispatch_uid="pages.lift"
    )
    post_save.connect(derive_after_site, sender=Site, dispatch_uid="pages.site")
    page_unpublished.connect(take_languages_down, dispatch_uid="pages.unpublished")
    workflow_finished.connect(publish_approved, dispatch_uid="pages.workflow")
    language_published.connect(wake_for_pictures, dispatch_uid="pages.pictures")
    for model in (get_image_model(), get_document_model()):
        uid = f"pages.{model.__name__}"
        post_save.connect(remember_what_shows_it, sender=model, dispatch_uid=uid)
        pre_delete.connect(forget_what_was_shown, sender=model, dispatch_uid=uid)
    draft_saved.connect(note_the_draft, dispatch_uid="pages.draft")
    post_migrate.connect(
        write_new_rows, sender=apps.get_app_config("pages"), dispatch_uid="pages.rows"
    )


def write_new_rows(plan: Any = (), **kwargs: Any) -> None:
    """The table of search rows is empty after the migration that made it."""
    if is_forward(plan) and not SearchEntry.objects.exists():
        searching.rebuild_entries()


def derive_after_move(
    instance: Page, update_fields: Any = None, created: bool = False, **kwargs: Any
) -> None:
    """Wagtail moves a page by saving it as a plain one, inside its transaction."""
    if type(instance) is not Page or update_fields is not None or created:
        return
    page = BilingualPage.objects.filter(pk=instance.pk).first()
    if page is not None:
        paths.derive(page, whole=True)


def derive_after_site(instance: Site, **kwargs: Any) -> None:
    """A new site root gives everything below it new addresses."""
    page = BilingualPage.objects.filter(pk=instance.root_page_id).first()
    if page is not None:
        paths.derive(page, whole=True)
        actions.take_unreachable_down(top=page)
        actions.note_reachable(top=page)
        settle_readers(page.path)


def settle_after_move(instance: Page, **kwargs: Any) -> None:
    """Once Wagtail has moved all below too: what has no address is not live.

    What was moved into a part that only some may read is not searched any more.
    """
    page = BilingualPage.objects.filter(pk=instance.pk).first()
    if page is not None:
        actions.take_unreachable_down(top=page)
        settle_readers(page.path)


def settle_after_restriction(instance: PageViewRestriction, **kwargs: Any) -> None:
    """What only some may read is not searched; what all may read again is."""
    settle_readers(instance.page.path)


@transaction.atomic
def settle_readers(top: str) -> None:
    """Bring up to date what hangs on who may read the pages at and below a path."""
    actions.wait_for_others()
    searching.settle(top=top)
    readers_changed.send(sender=None, top=top)


def settle_after_lifting(instance: PageViewRestriction, origin: Any, **kwargs: Any):
    """The same, unless the restriction went because its page goes."""
    if getattr(origin, "model", type(origin)) is PageViewRestriction:
        settle_after_restriction(instance)


def settle_after_change(page: BilingualPage, **kwargs: Any) -> None:
    """A page may have lost an address, and with it all below."""
    actions.take_unreachable_down(top=page)


def take_languages_down(instance: Page, **kwargs: Any) -> None:
    """Wagtail's own unpublishing ends every language."""
    if isinstance(instance, BilingualPage):
        actions.take_all_down(page=instance)


def wake_for_pictures(page: BilingualPage, language: str, **kwargs: Any) -> None:
    """Have the files of the page's pictures made, where they are not yet."""
    shown = (picture for _name, (picture, _own) in shown_pictures(page, language))
    making.ask(picture.pk for picture in shown if picture is not None)


def remember_what_shows_it(instance: Any, created: bool = False, **kwargs: Any) -> None:
    """A picture's caption and a document's name are searched with the pages.

    Where no worker can be told, search knows with the pages' next publication.
    """
    if not created:
        forget_what_was_shown(instance)


def forget_what_was_shown(instance: Any, **kwargs: Any) -> None:
    """The pages that show it, while they still name it, are written again."""
    if ids := searching.showing(instance):
        wake_on_commit("pages.tasks.remember_again", ids)


def note_the_draft(page: BilingualPage, before: content.Data, **kwargs: Any) -> None:
    """Write down what the new draft is in each language, and what changed."""
    changed = content.changed_languages(before, content.data_of(page), page)
    states.refresh_state(page_id=page.pk, changed=changed)


def publish_approved(workflow_state: Any, user: Any = None, **kwargs: Any) -> None:
    """An approval publishes the languages it was asked for; other objects whole."""
    if not isinstance(workflow_state.content_object, Page):
        publish_workflow_state(workflow_state, user=user)
        return
    actions.publish_approved(workflow_state=workflow_state, user=user)
