"""What the admin's "Newsletters" menu lists: newsletters, issues and sendings."""

from __future__ import annotations

from django.conf import settings
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button

from newsletter.composing import planning, repairs, views
from newsletter.composing.forms import NewsletterForm
from newsletter.composing.newsletters import give_page, is_in_use
from newsletter.deleting import KeepingDeleteView
from newsletter.digests.viewsets import DigestViewSet
from newsletter.dispatching.complaints import complaint_rates
from newsletter.models import Dispatch, IssuePage, Newsletter
from newsletter.numbers import views as numbers
from newsletter.readership.viewsets import SubscriberViewSet
from pages.viewsets import BilingualListing


def _per_language(name: str) -> FieldRowPanel:
    codes = [code for code, _name in settings.LANGUAGES]
    return FieldRowPanel([FieldPanel(f"{name}_{code}") for code in codes])


# Asked only where there is a choice.
TRANSPORT = [FieldPanel("transport")] if settings.NEWSLETTER_TRANSPORTS else []


class NewsletterCreateView(generic.CreateView):
    """A new newsletter has its page at once: an issue needs one to stand below."""

    def save_instance(self):
        newsletter = super().save_instance()
        self.page = give_page(newsletter=newsletter, user=self.request.user)
        return newsletter

    def get_success_buttons(self):
        buttons = super().get_success_buttons()
        if self.page:
            url = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
            buttons.append(messages.button(url, _("See its page")))
        return buttons


class NewsletterDeleteView(KeepingDeleteView):
    """Newsletters that anybody may have read stay; they are switched off instead."""

    def must_stay(self):
        return is_in_use(self.object)

    def why(self):
        text = _(
            "“%(newsletter)s” cannot be deleted: it has a page, readers or sendings. "
            "Switch it off instead."
        )
        return text % {"newsletter": self.object}


def _complaints_url(newsletter):
    return reverse("newsletter_complaints", args=[newsletter.pk])


def _numbers_url(newsletter):
    return reverse("newsletter_numbers", args=[newsletter.pk])


def _elsewhere_url(newsletter):
    return reverse("newsletter_elsewhere", args=[newsletter.pk])


class NewsletterIndexView(generic.IndexView):
    """Each newsletter with its complaint rate, asked for all at once."""

    def get_table(self, object_list):
        newsletters = list(object_list)
        rates = complaint_rates(newsletters)
        for newsletter in newsletters:
            newsletter.complaint_rate = f"{rates[newsletter.pk].percent} %"
        return super().get_table(newsletters)


class NewsletterViewSet(ModelViewSet):
    """Who sends: the sender's identity, the postal address and the rules."""

    model = Newsletter
    menu_label = gettext_lazy("Senders and rules")
    icon = "mail"
    menu_order = 300
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = NewsletterIndexView
    add_view_class = NewsletterCreateView
    delete_view_class = NewsletterDeleteView
    list_display = [
        TitleColumn(
            "__str__", label=gettext_lazy("Newsletter"), url_name="newsletter:edit"
        ),
        "from_address",
        BooleanColumn("is_active", label=gettext_lazy("Active")),
        TitleColumn(
            "numbers",
            label=gettext_lazy("Numbers"),
            accessor=lambda newsletter: _("See the numbers"),
            get_url=_numbers_url,
        ),
        TitleColumn(
            "complaints",
            label=gettext_lazy("Complaints"),
            accessor="complaint_rate",
            get_url=_complaints_url,
        ),
        TitleColumn(
            "elsewhere",
            label=gettext_lazy("Sign-up"),
            accessor=lambda newsletter: _("On other sites…"),
            get_url=_elsewhere_url,
        ),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            _per_language("name"),
            _per_language("description"),
            MultiFieldPanel(
                [
                    _per_language("sender_name"),
                    FieldPanel("from_address"),
                    FieldPanel("reply_to"),
                    FieldPanel("postal_address"),
                ],
                heading=gettext_lazy("Sender"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("fallback_rule"),
                    FieldPanel("default_language"),
                    FieldPanel("typed_above"),
                    FieldPanel("welcomes"),
                    FieldPanel("reminds"),
                    FieldPanel("offers_issues"),
                    FieldPanel("counts_clicks"),
                    FieldPanel("is_active"),
                ],
                heading=gettext_lazy("Rules"),
            ),
            MultiFieldPanel(
                [
                    *TRANSPORT,
                    FieldPanel("rate_per_minute"),
                    FieldPanel("burst"),
                    FieldPanel("rate_per_hour"),
                    FieldPanel("connections"),
                ],
                heading=gettext_lazy("Pace"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("time_zone"),
                    FieldPanel("send_days"),
                    FieldRowPanel([FieldPanel("send_from"), FieldPanel("send_until")]),
                ],
                heading=gettext_lazy("Sending hours"),
            ),
        ],
        base_form_class=NewsletterForm,
    )


class IssueListing(BilingualListing):
    """All issues of all newsletters, newest first, with what each language is."""

    model = IssuePage
    name = "issues"
    menu_label = gettext_lazy("Issues")
    icon = "doc-full"
    menu_order = 100
    add_to_admin_menu = False


class DispatchIndexView(generic.IndexView):
    """Sendings are started from an issue and never edited, so there is no "Add"."""

    page_title = gettext_lazy("Sendings")

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("newsletter", "created_by")

    @property
    def header_more_buttons(self):
        """The numbers of each newsletter, for who may not see how it is set up."""
        buttons = super().header_more_buttons
        text = _("Numbers of “%(newsletter)s”")
        for newsletter in Newsletter.objects.active():
            label, url = text % {"newsletter": newsletter}, _numbers_url(newsletter)
            buttons.append(Button(label, url=url, icon_name="history", priority=40))
        return buttons


class DispatchViewSet(ModelViewSet):
    """The sendings, with how far each has come."""

    model = Dispatch
    name = "dispatches"
    menu_label = gettext_lazy("Sendings")
    icon = "history"
    menu_order = 200
    index_view_class = DispatchIndexView
    add_to_reference_index = False
    list_filter = ["newsletter", "state"]
    form_fields: list[str] = []
    list_display = [
        TitleColumn(
            "title", label=gettext_lazy("Issue"), url_name="dispatches:progress"
        ),
        "newsletter",
        Column("get_state_display", label=gettext_lazy("State")),
        Column("audience", label=gettext_lazy("Recipients")),
        Column("created_by", label=gettext_lazy("Sent by")),
        DateColumn("created_at", label=gettext_lazy("Started")),
    ]

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", views.progress, name="progress"),
            path("<int:pk>/counts/", views.counts, name="counts"),
            path("<int:pk>/unschedule/", planning.unschedule, name="unschedule"),
            path("<int:pk>/numbers/", numbers.of_sending, name="numbers"),
            path(
                "<int:pk>/numbers/<slug:name>.csv",
                numbers.of_sending_file,
                name="numbers_file",
            ),
            path("<int:pk>/retry/", repairs.retry, name="retry"),
            path("<int:pk>/uncertain/", repairs.uncertain, name="uncertain"),
            path("<int:pk>/ledger/", repairs.ledger, name="ledger"),
            path("<int:pk>/<slug:verb>/", views.control, name="control"),
        ]


class NewsletterGroup(ViewSetGroup):
    """The menu entry."""

    menu_label = gettext_lazy("Newsletters")
    menu_icon = "mail"
    menu_order = 250
    items = (
        IssueListing(),
        DigestViewSet(),
        SubscriberViewSet(),
        DispatchViewSet(),
        NewsletterViewSet(),
    )
