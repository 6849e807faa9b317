"""The editor of the desk: an original and its translation side by side."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from pages import consents, locks
from pages.languages import field, language_name, languages, name_in_words
from pages.models import BilingualPage
from pages.models.columns import State
from translations import actions
from translations.errors import OriginalChangedError, PageLockedError, UnfinishedError
from translations.forms import SegmentsForm
from translations.glossary import Glossary
from translations.noting import notes_html, take_note, take_notes, with_notes
from translations.rights import may_translate, translators
from translations.side import laid_out
from translations.subjects import assign_path, assignments

# Set by desk_preview.js; a cookie, so that the page comes as it will stay.
PREVIEW, BESIDE = "pg_desk_preview", "beside"


class PageDeskMixin:
    """Knows the page and the language of the address."""

    @cached_property
    def page(self):
        return get_object_or_404(BilingualPage, pk=self.kwargs["page_id"]).specific

    @cached_property
    def language(self):
        code = self.kwargs["language"]
        if code not in languages() or code == self.page.original_language:
            raise Http404
        return code

    @property
    def subject(self):
        return self.page

    def dispatch(self, request, *args, **kwargs):
        if not may_translate(request.user, self.page, self.language):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class SideView(WagtailAdminTemplateMixin, TemplateView):
    """An original on one side, its translation on the other, saved as it is sent.

    Subclasses know the text: `subject`, `language`, `original`, `side`, `save`,
    `look_again`, `done`, `about`.
    """

    header_icon = "globe"
    _show_breadcrumbs = True

    @property
    def page_title(self):
        return _("Translate into %(language)s") % {
            "language": name_in_words(self.language)
        }

    def get_breadcrumbs_items(self):
        desk_url = f"{reverse('translations_desk')}?language={self.language}"
        return [
            {"url": desk_url, "label": _("Translations")},
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]

    def post(self, request, *args, **kwargs):
        form = SegmentsForm(request.POST, side=self.side)
        try:
            is_valid = form.is_valid()
        # What Wagtail's text editor never sends.
        except (AttributeError, KeyError, TypeError, ValueError):
            return HttpResponseBadRequest()
        if not is_valid:
            return self.refuse(form)
        try:
            saved = self.save(form)
        except PageLockedError as error:
            return self.locked(form, str(error))
        return self.saved(form, saved)

    def wants_json(self):
        return self.request.headers.get("Accept", "").startswith("application/json")

    def refuse(self, form):
        if self.wants_json():
            return JsonResponse({"errors": form.errors_by_key()}, status=422)
        messages.error(self.request, _("Not saved: see what is in the way below."))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def locked(self, form, reason):
        if self.wants_json():
            return JsonResponse({"locked": reason}, status=423)
        messages.error(self.request, reason)
        return self.render_to_response(self.get_context_data(form=form), status=423)

    def saved(self, form, saved):
        self.look_again()
        gone = form.gone()
        if self.wants_json():
            return JsonResponse(self.as_json(saved, gone))
        for text in gone.values():
            said = _("The original no longer has this text. You had written: %(words)s")
            messages.warning(self.request, said % {"words": text})
        if saved.conflicts:
            text = ngettext(
                "%(number)s text was changed by somebody else meanwhile; yours stands "
                "below it.",
                "%(number)s texts were changed by somebody else meanwhile; yours stand "
                "below them.",
                len(saved.conflicts),
            )
            messages.warning(self.request, text % {"number": len(saved.conflicts)})
            form.add_conflicts(saved.conflicts)
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return self.done()

    def as_json(self, saved, gone):
        return {
            "saved_at": timezone.localtime().strftime("%H:%M:%S"),
            "seen": {row.key: row.value for row in self.side.rows},
            # Where a text is gone nothing stands; the browser keeps what was written.
            "conflicts": {**saved.conflicts, **dict.fromkeys(gone, "")},
            "progress": render_to_string(
                "translations/desk/_progress.html",
                {"side": self.side, "language_name": name_in_words(self.language)},
                self.request,
            ),
            "checks": {
                row.key: render_to_string(
                    "translations/desk/_checks.html", {"row": row}, self.request
                ).strip()
                for row in self.side.rows
            },
        }

    def get_context_data(self, form=None, **kwargs):
        form = form or SegmentsForm(side=self.side)
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "media": form.media,
            "side": self.side,
            **self.rows_of(form),
            "language": self.language,
            "language_name": name_in_words(self.language),
            "original_name": name_in_words(self.original),
            "heading": language_name(self.language),
            **self.who_has_it(),
            **self.about(),
        }

    def who_has_it(self):
        """Whose the translation is, and whose it may become."""
        return {
            "assignment": assignments(self.subject)
            .filter(language=self.language)
            .first(),
            "assign_url": assign_path(self.subject, self.language),
            "translators": translators(self.language),
        }

    def rows_of(self, form):
        """The texts as the template shows them."""
        return {"rows": form.rows()}


class SideBySideView(PageDeskMixin, SideView):
    """A page beside its translation."""

    template_name = "translations/desk/side.html"

    def get_page_subtitle(self):
        return self.page.headline_for_lists()

    @property
    def original(self):
        return self.page.original_language

    @cached_property
    def side(self):
        glossary = Glossary(self.original, self.language)
        draft = self.page.get_latest_revision_as_object()
        return laid_out(self.page, draft, self.language, glossary)

    def post(self, request, *args, **kwargs):
        if not self.wants_json():
            for taken in take_notes(request, self.page, self.language):
                taken.say(request)
        return super().post(request, *args, **kwargs)

    def rows_of(self, form):
        rows, other_notes = with_notes(form.rows(), self.page, self.side)
        return {"rows": rows, "other_notes": other_notes}

    def save(self, form):
        return actions.save_translation(
            page=self.page,
            language=self.language,
            words=form.words(),
            seen=form.seen(),
            user=self.request.user,
        )

    def look_again(self):
        del self.__dict__["side"]
        self.__dict__.pop("page")

    def done(self):
        messages.success(self.request, _("Draft saved."))
        if "publish" in self.request.POST:
            return publish(self.request, self.page, self.language)
        return redirect("translations_side", self.page.pk, self.language)

    def about(self):
        """What the template shows of the page and its people."""
        return {
            "page": self.page,
            "kept_as": f"{self.page.pk}-{self.language}",
            "seen": self.side.digest,
            "state": State(field(self.page, "state", self.language)),
            "may_publish": self.may_publish(),
            "held": locks.why_held(self.page, self.language, self.request.user),
            "preview_is_beside": self.request.COOKIES.get(PREVIEW) == BESIDE,
        }

    def may_publish(self):
        permissions = self.page.permissions_for_user(self.request.user)
        return permissions.can_publish_language(self.language)


class NotesView(PageDeskMixin, View):
    """Takes a note while somebody writes: the answer is the notes of that row anew."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        taken = take_note(request, self.page, self.language)
        if taken is None:
            return HttpResponseBadRequest()
        if taken.is_refused:
            return JsonResponse({"refused": taken.words}, status=422)
        draft = self.page.get_latest_revision_as_object()
        side = laid_out(self.page, draft, self.language)
        key = request.POST.get("at", "")
        html = notes_html(request, self.page, side, key)
        return JsonResponse({"html": html, "said": taken.words})


def publish(request, page, language):
    """Publish what was saved, or say what is in the way."""
    named = {"title": page.headline_for_lists(), "language": name_in_words(language)}
    try:
        draft = page.get_latest_revision_as_object()
        consents.require_remembered(request, draft, [language])
        actions.publish_translation(
            page=page,
            language=language,
            seen=request.POST.get("original"),
            user=request.user,
        )
    except OriginalChangedError:
        text = _(
            "Not published: the original changed meanwhile. Your draft is saved; look "
            "at what is marked and publish again."
        )
        messages.error(request, text)
        return redirect("translations_side", page.pk, language)
    except UnfinishedError as error:
        text = ngettext(
            "Not published: %(number)s text has no translation yet, or has lost a "
            "link. Your draft is saved.",
            "Not published: %(number)s texts have no translation yet, or have lost a "
            "link. Your draft is saved.",
            error.number,
        )
        messages.error(request, text % {"number": error.number})
        return redirect("translations_side", page.pk, language)
    except PageLockedError as error:
        messages.error(request, str(error))
        return redirect("translations_side", page.pk, language)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("translations_side", page.pk, language)
    text = _("“%(title)s” is published in %(language)s and up to date.")
    messages.success(request, text % named)
    return redirect("translations_desk")
