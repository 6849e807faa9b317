"""The pages of the translation desk: the queue, and who has what."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from pages.languages import field, languages, name_in_words
from pages.models.columns import State
from translations import actions, desk, texts
from translations.errors import (
    NotTranslatorError,
    OriginalChangedError,
    PageLockedError,
)
from translations.models import Assignment
from translations.rights import languages_of, may_translate_texts, translators
from translations.subjects import assign_path, side_path
from translations.text_views import TextDeskMixin
from translations.translating import PageDeskMixin

PER_PAGE = 50
LONGEST_NUMBER = 18  # digits of a key
MINE, NOBODY = "me", "nobody"


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    """What waits for a translation into one language."""

    template_name = "translations/desk/desk.html"
    page_title = gettext_lazy("Translations")
    header_icon = "globe"
    _show_breadcrumbs = True

    def dispatch(self, request, *args, **kwargs):
        if not self.mine:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def mine(self):
        return languages_of(self.request.user)

    @cached_property
    def all_texts(self):
        return texts.all_texts()

    @cached_property
    def language(self):
        asked = self.request.GET.get("language")
        return asked if asked in languages() else self._busiest()

    def _busiest(self):
        """The language in which most waits, of those this person writes."""
        if len(self.mine) == 1:
            return self.mine[0]
        return max(
            self.mine,
            key=lambda code: (
                desk.waiting(code).count() + len(texts.waiting(code, self.all_texts))
            ),
        )

    def get_breadcrumbs_items(self):
        return [{"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        due = desk.deadlines(self.language)
        rows = desk.queue(self.language, due, self.meanings())
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        assigned = self.assigned(page)
        return super().get_context_data(
            language=self.language,
            language_name=name_in_words(self.language),
            others=[
                (code, name_in_words(code))
                for code in languages()
                if code != self.language
            ],
            may_write=self.language in self.mine,
            may_write_texts=may_translate_texts(self.request.user, self.language),
            texts=self.waiting_texts(assigned),
            choices=self.choices(),
            rows=self.rows(page, due, assigned),
            page_of_rows=page,
            charts=charts(self.all_texts),
            **kwargs,
        )

    def meanings(self):
        """What the choices above the queue ask for."""
        asked = self.request.GET
        found = [
            choice.meaning(asked[choice.name])
            for choice in desk.filters()
            if _is_number(asked.get(choice.name, ""))
        ]
        if asked.get("state") in desk.WAITING:
            found.append(Q(**{f"state_{self.language}": asked["state"]}))
        if asked.get("type"):
            kinds = {kind._meta.model_name for kind in desk.page_types()}
            found.append(Q(content_type__model__in=kinds & {asked["type"]}))
        return [*found, *self._meaning_of_who()]

    def _meaning_of_who(self):
        who = self.request.GET.get("who")
        # A text's page is null, and with a null among them nothing is "not in".
        assigned = Assignment.objects.exclude(page=None).filter(language=self.language)
        if who == MINE:
            mine = assigned.filter(translator=self.request.user)
            return [Q(pk__in=mine.values("page"))]
        if who == NOBODY:
            return [~Q(pk__in=assigned.values("page"))]
        return []

    def assigned(self, page):
        """Who has what of the pages shown and of all texts, by what it is."""
        found = Assignment.objects.filter(
            Q(page__in=list(page)) | Q(page=None), language=self.language
        ).select_related("translator")
        return {row.page_id or row.text_key: row for row in found}

    def waiting_texts(self, assigned):
        """What waits outside of pages, as far as the choices can mean it."""
        asked = self.request.GET
        if any(_is_number(asked.get(choice.name, "")) for choice in desk.filters()):
            return []
        rows = [
            {
                "standing": row,
                "original": name_in_words(row.text.original),
                **self.who_has(row.text.obj, assigned.get(row.text.key)),
            }
            for row in texts.waiting(self.language, self.all_texts)
            if asked.get("state") in ("", None, row.state)
            or asked["state"] not in desk.WAITING
            if asked.get("type") in ("", None, row.text.kind)
        ]
        return [row for row in rows if self._is_whose(row)]

    def _is_whose(self, row):
        who = self.request.GET.get("who")
        if who == NOBODY:
            return row["assignment"] is None
        return row["is_mine"] or who != MINE

    def choices(self):
        """(name, label, [(value, label)], chosen) of each choice above the queue."""
        types = [
            (model._meta.model_name, capfirst(str(model._meta.verbose_name)))
            for model in [*desk.page_types(), *texts.models()]
        ]
        states = [(state.value, capfirst(state.label)) for state in desk.WAITING]
        who = [(MINE, _("Mine")), (NOBODY, _("Nobody’s"))]
        shown = [
            (choice.name, choice.label, choice.choices(get_language()))
            for choice in desk.filters()
        ]
        shown += [
            ("state", _("State"), states),
            ("type", _("Type"), sorted(types, key=lambda choice: choice[1])),
            ("who", _("Whose"), who),
        ]
        return [(*choice, self.request.GET.get(choice[0], "")) for choice in shown]

    def rows(self, page, due, assigned):
        """The pages shown, each with what the table says of it."""
        now = timezone.now()
        return [
            {
                "page": found,
                "state": State(field(found, "state", self.language)),
                "since": field(found, "since", self.language),
                "words": field(found, "words", self.language),
                "progress": field(found, "progress", self.language),
                "original": name_in_words(found.original_language),
                "deadline": due.get(found.pk),
                "is_late": found.pk in due and due[found.pk].at < now,
                **self.who_has(found, assigned.get(found.pk)),
            }
            for found in page
        ]

    def who_has(self, subject, assignment):
        """What the table says of whose a translation is."""
        user = self.request.user
        return {
            "assignment": assignment,
            "is_mine": assignment is not None and assignment.translator_id == user.pk,
            "assign_url": assign_path(subject, self.language),
        }


def _is_number(asked):
    return asked.isdecimal() and len(asked) <= LONGEST_NUMBER


def charts(found_texts):
    """Per language how much is right, behind, begun and missing, in per cent."""
    found = []
    for code, numbers in desk.standing(found_texts).items():
        total, bars, place = sum(numbers.values()), [], 0.0
        for state in (State.LIVE, State.BEHIND, State.DRAFT, State.MISSING):
            number = numbers[state.value]
            share = 100 * number / total if total else 0
            shape = {"from": round(place, 2), "share": round(share, 2)}
            bars.append(
                {"state": state, "label": state.label, "number": number} | shape
            )
            place += share
        found.append({"language": capfirst(name_in_words(code)), "bars": bars})
    return found


class ConfirmView(PageDeskMixin, View):
    """Nothing needed changing: the translation is up to date."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            actions.confirm_up_to_date(
                page=self.page,
                language=self.language,
                seen=request.POST.get("original"),
                user=request.user,
            )
        except OriginalChangedError:
            said = _("Not confirmed: the original changed meanwhile. Look once more.")
            messages.error(request, said)
            return redirect("translations_side", self.page.pk, self.language)
        except PageLockedError as error:
            messages.error(request, str(error))
            return redirect("translations_side", self.page.pk, self.language)
        messages.success(request, _("Noted: the translation is right as it is."))
        return redirect("translations_desk")


