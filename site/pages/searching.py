"""Search: a row for each page and language, and what of them holds some words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page, ReferenceIndex

from pages import suggesting
from pages.alts import shown_files, shown_pictures
from pages.fulltext import Wanted, holding
from pages.languages import field, languages
from pages.models.bilingual import BilingualPage
from pages.models.search import SearchEntry, SearchWord
from pages.segments import segments
from pages.stemming import WORD, fold, stem, stems

QUERY_CHARACTERS = 200
TITLE_SEGMENTS = {"headline"}
NOT_SEARCHED = {"meta_title", "meta_description"}
# What a match in the headline weighs against age: it stands with what is four years
# younger. What has no date, such as a project's page, stands above all stories.
HEADLINE_DAYS = 4 * 365
UNDATED_DAYS = 100 * 365


# --- What rooms above say of their pages


@dataclass(frozen=True)
class Kind:
    """Pages of a kind that tell of a day: stories, issues.

    `day(page, language)` is that day; `marks(ids)` what pages are about, by page.
    """

    day: Callable[[Any, str], date]
    marks: Callable[[Collection[int]], dict[int, set[str]]] = lambda ids: {}


Names = Callable[[str], dict[str, str]]
# The kinds that have a day, by their model's label.
DATED: dict[str, Kind] = {}
_names: list[Names] = []


def register_kind(label: str, kind: Kind) -> None:
    """Have pages of a higher room's model, by its label, ranked by their day."""
    DATED[label] = kind


def register_names(names: Names) -> None:
    """Have pages found by the names of what they are about.

    `names(language)` gives them by mark: who looks for a name finds what has its mark.
    """
    _names.append(names)


def day_published(page: BilingualPage, language: str) -> date:
    """When it was first published in a language."""
    at = field(page, "first_published_at", language) or timezone.now()
    return timezone.localdate(at)


# --- Rows


def remember(*, page: BilingualPage, language: str) -> None:
    """Write the search row of a page in a language, where anyone may read it."""
    if _readable(language).filter(pk=page.pk).exists():
        _write_row(page, language)
    else:
        forget(page_id=page.pk, language=language)


def _readable(language: str) -> Any:
    return BilingualPage.objects.readable_in(language)


def _write_row(page: BilingualPage, language: str) -> None:
    label = page._meta.label_lower
    kind = DATED.get(label)
    title = field(page, "headline", language) or ""
    body = " ".join(_body(page, language))
    day = (kind.day if kind else day_published)(page, language)
    marks = kind.marks([page.pk]).get(page.pk, set()) if kind else set()
    SearchEntry.objects.update_or_create(
        page_id=page.pk,
        language=language,
        defaults={
            "kind": label,
            "title": title,
            "body": body,
            "title_stems": " ".join(stems(title, language)),
            "stems": " ".join(stems(f"{title} {body}", language)),
            "marks": " ".join(sorted(marks)),
            "day": day.toordinal(),
        },
    )
    suggesting.learn(f"{title} {body}", language)


def _body(page: BilingualPage, language: str) -> Iterator[str]:
    """What a page says below its headline, its pictures and documents last."""
    for key, text in segments(page, language).items():
        if key not in TITLE_SEGMENTS and key not in NOT_SEARCHED:
            yield text
    for _name, (picture, own) in shown_pictures(page, language):
        if picture is not None:
            yield "" if own.get("caption") else picture.caption_in(language)
            yield "" if own.get("credit") else picture.credit
    for file, own in shown_files(page, language):
        if file is not None and not own.get("label"):
            yield file.label_in(language)


def forget(*, page_id: int, language: str) -> None:
    """Remove the search row of a page in a language."""
    SearchEntry.objects.filter(page_id=page_id, language=language).delete()


def mark_anew(*, label: str, ids: Collection[int]) -> None:
    """Write again what pages of a kind are about, their words being the same."""
    marks = DATED[label].marks(ids)
    rows = list(SearchEntry.objects.filter(page__in=ids).only("marks", "page_id"))
    for row in rows:
        row.marks = " ".join(sorted(marks.get(row.page_id, set())))
    SearchEntry.objects.bulk_update(rows, ["marks"], batch_size=200)


def showing(shown: Any) -> list[int]:
    """The pages, by number, that show a picture or document."""
    found = ReferenceIndex.get_references_to(shown)
    names = found.filter(base_content_type__model=Page._meta.model_name)
    return sorted({int(pk) for pk in names.values_list("object_id", flat=True)})


def settle(*, top: str = "") -> None:
    """Give each page at and below a tree path the rows that it should have.

    Rows of pages that not everyone may read go, and missing ones are made.
    """
    for code in languages():
        rows = SearchEntry.objects.filter(language=code, page__path__startswith=top)
        pages = _readable(code).filter(path__startswith=top)
        rows.exclude(page__in=pages).delete()
        for page in pages.exclude(pk__in=rows.values("page")).specific().iterator():
            _write_row(page, code)


def rebuild_entries() -> int:
    """Write every search row again; returns how many there are."""
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    settle()
    return SearchEntry.objects.count()


