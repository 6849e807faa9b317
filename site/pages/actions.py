"""What changes a page's standing: publish, take down, schedule, confirm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision
from wagtail.signals import page_published, published

from pages import content, locks, paths, rights, searching, states
from pages.errors import CannotPublishError, NothingToPublishError
from pages.languages import field, in_order, languages, name_in_words
from pages.models import (
    BilingualPage,
    Confirmation,
    ScheduledPublication,
    WorkflowLanguages,
)
from pages.models.columns import SLUGS, State
from pages.segments import segments
from pages.signals import language_published, language_unpublished
from pages.weaving import weave

__all__ = [
    "cancel_schedule",
    "check_publication",
    "confirm_translation",
    "keeps_shared",
    "locked",
    "publish_languages",
    "refresh_state",
    "run_due_publications",
    "schedule_publication",
    "submit_languages",
    "unpublish_language",
    "wait_for_others",
]

logger = logging.getLogger(__name__)
KERNEL_LOCK = 0x7072_6567  # any number that nothing else on the server locks
PublishCheck = Callable[[BilingualPage, str], None]
_publish_checks: list[PublishCheck] = []


def register_publish_check(check: PublishCheck) -> None:
    """Have `check(page, language)` raise a ValidationError to refuse a publication."""
    _publish_checks.append(check)


class _PublishLanguages(PublishPageRevisionAction):
    """Wagtail's, less what would end the workflow of the other languages."""

    def _after_publish(self) -> None:
        for comment in getattr(self.object, COMMENTS_RELATION_NAME).all():
            comment.save(update_fields=["position"])
        details = {"instance": self.object, "revision": self.revision}
        page_published.send(sender=type(self.object), **details)
        published.send(sender=type(self.object), **details)


@transaction.atomic
def publish_languages(
    *,
    page: Page,
    languages: Collection[str],
    user: Any = None,
    snapshot: content.Data | None = None,
    base: content.Data | None = None,
    still_right: Collection[str] = (),
    at: datetime | None = None,
) -> BilingualPage:
    """Put the draft's words in these languages before readers, with what is shared.

    The other languages stay as readers see them; the rest of the draft stays the
    draft. `snapshot` publishes that version in place of the draft, except what is
    shared and went live after `base`. Where `user` may not write what is shared, that
    stays as readers see it. `still_right` names translations to confirm, as the change
    of their original was a small one, of which readers are not told either; a
    translation that was behind before stays so.
    `at` backdates. Returns the page as live.
    Raises CannotPublishError or PathTakenError (form errors), changing nothing.
    """
    _require(languages)
    live = locked(page)
    draft = live.get_latest_revision_as_object()
    drafted = content.data_of(draft)
    is_framed = keeps_shared(live, user)
    version = snapshot or drafted
    if is_framed:
        frame = content.data_of(live)
        version = weave(frame=frame, words=version, page=live, codes=languages)
    merged = _merged(live, version, base, languages)
    new = live.with_content_json(merged)
    first = _set_live(new, languages, at or timezone.now())
    if not still_right:
        _note_update(live, new, languages, at or timezone.now())
    _check(new, languages)
    _publish(new, user, at)
    _log_publication(live, new, languages, user)
    fresh = type(live).objects.get(pk=live.pk)
    readers = content.data_of(fresh)
    if not is_framed:
        drafted = content.with_rows_known(drafted, readers, fresh)
    is_part = is_framed or snapshot is not None
    rest = _rest(fresh, drafted, readers, languages, is_snapshot=is_part)
    if rest:
        author = draft.latest_revision and draft.latest_revision.user
        fresh.with_content_json(rest).save_revision(user=author, clean=False)
        fresh = type(live).objects.get(pk=live.pk)
    confirmed = [code for code in still_right if _stays_right(live, fresh, code)]
    is_changed = fresh.original_language in languages
    _announce(fresh, languages, first, confirmed if is_changed else [], user, at)
    return fresh


@transaction.atomic
def check_publication(*, page: Page, languages: Collection[str]) -> None:
    """Raise what `publish_languages` would raise for the draft as it is now."""
    _require(languages)
    live = locked(page)
    drafted = content.data_of(live.get_latest_revision_as_object())
    new = live.with_content_json(_merged(live, drafted, None, languages))
    _set_live(new, languages, timezone.now())
    _check(new, languages)


@transaction.atomic
def unpublish_language(*, page: Page, language: str, user: Any = None) -> None:
    """Take one language from readers; its words stay in the draft."""
    _require([language])
    live = locked(page)
    if language not in live.published_languages():
        return
    named = {"languages": [language]}
    log(instance=live, action="wagtail.unpublish", user=user, data=named)
    if live.published_languages() == [language]:
        action = UnpublishPageAction(live, user=user, log_action=False)
        action.execute(skip_permission_checks=True)
        return
    draft = live.get_latest_revision_as_object()
    drafted = content.data_of(draft)
    data = content.blanked(content.data_of(live), live, language)
    row = live.with_content_json(data)
    setattr(row, f"live_{language}", False)
    row.save(clean=False)
    row.with_content_json(drafted).save_revision(user=user, clean=False)
    forget_language(page=row, language=language)
    states.refresh_state(page_id=page.pk)


