"""The text part of a mail, laid out to be read, not dumped from the HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from newsletter.composing.composition import BlockItem, Composition
from newsletter.composing.footer import Footer
from newsletter.composing.richtext import TEXT_WIDTH, joined, wrapped
from newsletter.composing.stories import StoryItem
from newsletter.delivery.message import PARTS

RULE = "-" * TEXT_WIDTH


def edition_text(composition: Composition, footer: Footer) -> tuple[str, list[str]]:
    """The edition as text with `{{parts}}` where its stories belong, and these.

    Every address stands on a line of its own.
    """
    stories = [story_text(story) for story in composition.stories]
    return frame_text(_parts(composition, footer)), stories


def frame_text(paragraphs: Iterable[str]) -> str:
    """The paragraphs as a text; what stands for the parts gets its gap from them."""
    return joined(paragraphs).replace(f"{PARTS}\n\n", PARTS) + "\n"


def story_text(story: StoryItem) -> str:
    """A story as a part of a text."""
    return f"{RULE}\n\n{_story(story)}\n\n"


def heading_text(*lines: str) -> str:
    """A heading as a part of a text, underlined, with what is said of it below."""
    title, *others = lines
    return (
        f"{_underlined(title, '=')}\n"
        + "".join(f"{each}\n" for each in others if each)
        + "\n"
    )


def _parts(composition: Composition, footer: Footer) -> Iterator[str]:
    yield composition.newsletter_name
    yield _address(_("View in your browser:"), footer.view_url)
    yield _underlined(composition.headline, "=")
    yield composition.intro.text
    yield PARTS
    if composition.blocks:
        yield RULE
    yield from map(_block, composition.blocks)
    yield RULE
    yield footer_text(footer)


def _address(label: str, url: str) -> str:
    return f"{label}\n{url}"


def _underlined(title: str, line: str) -> str:
    lines = wrapped(title)
    return f"{lines}\n{line * max(map(len, lines.splitlines() or ['']))}"


def _story(story: StoryItem) -> str:
    title = f"{story.headline} ({story.marker})" if story.marker else story.headline
    more = _("Read more (%(language)s):") % {"language": story.marker}
    more = more if story.marker else _("Read more:")
    return joined(
        [
            wrapped(title),
            wrapped(story.summary),
            _picture(story.picture) if story.picture else "",
            _address(more, story.url),
        ]
    )


def _picture(picture) -> str:
    note = picture.note or picture.alt
    # Translators: stands for a picture in a plain text mail.
    return wrapped(_("[Picture: %(note)s]") % {"note": note}) if note else ""


def _block(block: BlockItem) -> str:
    if block.kind == "divider":
        return "* * *".center(TEXT_WIDTH).rstrip()
    if block.kind == "heading":
        return _underlined(block.text, "-")
    if block.picture:
        return _picture(block.picture)
    if block.kind == "button":
        return f"{block.text}:\n{block.url}"
    if block.kind in {"office", "event"}:
        return _notice(block)
    if block.kind == "quote":
        said_by = f"\n    — {block.attribution}" if block.attribution else ""
        return wrapped(f"“{block.text}”", first="    ", then="    ") + said_by
    return block.words.text


def _notice(block: BlockItem) -> str:
    """What, when and where; an event's day comes before what is said of it."""
    lines = "\n".join(map(wrapped, block.lines))
    said = [wrapped(block.text), lines]
    if block.kind == "event":
        said.reverse()
    return joined([_underlined(block.title, "-"), *said, block.url])


def footer_text(footer: Footer) -> str:
    """The foot of a mail as text."""
    return joined(
        [
            wrapped(footer.reason),
            wrapped(footer.counting),
            _address(_("Your preferences:"), footer.preferences_url),
            _address(_("Unsubscribe:"), footer.unsubscribe_url),
            footer.postal_address,
        ]
    )
