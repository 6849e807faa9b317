"""The buttons under the page editor, and what they say of their consequences."""

from __future__ import annotations

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.action_menu import ActionMenuItem

from pages.consents import KNOWINGLY
from pages.editing import ALL, PUBLISH, STILL_RIGHT, SUBMIT
from pages.languages import languages, name_in_words
from pages.models import BilingualPage
from pages.models.columns import State
from pages.telling import Outlook

STOCK = {"action-publish", "action-submit", "action-unpublish"}


def may_publish(context, language):
    """Whether the person at the form may publish what it shows in a language."""
    user = context["request"].user
    if context["view"] == "create":
        permissions = context["parent_page"].permissions_for_user(user)
        may = getattr(permissions, "can_publish_child_in", None)
        return may(language) if may else user.has_perm(f"pages.publish_{language}")
    permissions = context["page"].permissions_for_user(user)
    may = getattr(permissions, "can_publish_language", None)
    return bool(may and may(language) and not context["locked_for_user"])


def is_bilingual(context):
    """Whether the form is for one of our pages, or for a new one."""
    return context["view"] == "create" or isinstance(context["page"], BilingualPage)


class LabelledItem(ActionMenuItem):
    """A button whose words depend on the language of the person at the form."""

    def get_label(self):
        raise NotImplementedError

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        context["label"] = self.get_label()
        return context


class ToldItem(LabelledItem):
    """A button that says what it does for readers."""

    template_name = "pages/admin/told_item.html"

    def get_told(self):
        raise NotImplementedError

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        context["told"] = self.get_told()
        return context


class PublishItem(ToldItem):
    """Publish in one language."""

    icon_name = "upload"

    def __init__(self, language, order, outlook):
        super().__init__(order)
        self.language, self.outlook = language, outlook
        self.name = f"{PUBLISH}{language}"

    def get_told(self):
        return self.outlook.of_publishing([self.language])

    def get_label(self):
        return _("Publish in %(language)s") % {"language": name_in_words(self.language)}

    def is_shown(self, context):
        return is_bilingual(context) and may_publish(context, self.language)


class PublishAllItem(ToldItem):
    """Publish in all languages at once."""

    name = f"{PUBLISH}{ALL}"
    icon_name = "upload"

    def __init__(self, order, outlook):
        super().__init__(order)
        self.outlook = outlook

    def get_told(self):
        return self.outlook.of_publishing(languages())

    def get_label(self):
        return _("Publish in both languages")

    def is_shown(self, context):
        return is_bilingual(context) and all(
            may_publish(context, code) for code in languages()
        )


class StillRightItem(LabelledItem):
    """A box to tick before publishing a small change of the original."""

    template_name = "pages/admin/still_right_item.html"

    def __init__(self, language, order, outlook):
        super().__init__(order)
        self.language, self.outlook = language, outlook
        self.name = f"{STILL_RIGHT}{language}"

    def get_label(self):
        text = _("Small change: the translation in %(language)s is still right")
        return text % {"language": name_in_words(self.language)}

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        context["original_name"] = name_in_words(self.outlook.original)
        context["language_name"] = name_in_words(self.language)
        return context

    def is_shown(self, context):
        """Only for a translation that is right now, to who may say that it stays so."""
        if context["view"] == "create" or not is_bilingual(context):
            return False
        right = self.outlook.translations(State.LIVE)
        if self.language not in right or not may_publish(
            context, self.outlook.original
        ):
            return False
        permissions = self.get_user_page_permissions_tester(context)
        return permissions.can_confirm(self.language)


class KnowinglyItem(ActionMenuItem):
    """No button: it sends along which doubts about pictures the form has shown."""

    name = KNOWINGLY
    template_name = "pages/admin/knowingly_item.html"

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        context["seen"] = self.seen(parent_context)
        return context

    def is_shown(self, context):
        return bool(self.seen(context))

    def seen(self, context):
        return getattr(context["request"], "doubts_seen", "")