def take_unreachable_down(*, top: BilingualPage) -> None:
    """Take down, at and below a page, each language that has no address any more.

    Outside any site nothing has one, and nothing is taken down for that.
    """
    if paths.site_root_of(top.path) is None:
        return
    pages = BilingualPage.objects.filter(path__startswith=top.path)
    for code in languages():
        lost = pages.published_in(code).filter(**{f"public_path_{code}": None})
        for page in lost.order_by("path"):
            unpublish_language(page=page, language=code)


def note_reachable(*, top: BilingualPage) -> None:
    """Say of pages published before they had an address that they are live."""
    pages = BilingualPage.objects.filter(path__startswith=top.path)
    for code in languages():
        stale = Q(**{f"state_{code}__in": [State.MISSING, State.DRAFT]})
        for pk in pages.live_in(code).filter(stale).values_list("pk", flat=True):
            states.refresh_state(page_id=pk)


def forget_language(*, page: BilingualPage, language: str) -> None:
    """Take a language that is no longer live out of search, and say so."""
    searching.forget(page_id=page.pk, language=language)
    language_unpublished.send(sender=type(page), page=page, language=language)


@transaction.atomic
def take_all_down(*, page: BilingualPage) -> None:
    """After Wagtail unpublished a page: no language of it is live any more."""
    wait_for_others()
    was_live = [code for code in languages() if field(page, "live", code)]
    off = {f"live_{code}": False for code in was_live}
    BilingualPage.objects.filter(pk=page.pk).update(**off)
    for code in was_live:
        setattr(page, f"live_{code}", False)
        forget_language(page=page, language=code)
    states.refresh_state(page_id=page.pk)


@transaction.atomic
def schedule_publication(
    *,
    page: Page,
    languages: Collection[str],
    at: datetime,
    user: Any = None,
    kind: str = ScheduledPublication.Kind.PUBLISH,
) -> ScheduledPublication:
    """Publish the draft as it is now, or take languages down, at a time."""
    _require(languages)
    live = locked(page)
    due = ScheduledPublication(
        page=live, kind=kind, languages=list(languages), at=at, user=user
    )
    if kind == ScheduledPublication.Kind.PUBLISH:
        draft = live.get_latest_revision_as_object()
        _check_headlines(draft, languages)
        due.content = content.data_of(draft)
        known = content.data_of(live) if live.live else due.content
        due.base = content.shared(known, live)
    due.save()
    return due


def cancel_schedule(*, schedule: ScheduledPublication) -> bool:
    """Drop a schedule that has not run; False where it has."""
    rows = ScheduledPublication.objects.filter(pk=schedule.pk, done_at=None)
    return bool(rows.delete()[0])


def run_due_publications(*, now: datetime | None = None) -> int:
    """Run every schedule that is due, each once; returns how many ran.

    One that fails notes why and holds up no other.
    """
    moment = now or timezone.now()
    due = ScheduledPublication.objects.filter(done_at=None, at__lte=moment)
    ids = list(due.order_by("at", "pk").values_list("pk", flat=True))
    return sum(_run(pk, moment) for pk in ids)


@transaction.atomic
def confirm_translation(
    *, page: Page, language: str, user: Any = None, at: datetime | None = None
) -> None:
    """Say that a translation says what the original says now."""
    live = locked(page)
    draft = live.get_latest_revision_as_object()
    _confirm(live, draft, [language], user, at)
    _log_confirmation(page, [language], user)
    states.write_state(live, draft)


@transaction.atomic
def submit_languages(
    *,
    workflow_state: Any,
    languages: Collection[str],
    still_right: Collection[str] = (),
) -> None:
    """Note what an approval of this workflow publishes, and which translations it
    confirms as `publish_languages` would."""
    _require(languages)
    WorkflowLanguages.objects.update_or_create(
        workflow_state=workflow_state,
        defaults={
            "languages": in_order(languages),
            "still_right": in_order(still_right),
        },
    )


@transaction.atomic
def publish_approved(*, workflow_state: Any, user: Any = None) -> None:
    """Publish the languages submitted, with what reviewers changed meanwhile."""
    page = workflow_state.content_object.specific
    noted = WorkflowLanguages.of(workflow_state)
    publish_languages(
        page=page,
        languages=noted.languages,
        still_right=noted.still_right,
        user=user,
    )


refresh_state = states.refresh_state


