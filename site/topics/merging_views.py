"""Admin pages for merging two terms, and the ways there."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from topics.errors import CannotMergeError
from topics.merging import MAY_MERGE, merge_terms, plan_merge
from topics.models import TermPage


def may_merge(user, term):
    """Whether somebody may give up a term, or have others merged into it."""
    return user.has_perm(MAY_MERGE) and term.permissions_for_user(user).can_edit()


def merge_url(user, page):
    """Where a term is merged into another; None for other pages and people."""
    kind = page.specific_class
    if kind is None or not issubclass(kind, TermPage) or not may_merge(user, page):
        return None
    return reverse("topics_merge", args=[page.pk])


def merge_buttons(user, page):
    """For the message that refuses to delete a term in use."""
    url = merge_url(user, page)
    return [messages.button(url, _("Merge into…"))] if url else None


class TermForm(forms.Form):
    """Which term to keep."""

    into = forms.ChoiceField(label=gettext_lazy("Merge into"))

    def __init__(self, terms, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [
            (term.pk, term.get_admin_display_title()) for term in terms
        ]


class MergeView(WagtailAdminTemplateMixin, TemplateView):
    """Asks for the term to keep, says what moves, and on POST moves it."""

    template_name = "topics/admin/merge.html"
    page_title = gettext_lazy("Merge into another")
    header_icon = "resubmit"
    _show_breadcrumbs = True

    @cached_property
    def term(self):
        page = TermPage.objects.filter(pk=self.kwargs["pk"]).first()
        return page and page.specific

    @cached_property
    def others(self):
        """The terms of its kind that this person may have it merged into."""
        kind = type(self.term)
        found = kind.objects.exclude(pk=self.term.pk).order_by("title")
        return [term for term in found if may_merge(self.request.user, term)]

    @cached_property
    def kept(self):
        """The term chosen to be kept, or None."""
        asked = self.request.POST.get("into") or self.request.GET.get("into")
        if not asked:
            return None
        chosen = [term for term in self.others if str(term.pk) == asked]
        if not chosen:
            raise Http404
        return chosen[0]

    def dispatch(self, request, *args, **kwargs):
        if self.term is None:
            messages.warning(request, _("It no longer exists; nothing was merged."))
            return redirect("wagtailadmin_explore_root")
        if not may_merge(request.user, self.term):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.term.get_admin_display_title()

    def get_context_data(self, **kwargs):
        kept = self.kept
        return super().get_context_data(
            term=self.term,
            title=self.term.get_admin_display_title(),
            others=self.others,
            form=None if kept else TermForm(self.others),
            kept=kept and kept.get_admin_display_title(),
            plan=kept and plan_merge(merged=self.term, kept=kept),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if self.kept is None:
            return self.get(request)
        names = {
            "merged": self.term.get_admin_display_title(),
            "kept": self.kept.get_admin_display_title(),
        }
        try:
            merge_terms(merged=self.term, kept=self.kept, user=request.user)
        except CannotMergeError as error:
            messages.error(request, str(error))
            return redirect("topics_merge", self.kwargs["pk"])
        text = _("“%(merged)s” was merged into “%(kept)s”.")
        messages.success(request, text % names)
        return redirect("wagtailadmin_pages:edit", self.kept.pk)