class AssignView(View):
    """Take a translation, give it to somebody, or hand it back.

    Subclasses know what it is of: `subject`, `language`.
    """

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        verb = request.POST.get("verb")
        if verb == "take":
            self.give(request, request.user)
        elif verb == "assign":
            people = translators(self.language)
            self.give(request, get_object_or_404(people, pk=self.asked_for(request)))
        elif verb == "hand-back":
            self.hand_back(request)
        else:
            raise Http404
        return redirect(side_path(self.subject, self.language))

    def asked_for(self, request):
        asked = request.POST.get("translator", "")
        return asked if _is_number(asked) else 0

    def give(self, request, person):
        named = {"person": name_of(person), "language": name_in_words(self.language)}
        try:
            actions.assign(
                subject=self.subject,
                language=self.language,
                to=person,
                by=request.user,
                note=request.POST.get("note", "")[:1000],
            )
        except NotTranslatorError:
            text = _(
                "%(person)s may not translate this into %(language)s. Choose somebody "
                "else."
            )
            messages.error(request, text % named)
            return
        messages.success(request, _("This translation is with %(person)s now.") % named)

    def hand_back(self, request):
        told = {"subject": self.subject, "language": self.language, "by": request.user}
        if actions.hand_back(**told):
            messages.success(request, _("Handed back: anybody may take it now."))
        else:
            messages.warning(
                request, _("Nobody had it: there is nothing to hand back.")
            )


class AssignPageView(PageDeskMixin, AssignView):
    """Who has the translation of a page."""


class AssignTextView(TextDeskMixin, AssignView):
    """Who has the translation of an office, a newsletter or the site's own words."""


def name_of(person):
    """How colleagues call somebody."""
    return person.get_full_name() or person.get_username()
