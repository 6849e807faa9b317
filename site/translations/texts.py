"""Words that readers see outside of pages: offices, newsletters, the site's own texts.

Rooms say what they have (`registering`). There are tens of them, so what each is in a
language is worked out when somebody looks, in a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils.text import capfirst

from pages.differences import changed_words
from pages.languages import languages
from pages.models.columns import State
from pages.segments import segments
from pages.states import digest
from translations.models import TextConfirmation

Shown = Callable[[], QuerySet]
WAITING = (State.MISSING, State.DRAFT, State.BEHIND)
_sources: list[Shown] = []


@dataclass(frozen=True)
class Standing:
    """What a text is in one language. `words` are those a translator has to look at;
    `progress` is in per cent; `since` is known of what is behind."""

    text: Text
    language: str
    state: State
    words: int
    progress: int
    since: datetime | None = None


@dataclass(frozen=True)
class Text:
    """One object with words, and what was confirmed of it in any language."""

    obj: Any
    confirmed: list[TextConfirmation] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The name of its model, as it stands in addresses."""
        return self.obj._meta.model_name

    @property
    def key(self) -> tuple[int, int]:
        """What tells it from all other texts."""
        return type_of(self.obj).pk, self.obj.pk

    @property
    def title(self) -> str:
        """What it is called among other things, in the active language."""
        return f"{self.kind_in_words}: {self.obj}"

    @property
    def kind_in_words(self) -> str:
        """What it is called, in the active language."""
        return capfirst(str(self.obj._meta.verbose_name))

    @cached_property
    def original(self) -> str | None:
        """The language that is translated from; None where there are no words.

        The one that a confirmed translation was made from; before that the one with
        most texts, of several its own default or the site's: a translation that is
        being filled in must not become the original halfway.
        """
        for row in self.confirmed:
            if segments(self.obj, row.original):
                return row.original
        numbers = {code: len(segments(self.obj, code)) for code in languages()}
        own = getattr(self.obj, "default_language", None)
        order = sorted(languages(), key=lambda code: code != own)
        most = max(order, key=lambda code: numbers[code])
        return most if numbers[most] else None

    @cached_property
    def words(self) -> dict[str, str]:
        """What the original says, by segment key."""
        return segments(self.obj, self.original) if self.original else {}

    @property
    def digest(self) -> str:
        """A fingerprint of what the original says."""
        return digest(self.words)

    def is_translated_into(self, language: str) -> bool:
        """Whether it has words that are to stand in this language too."""
        return self.original not in (None, language)

    def missing(self, language: str) -> dict[str, str]:
        """Texts of the original that have none in a language."""
        there = segments(self.obj, language)
        return {key: text for key, text in self.words.items() if key not in there}

    def confirmation(self, language: str) -> TextConfirmation | None:
        """What the original said when the translation was last right, if ever."""
        found = (row for row in self.confirmed if row.language == language)
        return next((row for row in found if row.original == self.original), None)

    def standing(self, language: str) -> Standing:
        """What it is in a language that is not its original."""
        missing = self.missing(language)
        confirmed = self.confirmation(language)
        if not segments(self.obj, language):
            state = State.MISSING
        elif confirmed and confirmed.segments != self.words:
            state = State.BEHIND
        else:
            state = State.DRAFT if missing else State.LIVE
        todo = _count(missing)
        since = None
        if state == State.BEHIND and confirmed:
            todo = _changed(confirmed.segments, self.words)
            since = confirmed.behind_since
        whole = _count(self.words)
        progress = 100 * max(whole - todo, 0) // whole if whole else 0
        return Standing(self, language, state, todo, progress, since)


def add_source(shown: Shown) -> None:
    """Count the objects that `shown()` returns among the texts."""
    _sources.append(shown)


def models() -> list[type[Model]]:
    """The models of all texts."""
    return [shown().model for shown in _sources]


def all_texts() -> list[Text]:
    """Every text, in the order in which rooms registered them."""
    objects = [obj for shown in _sources for obj in shown()]
    kept: dict[tuple[int, int], list[TextConfirmation]] = defaultdict(list)
    for row in TextConfirmation.objects.all() if objects else ():
        kept[row.content_type_id, row.object_id].append(row)
    return [Text(obj, kept[type_of(obj).pk, obj.pk]) for obj in objects]


def find_text(kind: str, pk: int) -> Text | None:
    """One of them, by its model's name."""
    for shown in _sources:
        rows = shown()
        if rows.model._meta.model_name == kind:
            obj = rows.filter(pk=pk).first()
            return obj and text_of(obj)
    return None


def text_of(obj: Any) -> Text:
    """An object as a text."""
    return Text(obj, list(confirmations(obj)))


def confirmations(obj: Any) -> QuerySet[TextConfirmation]:
    """What was confirmed of an object."""
    return TextConfirmation.objects.filter(
        content_type=type_of(obj), object_id=obj.pk
    ).order_by("pk")


def waiting(language: str, texts: list[Text]) -> list[Standing]:
    """Those of the texts that lack something in a language, or are behind."""
    found = [t.standing(language) for t in texts if t.is_translated_into(language)]
    return [standing for standing in found if standing.state in WAITING]


def held(obj: Any) -> Any:
    """The object as it is now, so until the transaction ends.

    Raises its `DoesNotExist` where somebody deleted it meanwhile.
    """
    return type(obj)._default_manager.select_for_update().get(pk=obj.pk)


def type_of(obj: Any) -> ContentType:
    """The content type under which is kept what is known of an object."""
    return ContentType.objects.get_for_model(obj)


def _changed(before: dict[str, str], now: dict[str, str]) -> int:
    """Words of the original that came or changed; texts that went count one each."""
    came = sum(changed_words(before.get(key, ""), text) for key, text in now.items())
    return came or len(before.keys() - now.keys())


def _count(texts: dict[str, str]) -> int:
    return sum(len(text.split()) for text in texts.values())