def _require(wanted: Collection[str]) -> None:
    if not wanted or set(wanted) - set(languages()):
        raise NothingToPublishError(", ".join(wanted) or "no language")


def keeps_shared(live: BilingualPage, user: Any) -> bool:
    """Whether what is shared stays as readers see it, as it is not this person's.

    It is the reviewers' while another language is in review.
    """
    if not (live.live_languages() and user):
        return False
    return not rights.may_write_shared(user, live) or bool(live.held_from(user))


def remember_again(ids: Collection[int]) -> int:
    """Write the rows of some pages again, each held meanwhile; how many there are."""
    for page in BilingualPage.objects.filter(pk__in=ids):
        with transaction.atomic():
            held = locked(page)
            for code in held.live_languages():
                searching.remember(page=held, language=code)
    return len(ids)


def locked(page: Page) -> BilingualPage:
    """The page as its row stands, held until the transaction ends."""
    wait_for_others()
    row = Page.objects.select_for_update().get(pk=page.pk)
    return row.specific


def wait_for_others() -> None:
    """On PostgreSQL one at a time: indexing a page writes rows of others in no order
    that two could agree on, and one of them would end in a deadlock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KERNEL_LOCK])


def _merged(
    live: BilingualPage,
    version: content.Data,
    base: content.Data | None,
    wanted: Collection[str],
) -> content.Data:
    before = content.data_of(live)
    version = content.with_rows_known(version, before, live)
    if base and live.live:
        version = content.newer_shared(
            snapshot=version, base=base, live=before, page=live
        )
    seen = {*live.published_languages(), *wanted}
    unseen = [code for code in languages() if code not in seen]
    merged = content.merge(
        live=before, draft=version, page=live, take=wanted, blank=unseen
    )
    return {**merged, "go_live_at": None, "expire_at": None}


def _set_live(
    page: BilingualPage, wanted: Collection[str], moment: datetime
) -> dict[str, bool]:
    """Mark languages as live; says for each whether it never was before."""
    first = {code: field(page, "first_published_at", code) is None for code in wanted}
    for code in languages():
        if code not in wanted:
            was = page.live and field(page, "live", code)
            setattr(page, f"live_{code}", was)
            continue
        setattr(page, f"live_{code}", True)
        setattr(page, f"last_published_at_{code}", moment)
        if first[code]:
            setattr(page, f"first_published_at_{code}", moment)
    return first


def _note_update(
    live: BilingualPage,
    new: BilingualPage,
    wanted: Collection[str],
    moment: datetime,
) -> None:
    """Keep when readers of a language get other words than those they had."""
    for code in wanted:
        if live.is_live_in(code) and segments(live, code) != segments(new, code):
            setattr(new, f"updated_at_{code}", moment)


def _check(page: BilingualPage, wanted: Collection[str]) -> None:
    _check_headlines(page, wanted)
    page.full_clean()
    for code in _without_place(page, wanted):
        raise paths.no_place_error(language=code)
    for code in wanted:
        for check in _publish_checks:
            check(page, code)


def _check_headlines(page: BilingualPage, wanted: Collection[str]) -> None:
    for code in wanted:
        if not (field(page, "headline", code) or "").strip():
            message = _("Write a headline before publishing in %(language)s.")
            message %= {"language": name_in_words(code)}
            raise CannotPublishError({f"headline_{code}": message})


def _without_place(page: BilingualPage, wanted: Collection[str]) -> list[str]:
    """The languages in which the page above has no address, and needs one."""
    root = paths.site_root_of(page.path)
    if root is None or root[1] == page.path:
        return []
    above = BilingualPage.objects.filter(pk=page.get_parent().pk).first()
    return [
        code
        for code in wanted
        if field(page, "slug", code)
        and getattr(above, f"public_path_{code}", None) is None
    ]


def _publish(page: BilingualPage, user: Any, at: datetime | None) -> None:
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        user=user,
        content=page.serializable_data(),
        object_str=str(page),
    )
    page.latest_revision = revision
    page.latest_revision_created_at = revision.created_at
    page.draft_title = page.title
    page.is_checked = True
    revision.as_object = lambda: page
    action = _PublishLanguages(revision, user=user, log_action=False)
    action.execute(skip_permission_checks=True)
    if at:
        rows = Page.objects.filter(pk=page.pk)
        rows.update(first_published_at=at, last_published_at=at)


def _log_publication(
    before: BilingualPage, page: BilingualPage, wanted: Collection[str], user: Any
) -> None:
    """What Wagtail would log, and the languages."""
    known = {"instance": page, "user": user, "revision": page.latest_revision}
    if before.title != page.title:
        renamed = {"title": {"old": before.title, "new": page.title}}
        log(action="wagtail.rename", data=renamed, **known)
    named = {"languages": list(wanted)}
    log(action="wagtail.publish", data=named, content_changed=True, **known)


def _stays_right(before: BilingualPage, page: BilingualPage, code: str) -> bool:
    """Whether a translation was up to date, with an original that is the same now."""
    is_translation = code != page.original_language == before.original_language
    was_right = field(before, "state", code) == State.LIVE
    return is_translation and was_right and before.is_live_in(code)


def _confirm(
    live: BilingualPage,
    draft: BilingualPage,
    codes: Collection[str],
    user: Any,
    at: datetime | None,
) -> None:
    """Keep the original as it is now beside translations that are right."""
    words = states.original_segments(live, draft)
    said = {
        "digest": states.digest(words),
        "segments": words,
        "confirmed_at": at or timezone.now(),
        "user": user,
    }
    for code in codes:
        Confirmation.objects.update_or_create(
            page_id=live.pk, language=code, defaults=said
        )


def _log_confirmation(page: Page, codes: Collection[str], user: Any) -> None:
    """What is said of translations, for the history."""
    named = {"languages": list(codes)}
    log(instance=page, action="pages.confirm", user=user, data=named)


def _rest(
    fresh: BilingualPage,
    drafted: content.Data,
    live: content.Data,
    wanted: Collection[str],
    *,
    is_snapshot: bool,
) -> content.Data | None:
    """What was not published, on top of what is live; None where that is nothing."""
    others = languages() if is_snapshot else _others(wanted)
    rest = content.merge(live=live, draft=drafted, page=fresh, take=others)
    for name in SLUGS:
        rest[name] = rest[name] or live[name]
    return rest if content.differs(rest, live, fresh) else None


def _others(wanted: Collection[str]) -> list[str]:
    return [code for code in languages() if code not in wanted]


def _announce(
    page: BilingualPage,
    wanted: Collection[str],
    first: dict[str, bool],
    still_right: Collection[str],
    user: Any,
    at: datetime | None,
) -> None:
    for code in wanted:
        paths.mark_public(page_id=page.pk, language=code)
        searching.remember(page=page, language=code)
    begun = [code for code in wanted if first[code] and code != page.original_language]
    draft = page.get_latest_revision_as_object()
    if begun or still_right:
        _confirm(page, draft, {*begun, *still_right}, user, at)
    if still_right:
        _log_confirmation(page, still_right, user)
    # After all confirmations: no translator is called for what is right.
    states.write_state(page, draft, at=at)
    for code in wanted:
        language_published.send(
            sender=type(page), page=page, language=code, first=first[code]
        )


def _run(pk: int, moment: datetime) -> bool:
    try:
        with transaction.atomic():
            return _claim_and_run(pk, moment)
    except ValidationError as error:
        _give_up(pk, moment, " ".join(error.messages))
    except OperationalError:
        # The database was busy or away: the plan stays due.
        logger.exception("Schedule %s has to wait", pk)
    except Exception:
        logger.exception("Schedule %s failed", pk)
        text = _("It failed for a reason that the server's log tells. Try it by hand.")
        _give_up(pk, moment, text)
    return False


def _give_up(pk: int, moment: datetime, why: str) -> None:
    ScheduledPublication.objects.filter(pk=pk).update(done_at=moment, error=why)


def _claim_and_run(pk: int, moment: datetime) -> bool:
    mine = ScheduledPublication.objects.filter(pk=pk, done_at=None)
    if not mine.update(done_at=moment):
        return False
    due = ScheduledPublication.objects.select_related("page", "user").get(pk=pk)
    if due.kind == ScheduledPublication.Kind.UNPUBLISH:
        for code in due.languages:
            unpublish_language(page=due.page, language=code, user=due.user)
        return True
    _require_reviewed(due)
    before = locked(due.page)
    after = publish_languages(
        page=due.page,
        languages=due.languages,
        user=due.user,
        snapshot=due.content,
        base=due.base,
    )
    _tell_later_plans(due, before, after)
    return True


def _tell_later_plans(
    due: ScheduledPublication, before: BilingualPage, after: BilingualPage
) -> None:
    """What a plan changed is nothing newer to the plans that were made after it."""
    was, now = (content.shared(content.data_of(page), page) for page in (before, after))
    kind = ScheduledPublication.Kind.PUBLISH
    plans = ScheduledPublication.objects.filter(page=due.page, done_at=None, kind=kind)
    for plan in plans.filter(pk__gt=due.pk):
        base = plan.base.items()
        known = [name for name, value in base if not before.live or was[name] == value]
        plan.base |= {name: now[name] for name in known}
        plan.save(update_fields=["base"])


def _require_reviewed(due: ScheduledPublication) -> None:
    """A plan made before a review of the same language does not get past it."""
    page = due.page.specific
    held = locks.held_from(page, due.user) if due.user else []
    for code in {*held} & {*due.languages}:
        raise CannotPublishError(locks.why_held(page, code, due.user))
