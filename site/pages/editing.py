"""The page editor: saving, and publishing in the languages of the button pressed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.models import Page

from pages import actions, approval, consents, rights
from pages.languages import field, languages, name_in_words, names_in_words
from pages.models import BilingualPage, WorkflowLanguages
from pages.models.columns import State

PUBLISH = "action-publish-"
SUBMIT = "action-submit-"
STILL_RIGHT = "still-right-"
ALL = "all"
# What saving a draft writes on the page itself.
DRAFT = (
    "latest_revision",
    "latest_revision_created_at",
    "draft_title",
    "has_unpublished_changes",
)


def languages_of_button(data, prefix):
    """The languages named by the button that sent a form; none where it was another."""
    if data.get(f"{prefix}{ALL}"):
        return languages()
    return [code for code in languages() if data.get(f"{prefix}{code}")]


class LanguageActions:
    """What the add form and the edit form share."""

    @cached_property
    def publishing(self):
        """The languages to publish, where this person may publish in all of them."""
        wanted = languages_of_button(self.request.POST, PUBLISH)
        return wanted if all(self.may_publish(code) for code in wanted) else []

    @cached_property
    def still_right(self):
        """Translations said to be right after this change, by who may say so."""
        said = languages_of_button(self.request.POST, STILL_RIGHT)
        return [code for code in said if self.may_confirm(code)]

    @cached_property
    def submitting(self):
        """The languages to submit for approval."""
        return languages_of_button(self.request.POST, SUBMIT)

    @cached_property
    def action_name_and_method(self):
        if self.publishing:
            return "publish_languages", self.publish_languages_action
        if self.submitting and all(map(self.may_submit, self.submitting)):
            return "submit", self.submit_languages_action
        found = super().action_name_and_method
        return ("save", self.save_action) if found[0] == "publish" else found

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ValidationError as error:
            self.after_refusal()
            self.show(error)
            return self.form_invalid(self.form)

    def after_refusal(self):
        """Undo in memory what the transaction undid in the database."""

    def show(self, error):
        """Put what was refused beside its field."""
        found = error.message_dict if hasattr(error, "error_dict") else {None: error}
        for name, wrong in found.items():
            self.form.add_error(name if name in self.form.fields else None, wrong)
        # For the next press of a button; see `menus.KnowinglyItem`.
        self.request.doubts_seen = getattr(error, "seen", "")

    def require_knowingly(self, codes):
        """Ask once where pictures may not be the site's to show."""
        seen = self.request.POST.get(consents.KNOWINGLY)
        consents.require_knowingly(self.page, codes, seen)

    def publish_languages_action(self):
        self.keep_draft()
        self.require_knowingly(self.publishing)
        response = self.run_hook("before_publish_page", self.request, self.page)
        if response:
            return response
        self.page = actions.publish_languages(
            page=self.page,
            languages=self.publishing,
            still_right=self.still_right,
            user=self.request.user,
        )
        response = self.run_hook("after_publish_page", self.request, self.page)
        if response:
            return response
        self.say_published()
        response = self.run_hook(self.last_hook, self.request, self.page)
        return response or self.redirect_away()

    def submit_languages_action(self):
        self.keep_draft()
        self.require_knowingly(self.submitting)
        approval.submit(
            page=self.page,
            languages=self.submitting,
            user=self.request.user,
            still_right=self.still_right,
        )
        text = _("“%(title)s” was submitted for approval in %(languages)s.")
        self.say(text, self.submitting, [])
        response = self.run_hook(self.last_hook, self.request, self.page)
        return response or self.redirect_away()

    def say_published(self):
        links = [
            messages.button(self.page.url_in(code), capfirst(name_in_words(code)))
            for code in self.publishing
        ]
        text = _("“%(title)s” is now published in %(languages)s.")
        self.say(text, self.publishing, links)
        if self.still_right:
            self.say_still_right()

    def say_still_right(self):
        """Which of the translations that were ticked are up to date now."""
        row = BilingualPage.objects.get(pk=self.page.pk)
        right = [c for c in self.still_right if field(row, "state", c) == State.LIVE]
        if right:
            text = _("The translation stays up to date in %(languages)s.")
            messages.info(self.request, text % {"languages": names_in_words(right)})

    def say(self, text, codes, links):
        """What was done, with ways on."""
        names = {
            "title": self.page.get_admin_display_title(),
            "languages": names_in_words(codes),
        }
        buttons = [*links, self.get_edit_message_button()]
        messages.success(self.request, text % names, buttons=buttons)


