"""Admin pages of the trash: what was deleted of late, and bringing it back."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page
from wagtail.permissions import policy_registry

from pages import restoring
from pages.errors import AlreadyRestoredError
from pages.languages import names_in_words
from pages.models import DeletedPage

PER_PAGE = 50


def may_see_trash(user):
    """Whether somebody may add pages anywhere, and so bring some back."""
    return policy_registry.get_by_type(Page).user_has_permission(user, "add")


def may_restore(user, deleted, parent):
    """Whether somebody may bring a page back: who may add below the page above."""
    if parent is None:
        return may_see_trash(user)
    return parent.permissions_for_user(user).can_add_subpage()


def day(moment):
    """A moment as a date in the language being shown."""
    return date_format(localtime(moment), "DATE_FORMAT")


def offer_undo(request, page_ids):
    """Say until when what was just deleted can come back, with a way to it."""
    rows = list(DeletedPage.objects.waiting().filter(page_id__in=page_ids))
    if not rows:
        return
    url = reverse("pages_deleted")
    if len(rows) == 1:
        url = reverse("pages_restore", args=[rows[0].pk])
    text = _("You can bring it back until %(date)s.") % {
        "date": day(rows[0].kept_until)
    }
    messages.info(request, text, buttons=[messages.button(url, _("Undo"))])


class DeletedPagesView(WagtailAdminTemplateMixin, TemplateView):
    """What was deleted of late, newest first."""

    template_name = "pages/admin/deleted.html"
    page_title = gettext_lazy("Recently deleted")
    header_icon = "bin"
    _show_breadcrumbs = True

    def dispatch(self, request, *args, **kwargs):
        if not may_see_trash(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [{"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        page = Paginator(self.rows(), PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            rows=[(row, names_in_words(row.live_languages())) for row in page],
            page_of_rows=page,
            **kwargs,
        )

    def rows(self):
        """Those this person may bring back."""
        tops = DeletedPage.objects.waiting().tops()
        found = list(
            tops.select_related("content_type", "deleted_by").defer(
                "versions", "paths", "rows", "pointers", "links"
            )
        )
        ids = {row.parent_id for row in found}
        parents = {
            page.pk: page.permissions_for_user(self.request.user).can_add_subpage()
            for page in Page.objects.filter(pk__in=ids).specific()
        }
        return [row for row in found if parents.get(row.parent_id, True)]


class RestoreView(WagtailAdminTemplateMixin, TemplateView):
    """Says what bringing a page back will do, and on POST does it."""

    template_name = "pages/admin/restore.html"
    page_title = gettext_lazy("Bring back")
    header_icon = "history"
    _show_breadcrumbs = True

    @cached_property
    def deleted(self):
        return get_object_or_404(DeletedPage.objects.kept(), pk=self.kwargs["pk"])

    @cached_property
    def former_parent(self):
        parent = Page.objects.filter(pk=self.deleted.parent_id).first()
        return parent and parent.specific

    @cached_property
    def parent_in_trash(self):
        """The deletion of the page above, where that can be undone first."""
        waiting = DeletedPage.objects.waiting()
        return waiting.filter(page_id=self.deleted.parent_id).first()

    @cached_property
    def choices(self):
        """Other places for it, where the page above is gone for good."""
        if self.former_parent or self.parent_in_trash:
            return []
        return restoring.parents_for(self.deleted, self.request.user)

    @cached_property
    def parent(self):
        """The page it would stand under now, or None."""
        asked = self.request.POST.get("parent") or self.request.GET.get("parent")
        chosen = [page for page in self.choices if str(page.pk) == asked]
        return self.former_parent or next(iter([*chosen, *self.choices]), None)

    def dispatch(self, request, *args, **kwargs):
        if not may_restore(request.user, self.deleted, self.former_parent):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.deleted.title

    def get_breadcrumbs_items(self):
        return [
            {"url": reverse("pages_deleted"), "label": DeletedPagesView.page_title},
            {"url": "", "label": self.page_title, "sublabel": self.deleted.title},
        ]

    def get_context_data(self, **kwargs):
        plan, refusals = self.plan()
        shown = self.parent if len(self.choices) > 1 else None
        return super().get_context_data(
            deleted=self.deleted,
            kind=capfirst(str(self.deleted.kind)),
            plan=plan,
            refusals=refusals,
            above=self.parent and self.parent.get_admin_display_title(),
            parent_in_trash=self.parent_in_trash if plan is None else None,
            form=shown and ParentForm(self.choices, initial={"parent": shown.pk}),
            languages=names_in_words(plan.places[0].live) if plan else "",
            below=len(plan.places) - 1 if plan else 0,
            **kwargs,
        )

    def plan(self):
        """(plan, refusals): one of them is empty."""
        if self.deleted.restored_at:
            return None, [self.said_already()]
        if self.parent is None:
            return None, [self.said_parent_gone()]
        try:
            made = restoring.plan(
                deleted=self.deleted, parent=self.parent, user=self.request.user
            )
        except ValidationError as error:
            return None, error.messages
        return made, []

    def said_already(self):
        text = _("“%(title)s” was already brought back on %(date)s.")
        date = day(self.deleted.restored_at)
        return text % {"title": self.deleted.title, "date": date}

    def said_parent_gone(self):
        if self.parent_in_trash:
            text = _(
                "The page above it, “%(parent)s”, was deleted too: "
                "bring that one back first."
            )
        else:
            text = _(
                "The page above it, “%(parent)s”, no longer exists, and there is no "
                "other place for it."
            )
        return text % {"parent": self.deleted.parent_title}

    def post(self, request, *args, **kwargs):
        if self.deleted.restored_at or self.parent is None:
            return self.get(request)
        try:
            page = restoring.restore(
                deleted=self.deleted, parent=self.parent, user=request.user
            )
        except AlreadyRestoredError:
            del self.deleted
            return self.get(request)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("pages_restore", self.deleted.pk)
        text = _("“%(title)s” is back.") % {"title": self.deleted.title}
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        messages.success(request, text, buttons=[messages.button(edit, _("Edit"))])
        return redirect("wagtailadmin_explore", page.get_parent().pk)


class ParentForm(forms.Form):
    """Where to put a page whose former place is gone."""

    parent = forms.ChoiceField(label=gettext_lazy("Where to put it"))

    def __init__(self, pages, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [
            (page.pk, page.get_admin_display_title()) for page in pages
        ]
