"""Whatever happens to pages, in whatever order: no word crosses languages, no draft
leaks, and the states are right. Hypothesis plays editors against a model in Python.

Short here; `make audit` plays SEQUENCES of them. Words are marked by their language:
es-12 is Spanish.
"""

from __future__ import annotations

import datetime as dt
import os
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.blocks import StreamValue
from wagtail.models import Revision

from news.models import NewsIndexPage, NewsPage
from pages import actions
from pages.models import ScheduledPublication, SearchEntry
from tests.news.truth import assert_lists_are_true
from tests.pages.factories import make_index, make_person
from translations.actions import save_translation

pytestmark = pytest.mark.django_db

LANGUAGES = ("es", "en")
SEQUENCES = int(os.environ.get("SEQUENCES", "0"))
MOST_PAGES = 4
MOST_STEPS = 14 if SEQUENCES else 8
BODY = NewsPage._meta.get_field("body_es").stream_block
BLOCK = "00000000-0000-4000-8000-000000000001"
KEYS = {"headline": "headline", "lead": "lead", "body": f"body.{BLOCK}"}
NOON = dt.datetime(2031, 5, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
# What editors do, and how often.
VERBS = {
    "edit": 3, "autosave": 1, "publish": 2, "publish_both": 1, "unpublish": 2,
    "desk": 2, "confirm": 1, "schedule": 1, "schedule_down": 1, "run_due": 2,
    "copy": 1, "move": 1, "revert": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What one editor does. Each verb uses what it needs of the rest."""

    verb: str
    ui: str
    page: int
    languages: tuple[str, ...]
    parts: tuple[str, ...]
    empties: bool
    number: int


STEPS = st.builds(
    Step,
    verb=st.sampled_from([verb for verb, often in VERBS.items() for _ in range(often)]),
    ui=st.sampled_from(LANGUAGES),
    page=st.integers(0, MOST_PAGES - 1),
    languages=st.sampled_from([("es",), ("en",), LANGUAGES]),
    parts=st.sampled_from(
        [
            ("headline",),
            ("headline", "lead"),
            ("lead", "body"),
            ("body",),
            ("headline", "lead", "body", "date"),
            ("date",),
            ("original",),
        ]  # fmt: skip
    ),
    empties=st.sampled_from([False] * 7 + [True]),
    number=st.integers(0, 5),
)


PUBLISH = Step("publish_both", "es", 0, LANGUAGES, (), False, 0)


def nothing():
    return dict.fromkeys(KEYS, "")


@dataclass
class Version:
    """A page's words by language, and what the languages share."""

    es: dict = field(default_factory=nothing)
    en: dict = field(default_factory=nothing)
    shared: dict = field(default_factory=dict)

    def of(self, language):
        return getattr(self, language)

    def segments(self, language):
        return {part: text for part, text in self.of(language).items() if text}


@dataclass
class Model:
    """What a page should be."""

    pk: int
    draft: Version
    live: Version = field(default_factory=Version)
    languages: set = field(default_factory=set)
    original: str = "es"  # as the row has it: readers' until something is published
    was_live: set = field(default_factory=set)
    confirmed: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)

    def source(self):
        """The original's words: as readers see them, else as drafted."""
        version = self.live if self.original in self.languages else self.draft
        return version.segments(self.original)

    def state(self, language):
        if language not in self.languages:
            return "draft" if self.draft.segments(language) else "missing"
        is_translation = language != self.original
        then = self.confirmed.get(language)
        is_behind = is_translation and then is not None and then != self.source()
        return "behind" if is_behind else "live"

    def publish(self, version, languages):
        shown = {
            code: version.of(code) if code in languages else self.live.of(code)
            for code in LANGUAGES
        }
        self.languages |= set(languages)
        for code in set(LANGUAGES) - self.languages:
            shown[code] = nothing()
        self.live = deepcopy(Version(**shown, shared=version.shared))
        self.original = version.shared["original"]
        for code in languages:
            if code not in self.was_live and code != self.original:
                self.confirmed[code] = self.source()
        self.was_live |= set(languages)

    def take_down(self, language):
        if language not in self.languages:
            return
        self.languages.remove(language)
        if self.languages:
            setattr(self.live, language, nothing())


@dataclass
class Due:
    """A publication that is to come."""

    pk: int
    model: Model
    at: int
    languages: tuple[str, ...]
    version: Version | None = None
    base: dict = field(default_factory=dict)

    def learn(self, was, now):
        """What an older plan changed is known to this one, which was made later."""
        self.base |= {name: now[name] for name in now if self.base[name] == was[name]}


class Newsroom:
    """Plays steps on the database and on the model, and compares."""

    def __init__(self, indexes, person, original):
        self.indexes, self.person = indexes, person
        self.models, self.due, self.counter = [], [], 0
        self.start(original)

    def start(self, original):
        """A story drafted in both languages."""
        draft = Version(shared={"date": dt.date(2030, 1, 1), "original": original})
        page = NewsPage(live=False, date=dt.date(2030, 1, 1))
        page.original_language = original
        for code in LANGUAGES:
            draft.of(code).update({part: self.word(code) for part in KEYS})
            for part, text in draft.of(code).items():
                setattr(page, f"{part}_{code}", stored(part, text))
        self.indexes[0].add_child(instance=page)
        page.save_revision()
        self.add(Model(page.pk, draft, original=original))

    def add(self, model):
        self.models.append(model)
        self.note(model)

    def play(self, step):
        model = self.models[step.page % len(self.models)]
        with translation.override(step.ui):
            getattr(self, step.verb)(model, step)
        for each in self.models:
            self.compare(each)
        assert_lists_are_true()

    def note(self, model):
        """Remember what the latest revision holds, for going back to it."""
        page = fresh(model)
        if page.live_revision_id:
            # Taking a language down blanks the row and leaves the revision.
            model.versions.setdefault(page.live_revision_id, deepcopy(model.live))
        model.versions[page.latest_revision_id] = deepcopy(model.draft)

    # --- What editors do

    def edit(self, model, step):
        self.write(model, step, overwrite=False)

    def autosave(self, model, step):
        self.write(model, step, overwrite=True)

    def write(self, model, step, *, overwrite):
        draft, wanted = drafted(model), deepcopy(model.draft)
        for part in step.parts:
            self.write_part(draft, wanted, part, step)
        if self.save(model, draft, overwrite=overwrite):
            model.draft = wanted
            self.note(model)

    def write_part(self, draft, wanted, part, step):
        if part == "date":
            wanted.shared["date"] = draft.date = dt.date(2030, 2, 1 + step.number)
        elif part == "original":
            wanted.shared["original"] = draft.original_language = step.languages[0]
        else:
            for code in step.languages:
                text = "" if step.empties else self.word(code)
                wanted.of(code)[part] = text
                setattr(draft, f"{part}_{code}", stored(part, text))

    def word(self, language):
        self.counter += 1
        return f"{language}-{self.counter}"

    def save(self, model, draft, *, overwrite=False):
        """As the editor's form does: the row too, while no reader sees it."""
        latest = draft.latest_revision
        if latest.pk == draft.live_revision_id or latest.user != self.person:
            overwrite = False
        try:
            with transaction.atomic():
                if not draft.live:
                    draft.save()
                draft.save_revision(
                    user=self.person, overwrite_revision=latest if overwrite else None
                )
        except ValidationError:
            return False
        if not draft.live:
            model.original = draft.original_language
        return True

    def publish(self, model, step, languages=None):
        languages = languages or step.languages
        try:
            actions.publish_languages(
                page=fresh(model), languages=languages, user=self.person
            )
        except ValidationError as refused:
            is_right = lacks_headline(model.draft, languages) or is_clash(refused)
            if not is_right:
                raise
            return
        assert not lacks_headline(model.draft, languages)
        model.publish(model.draft, languages)
        self.note(model)

    def publish_both(self, model, step):
        self.publish(model, step, LANGUAGES)

    def unpublish(self, model, step):
        for code in step.languages:
            actions.unpublish_language(
                page=fresh(model), language=code, user=self.person
            )
            model.take_down(code)
        self.note(model)

    def confirm(self, model, step):
        for code in step.languages:
            actions.confirm_translation(page=fresh(model), language=code)
            model.confirmed[code] = model.source()

    def desk(self, model, step):
        language = next(code for code in LANGUAGES if code != model.original)
        texts = {
            part: self.word(language)
            for part in model.source()
            if part in step.parts or part == "headline"
        }
        now = model.draft.of(language)
        save_translation(
            page=fresh(model),
            language=language,
            words={KEYS[part]: raw(part, text) for part, text in texts.items()},
            seen={KEYS[part]: raw(part, now[part]) for part in texts},
            user=self.person,
        )
        now.update(texts)
        self.note(model)

    def schedule(self, model, step):
        at = NOON + step.number * HOUR
        try:
            row = actions.schedule_publication(
                page=fresh(model), languages=step.languages, at=at, user=self.person
            )
        except ValidationError:
            assert lacks_headline(model.draft, step.languages)
            return
        known = model.live if model.languages else model.draft
        due = Due(row.pk, model, step.number, step.languages, base=dict(known.shared))
        due.version = deepcopy(model.draft)
        self.due.append(due)

    def schedule_down(self, model, step):
        row = actions.schedule_publication(
            page=fresh(model),
            languages=step.languages,
            at=NOON + step.number * HOUR,
            kind=ScheduledPublication.Kind.UNPUBLISH,
        )
        self.due.append(Due(row.pk, model, step.number, step.languages))

    def run_due(self, _model, step):
        actions.run_due_publications(now=NOON + step.number * HOUR)
        now = [due for due in self.due if due.at <= step.number]
        for due in sorted(now, key=lambda due: (due.at, due.pk)):
            self.due.remove(due)
            error = ScheduledPublication.objects.get(pk=due.pk).error
            assert not error or "/es/" in error or "/en/" in error
            if not error:
                self.happen(due)

    def happen(self, due):
        if due.version is None:
            for code in due.languages:
                due.model.take_down(code)
        else:
            was, is_live = dict(due.model.live.shared), bool(due.model.languages)
            if is_live:
                newer = {n: was[n] for n in was if was[n] != due.base[n]}
                due.version.shared |= newer
            due.model.publish(due.version, due.languages)
            for plan in self.due:
                if plan.model is due.model and plan.pk > due.pk and plan.version:
                    plan.learn(was if is_live else plan.base, due.model.live.shared)
        self.note(due.model)

    def copy(self, model, _step):
        if len(self.models) == MOST_PAGES:
            return
        page = fresh(model).copy(user=self.person)
        self.add(Model(page.pk, deepcopy(model.draft), original=model.original))

    def move(self, model, step):
        page = fresh(model)
        target = self.indexes[step.number % 2]
        try:
            with transaction.atomic():
                page.move(NewsIndexPage.objects.get(pk=target.pk), pos="last-child")
        except ValidationError as refused:
            if not is_clash(refused):
                raise

    def revert(self, model, step):
        known = sorted(model.versions)
        revision = Revision.objects.filter(pk=known[step.number % len(known)]).first()
        if revision is None:
            return
        wanted = deepcopy(model.versions[revision.pk])
        if self.save(model, revision.as_object()):
            model.draft = wanted
            self.note(model)

    # --- What must hold

    def compare(self, model):
        with translation.override("es"):
            page, draft = fresh(model), drafted(model)
        assert set(page.live_languages()) == model.languages
        assert page.live_revision is None or page.live_revision.content_object == page
        for code in LANGUAGES:
            assert all(w.startswith(code) for w in words(page, code).values() if w)
            assert words(draft, code) == model.draft.of(code), "draft"
            if model.languages:
                assert words(page, code) == model.live.of(code), "live"
            state = getattr(page, f"state_{code}")
            assert state == model.state(code), (code, "state")
        assert shared(draft) == model.draft.shared, "draft"
        if model.languages:
            assert shared(page) == model.live.shared, "live"
        rows = SearchEntry.objects.filter(page_id=model.pk)
        found = dict(rows.values_list("language", "title"))
        heads = {code: model.live.of(code)["headline"] for code in model.languages}
        assert found == heads, "search"


def fresh(model):
    return NewsPage.objects.get(pk=model.pk)


def drafted(model):
    return fresh(model).get_latest_revision_as_object()


def raw(part, text):
    """A text as the desk sends it: rich text as HTML."""
    return f"<p>{text}</p>" if part == "body" and text else text


def stored(part, text):
    """A text as the field holds it."""
    if part != "body":
        return text
    block = {"type": "paragraph", "id": BLOCK, "value": raw(part, text)}
    return StreamValue(BODY, [block] if text else [], True)


def words(page, code):
    body = [str(block["value"]) for block in getattr(page, f"body_{code}").raw_data]
    return {
        "headline": getattr(page, f"headline_{code}") or "",
        "lead": getattr(page, f"lead_{code}") or "",
        "body": "".join(body).removeprefix("<p>").removesuffix("</p>"),
    }


def shared(page):
    return {"date": page.date, "original": page.original_language}


def lacks_headline(version, languages):
    return any(not version.of(code)["headline"] for code in languages)


def is_clash(refused):
    """Whether another page has the address."""
    return {name[:5] for name in refused.message_dict} == {"slug_"}


@pytest.fixture
def indexes(home):
    other = NewsIndexPage(headline_es="Archivo", headline_en="Archive", live=False)
    first = make_index(home)
    home.refresh_from_db()
    home.add_child(instance=other)
    return [first, actions.publish_languages(page=other, languages=LANGUAGES)]


@pytest.mark.timeout(0 if SEQUENCES else 120)
@pytest.mark.parametrize("start", ["drafted", "published"])
def test_no_sequence_mixes_languages_or_leaks_a_draft(indexes, start):
    person = make_person("boss", superuser=True)
    first = [PUBLISH] if start == "published" else []

    @settings(
        max_examples=SEQUENCES // 2 or 3,
        derandomize=not SEQUENCES,
        # Making a failure smaller takes minutes.
        phases=list(Phase) if SEQUENCES else [Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(LANGUAGES),
        st.lists(STEPS, min_size=MOST_STEPS // 2, max_size=MOST_STEPS),
    )
    def play(original, steps):
        with transaction.atomic():
            fresh = [fresh_index(index) for index in indexes]
            newsroom = Newsroom(fresh, person, original)
            for step in first + steps:
                newsroom.play(step)
            transaction.set_rollback(True)

    play()


def fresh_index(index):
    return NewsIndexPage.objects.get(pk=index.pk)