class BilingualEditView(LanguageActions, EditView):
    """Edit a page; a save waits for another save of the same page."""

    last_hook = "after_edit_page"

    def dispatch(self, request, page_id, **kwargs):
        if request.method != "POST":
            return super().dispatch(request, page_id, **kwargs)
        with transaction.atomic():
            Page.objects.select_for_update().filter(pk=page_id).first()
            return super().dispatch(request, page_id, **kwargs)

    def may_publish(self, language):
        return self.page_perms.can_publish_language(language)

    def may_confirm(self, language):
        return self.page_perms.can_confirm(language)

    def may_submit(self, language):
        return self.page_perms.can_submit_language(language)

    def after_refusal(self):
        """Back to the draft that is still there: autosave names it as its base."""
        for name in DRAFT:
            setattr(self.page, name, getattr(self.real_page_record, name))
        comments = self.form.formsets.get("comments")
        for comment in getattr(comments, "new_objects", []):
            comment.pk = None

    def perform_workflow_action(self):
        if self.workflow_action == "approve":
            noted = WorkflowLanguages.of(self.workflow_state)
            self.require_knowingly(noted.languages)
        if self.still_right:
            approval.add_still_right(self.workflow_state, self.still_right)
        return super().perform_workflow_action()

    def restart_workflow_action(self):
        self.submitting = WorkflowLanguages.of(self.workflow_state).languages
        self.workflow_state.cancel(user=self.request.user)
        return self.submit_languages_action()

    def keep_draft(self):
        self.page = self.form.save(commit=not self.page.live)
        self.subscription.save()
        revision = self.page.save_revision(
            user=self.request.user,
            log_action=True,
            previous_revision=self.previous_revision,
        )
        if self.has_content_changes and "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)


class BilingualCreateView(LanguageActions, CreateView):
    """Make a page; it may go live in the same step."""

    last_hook = "after_create_page"

    def may_publish(self, language):
        return rights.may_publish(self.request.user, language, self.page_class)

    def may_confirm(self, language):
        """Never: what readers do not know yet has no translation to keep right."""
        return False

    def may_submit(self, language):
        may_write = rights.may_write(self.request.user, language, self.page_class)
        return may_write and bool(self.parent_page.has_workflow)

    def keep_draft(self):
        self.page = self.form.save(commit=False)
        self.page.live = False
        self.parent_page.add_child(instance=self.page)
        self.set_default_privacy_setting()
        self.page.save_revision(user=self.request.user, log_action=True)
        self.subscription.page = self.page
        self.subscription.save()

    def after_refusal(self):
        self.parent_page.refresh_from_db()
        self.page = self.form.instance
        self.page.pk = self.page.id = self.page.page_ptr_id = None
        self.page.path, self.page.depth = "", None
        self.page._state.adding = True


class BilingualRevertView(BilingualEditView, RevisionsRevertView):
    """Bring an earlier version back, as far as it is this person's to write."""

    def get_object(self):
        latest = self.real_page_record.get_latest_revision_as_object()
        earlier = super().get_object()
        return rights.only_permitted(latest, earlier, self.request.user)

    def get_warning_message(self):
        return format_html("{}. {}", super().get_warning_message(), self.extent())

    def extent(self):
        """In words, what saving brings back."""
        user = self.request.user
        text = _("Saving brings back its text in %(languages)s and nothing else.")
        if rights.may_write_all(user, self.page):
            text = _(
                "Saving brings back its text in %(languages)s and what they share."
            )
        mine = rights.languages_for(user, self.page)
        return text % {"languages": names_in_words(mine)} if mine else ""
