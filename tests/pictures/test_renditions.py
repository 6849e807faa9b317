"""The files that pages show of a picture: which are made, by whom, and how often."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image
from wagtail.images.rect import Rect

from pictures import making
from pictures.models import Picture, Rendition, RenditionJob
from pictures.tasks import make_renditions, make_waiting_renditions
from tests.pictures.photos import moving

pytestmark = pytest.mark.django_db
WIDE = [(480, 270), (752, 423), (1200, 675), (1600, 900)]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # Wagtail finds renditions of other tests there


def halves(size, colours=("red", "blue"), format="JPEG", **options) -> bytes:
    """A picture of one colour on the left and another on the right."""
    image = Image.new("RGB", size, colours[0])
    image.paste(colours[1], (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def keep(data, name="foto.jpg", **fields) -> Picture:
    return Picture.objects.create(
        title="Foto", file=ContentFile(data, name=name), **fields
    )


def made(picture, format, operation="") -> list[Rendition]:
    start = f"format-{format}|{operation}"
    rows = picture.renditions.filter(filter_spec__startswith=start)
    return sorted(rows, key=lambda row: (row.width, row.height))


def sizes(rows) -> list[tuple[int, int]]:
    return [(row.width, row.height) for row in rows]


def opened(row) -> Image.Image:
    with row.file.open("rb") as file:
        image = Image.open(io.BytesIO(file.read()))
        image.load()
        return image


def names() -> list[str]:
    return sorted(Rendition.objects.values_list("file", flat=True))


def test_one_file_is_there_at_once_and_the_worker_makes_the_others():
    picture = keep(halves((2000, 1500)))
    assert sizes(picture.renditions.all()) == [(752, 564)]
    make_renditions(picture.pk)
    for format, kind in (("avif", "AVIF"), ("webp", "WEBP"), ("jpeg", "JPEG")):
        wide = [
            row for row in made(picture, format) if row.width * 9 == row.height * 16
        ]
        assert sizes(wide) == WIDE
        assert sizes(made(picture, format, "width"))[:3] == [
            (480, 360), (752, 564), (1280, 960),
        ]  # fmt: skip
        assert {opened(row).format for row in wide} == {kind}
    assert sizes(made(picture, "jpeg", "width"))[3:] == [(2000, 1500)]
    assert not made(picture, "png")


def test_making_twice_makes_nothing_new():
    picture = keep(halves((640, 480)))
    make_renditions(picture.pk)
    before = names()
    make_renditions(picture.pk)
    make_waiting_renditions()
    assert names() == before
    assert not RenditionJob.objects.get().is_due


def test_words_of_a_picture_ask_for_nothing():
    picture = keep(halves((640, 480)))
    make_renditions(picture.pk)
    picture.caption_es = "Otra leyenda"
    picture.save()
    assert not making.waiting().exists()


def test_a_crop_follows_the_focal_point_and_the_old_one_goes(settings):
    picture = keep(halves((2000, 500)))
    picture.set_focal_point(Rect(100, 100, 300, 400))
    picture.save()
    make_renditions(picture.pk)
    left = made(picture, "jpeg", "fill-480")[0]
    assert opened(left).getpixel((240, 135))[0] > 200
    picture.set_focal_point(Rect(1700, 100, 1900, 400))
    picture.save()
    assert making.waiting().get() == picture
    make_renditions(picture.pk)
    right = made(picture, "jpeg", "fill-480")[0]
    assert opened(right).getpixel((240, 135))[2] > 200
    assert right.url != left.url
    kept = {path.name for path in (settings.MEDIA_ROOT / "images").iterdir()}
    assert kept >= {name.rpartition("/")[2] for name in names()}
    assert len(made(picture, "jpeg", "fill-480x270")) == 1


def test_a_logo_keeps_its_transparency():
    out = io.BytesIO()
    Image.new("RGBA", (600, 200), (200, 30, 30, 0)).save(out, "PNG")
    picture = keep(out.getvalue(), "logo.png")
    make_renditions(picture.pk)
    assert not made(picture, "jpeg")
    for format in ("png", "webp"):
        (logo,) = made(picture, format, "height-80")
        assert sizes([logo]) == [(240, 80)]
        assert opened(logo).convert("RGBA").getpixel((9, 9))[3] == 0


def test_a_photograph_is_no_logo():
    picture = keep(halves((640, 480)))
    make_renditions(picture.pk)
    assert not picture.renditions.filter(filter_spec__contains="height-").exists()


def test_nothing_is_made_larger_than_it_is():
    picture = keep(halves((40, 30)))
    make_renditions(picture.pk)
    assert {row.width for row in made(picture, "jpeg")} == {40}
    assert len(made(picture, "jpeg", "fill")) == 2


def test_a_moving_picture_stands_still():
    picture = keep(moving("GIF"), "m.gif")
    make_renditions(picture.pk)
    for row in picture.renditions.all():
        assert getattr(opened(row), "n_frames", 1) == 1


def test_a_phones_picture_is_upright_in_formats_that_all_know():
    """A real HEIC, as made by libheif, with the place it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "S", 2: (12.0, 2.0, 45.0)})
    image = Image.open(io.BytesIO(halves((900, 600), format="PNG")))
    image.save(out, "HEIF", quality=80, exif=exif.tobytes())
    picture = keep(out.getvalue(), "IMG_1.heic")
    assert sizes(made(picture, "jpeg")) == [(752, 501)]
    make_renditions(picture.pk)
    for format in ("avif", "webp", "jpeg"):
        row = made(picture, format, "width-480")[0]
        assert sizes([row]) == [(480, 320)]
        assert opened(row).convert("RGB").getpixel((20, 20))[0] > 200
        assert not opened(row).getexif()


