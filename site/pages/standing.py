"""Admin pages about a page's languages: take down, schedule, confirm."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput

from pages import actions, consents, locks, states
from pages.languages import languages, name_in_words, names_in_words
from pages.models import BilingualPage, Confirmation, ScheduledPublication


class PageStandingView(WagtailAdminTemplateMixin):
    """Knows the page and what the person asking may do with it."""

    _show_breadcrumbs = True
    header_icon = "doc-empty-inverse"

    @cached_property
    def page(self):
        return get_object_or_404(BilingualPage, pk=self.kwargs["page_id"]).specific

    @cached_property
    def language(self):
        code = self.kwargs["language"]
        if code not in languages():
            raise Http404
        return code

    def require_publisher(self, language):
        permissions = self.page.permissions_for_user(self.request.user)
        if not permissions.can_publish_language(language):
            raise PermissionDenied

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["page"] = self.page
        if "language" in self.kwargs:
            context["language_name"] = name_in_words(self.language)
        return context

    def back(self):
        return redirect("wagtailadmin_pages:edit", self.page.pk)


class TakeDownView(PageStandingView, TemplateView):
    """Asks once, then takes one language from readers."""

    template_name = "pages/admin/take_down.html"
    page_title = gettext_lazy("Take down")

    def dispatch(self, request, *args, **kwargs):
        self.require_publisher(self.language)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        actions.unpublish_language(
            page=self.page, language=self.language, user=request.user
        )
        text = _("“%(title)s” is no longer to be read in %(language)s.")
        names = {
            "title": self.page.get_admin_display_title(),
            "language": name_in_words(self.language),
        }
        messages.success(request, text % names)
        return self.back()


class ConfirmView(PageStandingView, TemplateView):
    """Shows what changed in the original, and lets a translator say: still right."""

    template_name = "pages/admin/confirm.html"
    page_title = gettext_lazy("Still right?")

    def dispatch(self, request, *args, **kwargs):
        permissions = self.page.permissions_for_user(request.user)
        if not permissions.can_confirm(self.language):
            raise PermissionDenied
        if reason := locks.why_held(self.page, self.language, request.user):
            messages.error(request, reason)
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        named = {"changes": self.changes(), "seen": states.digest(self.original)}
        return super().get_context_data(**named, **kwargs)

    @cached_property
    def original(self):
        """What the original says now, by segment."""
        draft = self.page.get_latest_revision_as_object()
        return states.original_segments(self.page, draft)

    def changes(self):
        """(before, now) of each part of the original that changed."""
        row = Confirmation.objects.filter(page=self.page, language=self.language)
        before, now = row[0].segments if row else {}, self.original
        keys = [*now, *(key for key in before if key not in now)]
        pairs = [(before.get(key, ""), now.get(key, "")) for key in keys]
        return [pair for pair in pairs if pair[0] != pair[1]]

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.page = actions.locked(self.page)
        if request.POST.get("seen") != states.digest(self.original):
            text = _("The original changed while you looked at it. Please look again.")
            messages.error(request, text)
            return self.get(request, *args, **kwargs)
        actions.confirm_translation(
            page=self.page, language=self.language, user=request.user
        )
        messages.success(request, _("Noted: the translation is right as it is."))
        return self.back()


class ScheduleForm(forms.Form):
    """What, in which languages, when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=ScheduledPublication.Kind.choices,
        widget=forms.RadioSelect,
        initial=ScheduledPublication.Kind.PUBLISH,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple
    )
    at = forms.DateTimeField(label=gettext_lazy("When"), widget=AdminDateTimeInput)

    def __init__(self, *args, allowed, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(code, capfirst(name_in_words(code))) for code in allowed]
        self.fields["languages"].choices = choices

    def clean_at(self):
        """A moment that is still to come."""
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise ValidationError(_("Choose a moment that is still to come."))
        return at


class ScheduleView(PageStandingView, FormView):
    """What is planned for a page, and planning more."""

    template_name = "pages/admin/schedule.html"
    page_title = gettext_lazy("Schedule")
    form_class = ScheduleForm

    @cached_property
    def allowed(self):
        permissions = self.page.permissions_for_user(self.request.user)
        return [code for code in languages() if permissions.can_publish_language(code)]

    def dispatch(self, request, *args, **kwargs):
        if not self.allowed:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "allowed": self.allowed}

    def get_context_data(self, **kwargs):
        planned = self.page.schedules.filter(done_at=None)
        failed = self.page.schedules.exclude(error="")
        rows = [(due, names_in_words(due.languages)) for due in planned]
        return super().get_context_data(planned=rows, failed=failed, **kwargs)

    def post(self, request, *args, **kwargs):
        if request.POST.get("cancel"):
            return self.cancel(request.POST["cancel"])
        return super().post(request, *args, **kwargs)

    def cancel(self, pk):
        due = get_object_or_404(self.page.schedules, pk=pk)
        if set(due.languages) - set(self.allowed):
            raise PermissionDenied
        if actions.cancel_schedule(schedule=due):
            messages.success(self.request, _("The plan was dropped."))
        else:
            messages.warning(self.request, _("Too late: it has already happened."))
        return redirect("pages_schedule", self.page.pk)

    def form_valid(self, form):
        try:
            self.require_knowingly(form)
            actions.schedule_publication(
                page=self.page, user=self.request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            context = self.get_context_data(form=form, seen=getattr(error, "seen", ""))
            return self.render_to_response(context)
        messages.success(self.request, _("It is planned."))
        return redirect("pages_schedule", self.page.pk)

    def require_knowingly(self, form):
        """Ask once where pictures will not be the site's to show on that day."""
        if form.cleaned_data["kind"] == ScheduledPublication.Kind.PUBLISH:
            consents.require_knowingly(
                self.page.get_latest_revision_as_object(),
                form.cleaned_data["languages"],
                self.request.POST.get(consents.KNOWINGLY),
                on=timezone.localdate(form.cleaned_data["at"]),
            )