# --- Asking


def cleaned(text: str) -> str:
    """What somebody looks for, in one line of a length that makes sense."""
    return " ".join(text.replace("\0", "").split())[:QUERY_CHARACTERS]


@dataclass(frozen=True)
class Question:
    """What somebody looks for in one language, among pages that anyone may read.

    Of some kinds, some pages by number, with all of some marks, of some days (the first
    and the last, as numbers), where they are given.
    """

    query: str
    language: str
    kinds: Collection[str] = ()
    pages: Collection[int] | None = None
    marks: Collection[str] = ()
    days: tuple[int, int] | None = None

    def found(self) -> QuerySet[SearchEntry]:
        """What answers it, in no order; nothing where nothing is asked."""
        wanted = [*self._wanted, *self._marked]
        if not wanted and not self.days:
            return SearchEntry.objects.none()
        return self._narrowed().filter(holding(wanted)) if wanted else self._narrowed()

    def ranked(self) -> QuerySet[SearchEntry]:
        """The same, best first."""
        return self.found().order_by(-_rank(self._words), "-page_id")

    def ranked_of_many(self, stop: int) -> list[int]:
        """The numbers of the first rows of `ranked`, where ranking all would take long.

        What has the words in its headline is ranked, of the rest the newest are taken:
        they are found by their day, as words that are in so many rows are soon met.
        """
        rank = _rank(self._words)
        rows = self.found().annotate(rank=rank).order_by("-day", "-page_id")
        some = list(rows.values_list("rank", "page_id", "pk")[:stop])
        if self._words:
            titled = self._narrowed().filter(_in_title(self._words))
            titled = titled.filter(holding(self._marked)) if self.marks else titled
            titled = titled.annotate(rank=F("day") + _bonus())
            titled = titled.order_by("-rank", "-page_id")
            some += titled.values_list("rank", "page_id", "pk")[:stop]
        return [pk for _rank, _page, pk in sorted({*some}, reverse=True)[:stop]]

    @cached_property
    def _wanted(self) -> Wanted:
        return _wanted(self._words, self.language)

    @property
    def _words(self) -> list[str]:
        return stems(self.query, self.language)

    @property
    def _marked(self) -> Wanted:
        return [[mark] for mark in self.marks]

    def _narrowed(self) -> QuerySet[SearchEntry]:
        entries = SearchEntry.objects.filter(language=self.language)
        if self.kinds:
            entries = entries.filter(kind__in=self.kinds)
        if self.pages is not None:
            entries = entries.filter(page_id__in=self.pages)
        return entries.filter(day__range=self.days) if self.days else entries


def search(**asked: Any) -> QuerySet[SearchEntry]:
    """What answers a Question, best first."""
    return Question(**asked).ranked()


def _wanted(words: list[str], language: str) -> Wanted:
    """Each word, or the mark of something that has it in its name."""
    by_word: dict[str, list[str]] = {word: [word] for word in words}
    for names in _names if words else []:
        for mark, name in names(language).items():
            for word in {*stems(name, language)} & {*by_word}:
                by_word[word].append(mark)
    return list(by_word.values())


def _in_title(words: list[str]) -> Any:
    return holding([[word] for word in words], in_title=True)


def _rank(words: list[str]) -> Any:
    """The day, later where the headline has all the words."""
    if not words:
        return F("day") + Value(0)
    return F("day") + Case(When(_in_title(words), then=_bonus()), default=Value(0))


def _bonus() -> Any:
    """What a headline with all the words weighs, in days."""
    of_a_day = When(kind__in=list(DATED), then=Value(HEADLINE_DAYS))
    return Case(of_a_day, default=Value(UNDATED_DAYS))


def highlight(text: str, query: str, language: str, around: int = 120) -> SafeString:
    """The part of a text where the query is found, its words marked, safe as HTML."""
    hits = list(_hits(text, {*stems(query, language)}, language, around))
    start = max(0, hits[0].start() - around) if hits else 0
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = min(len(text), (hits[0].end() if hits else 0) + around)
    end = text.rfind(" ", 0, end) if end < len(text) and " " in text[:end] else end
    pieces, at = ["… " if start else ""], start
    for hit in hits:
        if hit.end() <= end:
            pieces += [
                escape(text[at : hit.start()]),
                f"<mark>{escape(hit.group())}</mark>",
            ]
            at = hit.end()
    pieces += [escape(text[at:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(pieces))  # noqa: S308 each piece is escaped above


def _hits(
    text: str, wanted: set[str], language: str, around: int
) -> Iterator[re.Match[str]]:
    """Where the words wanted stand, from the first one on as far as is shown.

    Stemming is dear and leaves the first letter as it is: that is looked at first.
    """
    begin, last = {word[0] for word in wanted}, len(text)
    for found in WORD.finditer(text):
        if found.start() > last:
            return
        word = found.group()
        if fold(word[0])[:1] in begin and stem(word, language) in wanted:
            last = min(last, found.end() + around)
            yield found
