"""Making the files of pictures: by a worker, one picture after the other.

The database says what is to be done (`RenditionJob`), Celery only wakes. At most one
picture is in the works at a time: of a worker's two places one stays free for mail.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from guards.waking import wake_on_commit
from pictures import rendering, roles
from pictures.models import Picture, Rendition, RenditionJob
from pictures.naming import digest_of, named_by_content

logger = logging.getLogger(__name__)

TASK = "pictures.tasks.make_renditions"
# A picture of 60 megapixels takes the better part of a minute on one busy core.
LEASE = timedelta(minutes=5)
MOST_TRIES = 3  # of a picture that the worker does not survive
NAME = 40  # characters of the original's name that stay


def recipe_of(picture: Picture) -> str:
    """What a picture's files depend on, in a line."""
    point = picture.get_focal_point()
    focus = ",".join(map(str, point)) if point else "-"
    return f"{roles.VERSION}:{focus}:{picture.file.name}"[:255]


def note(picture: Picture) -> None:
    """Have a worker make a new or changed picture's files, and make the first at once.

    A page that is read before the worker comes to it shows that one.
    """
    recipe = recipe_of(picture)
    job, is_new = RenditionJob.objects.get_or_create(picture=picture)
    if not is_new and job.recipe == recipe and not job.is_due:
        return
    RenditionJob.objects.filter(pk=picture.pk).update(is_due=True, tries=0)
    if not _is_first_there(picture):
        _make_first(picture)
    wake_on_commit(TASK, picture.pk)


def note_anew(picture: Picture) -> None:
    """The same where all that was made is gone, whatever was noted of it."""
    RenditionJob.objects.filter(picture=picture).update(recipe="", is_due=True)
    note(picture)


def ask(ids: Iterable[int]) -> None:
    """Wake a worker for those of these pictures that are still to be made."""
    for pk in waiting().filter(pk__in=set(ids)).values_list("pk", flat=True):
        wake_on_commit(TASK, pk)


def waiting() -> QuerySet[Picture]:
    """Pictures whose files are to be made, also for what a new version asks for."""
    is_old = ~Q(job__recipe__startswith=f"{roles.VERSION}:")
    due = Q(job=None) | Q(job__is_due=True) | is_old
    return Picture.objects.filter(due).order_by("-pk")


def wake_the_next() -> None:
    """Wake a worker for the newest picture that waits."""
    pk = waiting().values_list("pk", flat=True).first()
    if pk is not None:
        wake_on_commit(TASK, pk)


def rebuild() -> int:
    """Have all files made again, by the worker; returns of how many pictures."""
    RenditionJob.objects.update(recipe="", is_due=True, tries=0)
    wake_the_next()
    return Picture.objects.count()


def make(picture_id: int) -> None:
    """Make the files of a picture, unless somebody is at it; then wake for the next.

    Safe to run twice. What fails is tried again by beat, some times, and then left.
    """
    now = timezone.now()
    busy = RenditionJob.objects.filter(claimed_at__gt=now - LEASE)
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None or busy.exists() or not _claim(picture):
        return
    recipe = recipe_of(picture)
    try:
        _make_all(picture)
    except Exception:  # hostile files make decoders raise almost anything
        # It stays due for as many tries as there are: the disk may have been full.
        logger.warning("Picture %s cannot be made", picture_id, exc_info=True)
        RenditionJob.objects.filter(pk=picture_id).update(claimed_at=None)
        return
    _release(picture_id, recipe)
    wake_the_next()


def _claim(picture: Picture) -> bool:
    """Whether this caller is to make it: it is due, and nobody else is at it."""
    RenditionJob.objects.get_or_create(picture=picture)
    if not waiting().filter(pk=picture.pk).exists():
        return False
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - LEASE)
    mine = RenditionJob.objects.filter(free, pk=picture.pk, tries__lt=MOST_TRIES)
    if mine.update(claimed_at=now, tries=F("tries") + 1):
        return True
    given_up = {"is_due": False, "recipe": recipe_of(picture), "claimed_at": None}
    lost = RenditionJob.objects.filter(free, pk=picture.pk, tries__gte=MOST_TRIES)
    if lost.update(**given_up):
        logger.error("Picture %s ends the worker: given up", picture.pk)
    return False


def _release(picture_id: int, recipe: str) -> None:
    """Note what was made; a picture that changed meanwhile stays due."""
    picture = Picture.objects.filter(pk=picture_id).first()
    is_due = picture is not None and recipe_of(picture) != recipe
    RenditionJob.objects.filter(pk=picture_id).update(
        recipe=recipe, is_due=is_due, claimed_at=None, tries=0
    )


def _make_all(picture: Picture) -> None:
    with picture.open_file() as file:
        original = rendering.read(file)
    series = roles.wanted(kind=original.kind, is_clear=original.is_clear)
    kept = {
        _keep(picture, made)
        for geometries, formats in series.items()
        for made in rendering.files(original, picture, geometries, formats)
    }
    _ours(picture).exclude(pk__in=kept).delete()


def _ours(picture: Picture) -> QuerySet[Rendition]:
    """A picture's files for pages: not the admin's, nor those that mails point to.

    Only a role's begin with their format, also in earlier versions.
    """
    return picture.renditions.filter(filter_spec__startswith="format-")


def _is_first_there(picture: Picture) -> bool:
    return _ours(picture).filter(filter_spec__endswith=f"|{roles.FIRST}").exists()


def _make_first(picture: Picture) -> None:
    try:
        with picture.open_file() as file:
            original = rendering.read(file)
        format = roles.CLEAR if original.is_clear else roles.OPAQUE
        for made in rendering.files(original, picture, (roles.FIRST,), [format]):
            _keep(picture, made)
    except Exception:  # as above; a page without the picture is better than none
        logger.warning("Picture %s cannot be read", picture.pk, exc_info=True)


def _keep(picture: Picture, made: rendering.File) -> int:
    """Put a file in place of the one before it; returns its row's id."""
    where = {"filter_spec": made.spec, "focal_point_key": made.key}
    before = picture.renditions.filter(**where).first()
    if before and digest_of(made.data) in before.file.name:
        return before.pk
    stem = picture.filename.rpartition(".")[0][:NAME]
    width, _height = made.size
    name = named_by_content(f"{stem}.{width}.{made.extension}", made.data)
    file = ContentFile(made.data, name=name)
    with transaction.atomic():
        row, _is_new = Rendition.objects.update_or_create(
            image=picture, **where, defaults={"file": file}
        )
        if before:
            storage, old = before.file.storage, before.file.name
            transaction.on_commit(lambda: storage.delete(old), robust=True)
    return row.pk