class SubmitItem(ToldItem):
    """Submit one language for approval."""

    icon_name = "resubmit"

    def __init__(self, language, order, outlook):
        super().__init__(order)
        self.language, self.outlook = language, outlook
        self.name = f"{SUBMIT}{language}"

    def get_told(self):
        return self.outlook.of_submitting(self.language)

    def get_label(self):
        return _("Submit %(language)s for approval") % {
            "language": name_in_words(self.language)
        }

    def is_shown(self, context):
        if context["view"] == "create":
            return bool(context["parent_page"].has_workflow)
        if context["view"] != "edit" or not is_bilingual(context):
            return False
        permissions = self.get_user_page_permissions_tester(context)
        return self.may_submit(permissions) and not context["locked_for_user"]

    def may_submit(self, permissions):
        return permissions.can_submit_language(self.language)


class SubmitAllItem(SubmitItem):
    """Submit all languages for approval at once: they are reviewed together."""

    def __init__(self, order, outlook):
        super().__init__(ALL, order, outlook)

    def get_label(self):
        return _("Submit both languages for approval")

    def may_submit(self, permissions):
        return all(map(permissions.can_submit_language, languages()))


class LinkItem(LabelledItem):
    """A button that leads to a page of its own."""

    url_name = ""

    def get_url(self, parent_context):
        return reverse(self.url_name, args=[parent_context["page"].pk])


class LanguageLinkItem(LinkItem):
    """A button that leads to a page about one language."""

    def __init__(self, language, order):
        super().__init__(order)
        self.language = language
        self.name = f"{self.url_name}-{language}"

    def get_url(self, parent_context):
        page = parent_context["page"]
        return reverse(self.url_name, args=[page.pk, self.language])


class TakeDownItem(LanguageLinkItem):
    """Take one language from readers."""

    url_name = "pages_take_down"
    icon_name = "download"

    def get_label(self):
        return _("Take %(language)s down") % {"language": name_in_words(self.language)}

    def is_shown(self, context):
        if context["view"] != "edit" or not is_bilingual(context):
            return False
        is_live = context["page"].is_live_in(self.language)
        return is_live and may_publish(context, self.language)


class ConfirmItem(LanguageLinkItem):
    """Say that a translation is still right."""

    url_name = "pages_confirm"
    icon_name = "check"

    def get_label(self):
        named = {"language": name_in_words(self.language)}
        return capfirst(_("%(language)s is still right") % named)

    def is_shown(self, context):
        if context["view"] != "edit" or not is_bilingual(context):
            return False
        state = getattr(context["page"], f"state_{self.language}")
        permissions = self.get_user_page_permissions_tester(context)
        may_confirm = permissions.can_confirm(self.language)
        return state == "behind" and may_confirm and not context["locked_for_user"]


class ScheduleItem(LinkItem):
    """Publish or take down later."""

    name = "pages-schedule"
    url_name = "pages_schedule"
    icon_name = "calendar"

    def get_label(self):
        return _("Schedule")

    def is_shown(self, context):
        if context["view"] != "edit" or not is_bilingual(context):
            return False
        return any(may_publish(context, code) for code in languages())


def items(context):
    """All of them, in their order."""
    outlook = Outlook(context.get("page"), context["request"].user)
    found = [PublishAllItem(10, outlook), SubmitAllItem(29, outlook)]
    for place, code in enumerate(languages()):
        found += [
            StillRightItem(code, 5 + place, outlook),
            PublishItem(code, 20 + place, outlook),
            SubmitItem(code, 30 + place, outlook),
            ConfirmItem(code, 40 + place),
            TakeDownItem(code, 60 + place),
        ]
    return [*found, ScheduleItem(order=50), KnowinglyItem(order=90)]


def without_stock(menu_items):
    """Take Wagtail's own publishing out of the menu."""
    menu_items[:] = [item for item in menu_items if item.name not in STOCK]
