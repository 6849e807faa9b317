"""Mails joined from parts that are made once: stories, and sections they stand under.

What a reader gets is two numbers, so that it fits into their row: bit n of `stories` is
the nth story, bit n of `follows` the nth section. Each story stands once, under the
first section that has it and that they follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, AnyStr, Generic, NamedTuple, TypeVar

Other = TypeVar("Other", str, bytes)
MOST_PARTS = 60  # stories, and sections: as many bits as a database's number has


class Piece(NamedTuple, Generic[AnyStr]):
    """A part of a mail, once as text and once as HTML."""

    text: AnyStr
    html: AnyStr


class Section(NamedTuple, Generic[AnyStr]):
    """A heading, as who follows it reads it and as others do, with its stories."""

    stories: int
    because: Piece[AnyStr]
    plain: Piece[AnyStr]


class Choice(NamedTuple):
    """What one reader gets; who follows nothing in particular follows 0."""

    stories: int
    follows: int = 0


@dataclass(frozen=True)
class Parts(Generic[AnyStr]):
    """The stories in their order, and the sections in theirs."""

    stories: tuple[Piece[AnyStr], ...]
    sections: tuple[Section[AnyStr], ...] = ()

    __hash__ = object.__hash__  # one is looked up by for every mail

    @property
    def everything(self) -> Choice:
        """What a reader gets who follows nothing in particular."""
        return Choice((1 << len(self.stories)) - 1)

    def chosen(self, choice: Choice) -> Iterator[Piece[AnyStr]]:
        """The parts of one reader's mail, in order."""
        left = choice.stories
        for number, section in enumerate(self.sections):
            is_theirs = not choice.follows or choice.follows >> number & 1
            if is_theirs and (here := left & section.stories):
                yield section.because if choice.follows else section.plain
                yield from self._told(here)
                left &= ~here
        yield from self._told(left)

    def joined(self, choice: Choice, glue: AnyStr) -> Piece[AnyStr]:
        """The same as one, with `glue` between them."""
        texts: list[AnyStr] = []
        pages: list[AnyStr] = []
        for text, html in self.chosen(choice):
            texts.append(text)
            pages.append(html)
        return Piece(glue.join(texts), glue.join(pages))

    def turned(
        self, text: Callable[[AnyStr], Other], html: Callable[[AnyStr], Other]
    ) -> Parts[Other]:
        """Each part in another form."""

        def turn(piece: Piece[AnyStr]) -> Piece[Other]:
            return Piece(text(piece.text), html(piece.html))

        return Parts(
            tuple(map(turn, self.stories)),
            tuple(
                Section(each.stories, turn(each.because), turn(each.plain))
                for each in self.sections
            ),
        )

    def _told(self, bits: int) -> Iterator[Piece[AnyStr]]:
        for number, story in enumerate(self.stories):
            if bits >> number & 1:
                yield story


def to_json(parts: Parts[bytes]) -> dict[str, Any]:
    """A form that JSON keeps unchanged; the parts are plain ASCII."""

    def said(piece: Piece[bytes]) -> list[str]:
        return [each.decode("ascii") for each in piece]

    return {
        "stories": [said(each) for each in parts.stories],
        "sections": [
            [each.stories, said(each.because), said(each.plain)]
            for each in parts.sections
        ],
    }


def from_json(data: dict[str, Any]) -> Parts[bytes]:
    """What `to_json` wrote."""

    def heard(piece: list[str]) -> Piece[bytes]:
        text, html = (each.encode("ascii") for each in piece)
        return Piece(text, html)

    return Parts(
        tuple(heard(each) for each in data["stories"]),
        tuple(
            Section(stories, heard(because), heard(plain))
            for stories, because, plain in data["sections"]
        ),
    )
