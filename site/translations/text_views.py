"""The editor of the desk for words outside of pages."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from pages.languages import languages, name_in_words
from pages.models.columns import State
from translations import text_actions
from translations.errors import OriginalChangedError, UnfinishedError
from translations.glossary import Glossary
from translations.rights import may_translate_texts
from translations.side import text_laid_out
from translations.subjects import side_path
from translations.texts import find_text
from translations.translating import SideView


class TextDeskMixin:
    """Knows the text and the language of the address."""

    def dispatch(self, request, *args, **kwargs):
        if not may_translate_texts(request.user, self.language):
            raise PermissionDenied
        if not self.text.is_translated_into(self.language):
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)
        except ObjectDoesNotExist as error:  # deleted a moment ago
            raise Http404 from error

    @cached_property
    def text(self):
        found = find_text(self.kwargs["kind"], self.kwargs["pk"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def language(self):
        if self.kwargs["language"] not in languages():
            raise Http404
        return self.kwargs["language"]

    @property
    def subject(self):
        return self.text.obj


class TextSideView(TextDeskMixin, SideView):
    """An office, a newsletter or the site's own words beside their translation."""

    template_name = "translations/desk/text.html"

    @property
    def original(self):
        return self.text.original

    @cached_property
    def side(self):
        glossary = Glossary(self.original, self.language)
        draft = text_actions.draft_of(self.text.obj)
        return text_laid_out(self.text, draft, self.language, glossary)

    def get_page_subtitle(self):
        return self.text.title

    def save(self, form):
        return text_actions.save_text(
            obj=self.text.obj,
            language=self.language,
            words=form.words(),
            seen=form.seen(),
            original=self.request.POST.get("original"),
            user=self.request.user,
        )

    def look_again(self):
        del self.__dict__["side"]
        self.__dict__.pop("text")

    def done(self):
        if "confirm" in self.request.POST:
            return self.confirm()
        messages.success(self.request, _("Saved: readers see it now."))
        return self.stay()

    def confirm(self):
        try:
            text_actions.confirm_text(
                obj=self.text.obj,
                language=self.language,
                seen=self.request.POST.get("original", ""),
                user=self.request.user,
            )
        except OriginalChangedError:
            said = _("Saved, but not confirmed: the original changed meanwhile.")
            messages.error(self.request, said)
            return self.stay()
        except UnfinishedError as error:
            said = ngettext(
                "Saved, but not confirmed: %(number)s text has no translation yet.",
                "Saved, but not confirmed: %(number)s texts have no translation yet.",
                error.number,
            )
            messages.error(self.request, said % {"number": error.number})
            return self.stay()
        said = _("“%(title)s” is up to date in %(language)s.")
        named = {"title": self.text.obj, "language": name_in_words(self.language)}
        messages.success(self.request, said % named)
        return self.leave()

    def stay(self):
        if not self.text.is_translated_into(self.language):
            return self.leave()
        return redirect(side_path(self.text.obj, self.language))

    def leave(self):
        return redirect(f"{reverse('translations_desk')}?language={self.language}")

    def about(self):
        """What the template shows of the text."""
        standing = self.text.standing(self.language)
        finder = AdminURLFinder(self.request.user)
        return {
            "kept_as": f"{self.text.kind}-{self.text.obj.pk}-{self.language}",
            "standing": standing,
            "seen": self.text.digest,
            "is_behind": standing.state == State.BEHIND,
            "edit_url": finder.get_edit_url(self.text.obj),
        }