def test_a_photo_that_lies_on_its_side_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = keep(halves((800, 600), exif=exif.tobytes()))
    make_renditions(picture.pk)
    row = made(picture, "webp", "width-480")[0]
    assert sizes([row]) == [(480, 640)]
    assert opened(row).getpixel((240, 40))[0] > 200
    assert opened(row).getpixel((240, 600))[2] > 200


def test_a_file_that_is_gone_is_tried_some_times_and_left():
    picture = keep(halves((640, 480)))
    picture.file.storage.delete(picture.file.name)
    for _try in range(making.MOST_TRIES):
        make_renditions(picture.pk)
        assert making.waiting().exists()
    make_renditions(picture.pk)
    assert not making.waiting().exists()
    assert sizes(picture.renditions.all()) == [(640, 480)]


def test_a_disk_that_was_full_for_a_moment_costs_nothing(monkeypatch):
    picture = keep(halves((640, 480)))

    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(making, "_keep", full)
        make_renditions(picture.pk)
    make_renditions(picture.pk)
    assert not making.waiting().exists()
    assert len(sizes(picture.renditions.all())) > 1


def test_one_picture_is_made_at_a_time_until_its_worker_is_given_up(time_machine):
    one, other = keep(halves((64, 48))), keep(halves((32, 24)))
    begun = making.timezone.now()
    RenditionJob.objects.filter(pk=one.pk).update(claimed_at=begun, tries=1)
    make_renditions(other.pk)
    make_renditions(one.pk)
    assert making.waiting().count() == 2
    time_machine.move_to(begun + making.LEASE + timedelta(seconds=1))
    make_renditions(other.pk)
    make_renditions(one.pk)
    assert not making.waiting().exists()


def test_a_picture_that_ends_every_worker_is_given_up(caplog):
    picture = keep(halves((64, 48)))
    RenditionJob.objects.update(tries=making.MOST_TRIES)
    make_renditions(picture.pk)
    assert not making.waiting().exists()
    assert "given up" in caplog.text
    assert picture.renditions.count() == 1


def test_what_no_role_uses_goes_and_what_others_use_stays():
    picture = keep(halves((640, 480)))
    unused = picture.get_rendition("format-webp|fill-64x40")
    of_mails = picture.get_rendition("width-60|format-jpeg|bgcolor-ffffff")
    make_renditions(picture.pk)
    assert not Rendition.objects.filter(pk=unused.pk).exists()
    assert Rendition.objects.filter(pk=of_mails.pk).exists()


def test_rebuild_has_everything_made_again(capsys):
    picture = keep(halves((640, 480)))
    make_renditions(picture.pk)
    before = {*picture.renditions.values_list("filter_spec", "width")}
    picture.renditions.filter(width__gt=300).delete()
    call_command("rebuild")
    assert "pictures to make again: 1" in capsys.readouterr().out
    make_renditions(picture.pk)
    assert {*picture.renditions.values_list("filter_spec", "width")} == before


def test_another_version_of_the_site_asks_for_its_own_files():
    picture = keep(halves((64, 48)))
    make_renditions(picture.pk)
    RenditionJob.objects.update(recipe="earlier:-:foto.jpg")
    assert making.waiting().get() == picture


def test_a_file_is_named_by_its_content_and_may_be_kept_for_ever(client):
    picture = keep(halves((640, 480)))
    first = picture.renditions.get()
    answer = client.get(first.url)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    for_mails = picture.get_rendition("width-60|format-jpeg|bgcolor-ffffff")
    for row in (first, for_mails):
        digest = making.digest_of(row.file.read())
        assert f".{digest}." in row.url
    assert "Cache-Control" not in client.get("/media/images/none.jpg")
