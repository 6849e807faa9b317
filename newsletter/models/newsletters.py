"""A newsletter and its pages: who it comes from, and the issues as content."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable

from guards.addresses import validate_address
from newsletter.blocks import MAIL_TEXT_FEATURES, IssueBodyBlock
from newsletter.delivery.hours import Hours
from newsletter.delivery.pacing import Limit
from pages.models import BilingualPage
from pages.panels import ChosenPagePanel, bilingual_panels

# A mail carries its styles inside; nothing else in it may run or load.
MAIL_POLICY = {"default-src": [NONE], "style-src": [UNSAFE_INLINE]}


# Ways to look at an issue as a mail.
PREVIEWS = {
    "mail": _("Mail"),
    "dark": _("Mail in the dark"),
    "bare": _("Mail without pictures"),
    "text": _("Mail as text"),
}


def transports():
    """What may carry a newsletter's mails, for choosing: "" is the site's own relay."""
    others = [(name, name) for name in settings.NEWSLETTER_TRANSPORTS]
    return [("", _("the site's own")), *others]


class FallbackRule(models.TextChoices):
    """What becomes of a story that is missing in the language of a mail."""

    SKIP = "skip", _("leave the story out")
    LINK = "link", _("link to the original, marked as such")
    HOLD = "hold", _("hold the issue back until it is there")


class NewsletterQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class Newsletter(models.Model):
    """Who sends, how fast and by which rules; never deleted once it has readers."""

    key = models.SlugField(_("key"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    from_address = models.EmailField(_("from address"), validators=[validate_address])
    reply_to = models.EmailField(
        _("reply-to address"), blank=True, validators=[validate_address]
    )
    postal_address = models.TextField(
        _("postal address"),
        blank=True,
        help_text=_("Shown at the foot of every mail, as many countries require."),
    )
    fallback_rule = models.CharField(
        _("a story missing in one language"),
        max_length=10,
        choices=FallbackRule,
        default=FallbackRule.SKIP,
    )
    default_language = models.CharField(
        _("default language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    transport = models.CharField(
        _("mail server"),
        max_length=40,
        blank=True,
        choices=transports,
        help_text=_(
            "Operators set mail servers up; only those that stand can be chosen."
        ),
    )
    rate_per_minute = models.PositiveIntegerField(
        _("mails per minute"),
        default=0,
        help_text=_("0 sends as fast as the mail server takes them."),
    )
    burst = models.PositiveIntegerField(
        _("mails at once"),
        default=0,
        help_text=_(
            "How many may go at once before the mails per minute count. 0 is what goes"
            " in a second."
        ),
    )
    rate_per_hour = models.PositiveIntegerField(
        _("mails per hour"),
        default=0,
        help_text=_(
            "Never more in any sixty minutes, in all sendings of this newsletter"
            " together. 0 is no such limit."
        ),
    )
    connections = models.PositiveSmallIntegerField(
        _("connections to the mail server"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(64)],
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text=_("In which the days and hours below count."),
    )
    send_days = models.JSONField(
        _("sending days"),
        default=list,
        blank=True,
        help_text=_("Mails leave on these days only. None ticked is every day."),
    )
    send_from = models.TimeField(
        _("sending from"),
        null=True,
        blank=True,
        help_text=_("Like 08:00. Empty, with the hour beside it, is the whole day."),
    )
    send_until = models.TimeField(
        _("sending until"),
        null=True,
        blank=True,
        help_text=_(
            "What is left then waits for the next opening. An earlier hour than the"
            " first is on the day after: from 22:00 until 02:00 goes over midnight."
        ),
    )
    typed_above = models.PositiveIntegerField(
        _("type the number of readers above"),
        default=1000,
        help_text=_(
            "Whoever sends to more readers than this has to type how many they are."
            " 0 never asks."
        ),
    )
    welcomes = models.BooleanField(
        _("welcome new readers"),
        default=False,
        help_text=_("With a mail that leads to the latest issue, once they confirm."),
    )
    reminds = models.BooleanField(
        _("remind once who has not confirmed"),
        default=False,
        help_text=_("After three days; without an answer they are forgotten."),
    )
    offers_issues = models.BooleanField(
        _("readers may choose every issue"),
        default=True,
        help_text=_(
            "Switched off, they choose among the digests; with no digest on offer they"
            " get every issue all the same."
        ),
    )
    counts_clicks = models.BooleanField(
        _("count clicks"),
        default=False,
        help_text=_(
            "How often each link of a mail is opened, never by whom. Links then go"
            " through this site, and the foot of the mail says so."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)
    complaints_allowed_until = models.DateTimeField(
        _("sent in spite of complaints until"), null=True, blank=True, editable=False
    )

    # Of its readers, added up now and then: see `numbers.keeping`.
    numbers = models.JSONField(_("numbers"), default=dict, editable=False)

    objects = NewsletterQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["key"]

    def __str__(self):
        return self.name or self.key

    def clean(self):
        if self.send_from is None and self.send_until is not None:
            raise ValidationError({"send_from": _("Give both hours, or none.")})
        if self.send_until is None and self.send_from is not None:
            raise ValidationError({"send_until": _("Give both hours, or none.")})
        if self.send_from is not None and self.send_from == self.send_until:
            text = _("Give two different hours, or leave both empty for the whole day.")
            raise ValidationError({"send_until": text})

    @property
    def limit(self) -> Limit:
        """How fast its sendings may go, all together."""
        return Limit(
            f"newsletter-{self.pk}",
            self.rate_per_minute,
            self.burst,
            self.rate_per_hour,
        )

    @property
    def hours(self) -> Hours:
        """When its mails may leave."""
        zone = ZoneInfo(self.time_zone or settings.TIME_ZONE)
        days = frozenset(self.send_days)
        return Hours(zone, days, self.send_from, self.send_until)


class NewsletterIndexPage(BilingualPage):
    """All newsletters, for readers to choose from."""

    lead = models.TextField(_("summary"), blank=True)

    max_count = 1
    parent_page_types = ["front.HomePage"]
    subpage_types = ["newsletter.NewsletterPage"]
    edit_handler = bilingual_panels("headline", "lead")

    class Meta:
        verbose_name = _("newsletter index")
        verbose_name_plural = _("newsletter indexes")


class NewsletterPage(BilingualPage):
    """A newsletter's place on the site: sign-up and past issues."""

    newsletter = models.OneToOneField(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.PROTECT,
        related_name="page",
    )
    intro = RichTextField(_("introduction"), blank=True, features=MAIL_TEXT_FEATURES)

    parent_page_types = ["newsletter.NewsletterIndexPage"]
    subpage_types = ["newsletter.IssuePage"]
    edit_handler = bilingual_panels(
        "headline", "intro", shared=[FieldPanel("newsletter")]
    )

    class Meta:
        verbose_name = _("newsletter page")
        verbose_name_plural = _("newsletter pages")


class IssuePage(BilingualPage):
    """An issue as content: its own words and the stories it picks, per language.

    What was sent lives in `Dispatch`; nothing done to this page can touch it.
    """

    subject = models.CharField(
        _("subject"),
        max_length=200,
        blank=True,
        help_text=_("The mail's subject line; the headline where this is empty."),
    )
    preheader = models.CharField(
        _("preheader"),
        max_length=200,
        blank=True,
        help_text=_("The line that inboxes show after the subject."),
    )
    intro = RichTextField(_("introduction"), blank=True, features=MAIL_TEXT_FEATURES)
    body = StreamField(
        IssueBodyBlock(),
        verbose_name=_("body"),
        blank=True,
        help_text=_("The issue's own text, after the stories."),
    )

    correction = models.TextField(
        _("correction"),
        blank=True,
        help_text=_(
            "What was wrong in the mail that was sent, and what is right. Shown with"
            " its date above the issue on the site."
        ),
    )
    corrected_on = models.DateField(
        _("corrected on"),
        null=True,
        blank=True,
        help_text=_("Empty is the day on which the correction is first saved."),
    )
    first_leads = models.BooleanField(
        _("the first story leads"),
        default=True,
        help_text=_("It stands out: larger than the stories after it."),
    )

    parent_page_types = ["newsletter.NewsletterPage"]
    subpage_types: list[str] = []
    edit_handler = bilingual_panels(
        "headline",
        "subject",
        "preheader",
        "intro",
        "body",
        "correction",
        shared=[
            FieldPanel("first_leads"),
            InlinePanel(
                "stories",
                label=_("story"),
                heading=_("Stories"),
                help_text=_(
                    "In the order of the mail. What becomes of a story that is missing "
                    "in one language is said here, or else by the newsletter's rule."
                ),
            ),
            FieldPanel("corrected_on"),
        ],
    )

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")

    def clean(self):
        super().clean()
        said = (getattr(self, f"correction_{code}") for code, _n in settings.LANGUAGES)
        if not any(said):
            self.corrected_on = None
        elif not self.corrected_on:
            self.corrected_on = timezone.localdate()

    @property
    def preview_modes(self):
        mails = [
            (f"{kind}-{code}", format_lazy("{} · {}", name, label))
            for kind, name in PREVIEWS.items()
            for code, label in settings.LANGUAGES
        ]
        return [*super().preview_modes, *mails]

    def serve_preview(self, request, mode_name):
        kind, _dash, language = mode_name.partition("-")
        if kind not in PREVIEWS:
            return super().serve_preview(request, mode_name)
        show = _bare_preview if kind == "bare" else _mail_preview
        return show(request, kind, {"issue": self, "language": language})


def _preview(request, kind, context):
    template = "text" if kind == "text" else "mail"
    context["is_dark"] = kind == "dark"
    return TemplateResponse(request, f"newsletter/preview/{template}.html", context)


_mail_preview = csp_replace(MAIL_POLICY)(_preview)
# Like a mail program that asks before it fetches pictures.
_bare_preview = csp_replace({**MAIL_POLICY, "img-src": [NONE]})(_preview)


class IssueStory(Orderable):
    """A story an issue picks, in its place."""

    issue = ParentalKey(IssuePage, on_delete=models.CASCADE, related_name="stories")
    story = models.ForeignKey(
        "pages.BilingualPage",
        verbose_name=_("story"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    headline_override = models.CharField(
        _("headline in this issue"),
        max_length=250,
        blank=True,
        help_text=_("Leave empty to use the story's own."),
    )
    summary_override = models.TextField(
        _("summary in this issue"),
        blank=True,
        help_text=_("Leave empty to use the story's lead."),
    )

    picture_override = models.ForeignKey(
        "pictures.Picture",
        verbose_name=_("picture in this issue"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Leave empty to use the story's lead picture."),
    )
    fallback = models.CharField(
        _("where it is missing in a language"),
        max_length=10,
        blank=True,
        choices=[("", _("as the newsletter's rule says")), *FallbackRule.choices],
    )

    again = models.BooleanField(
        _("send it again"),
        default=False,
        help_text=_("Also to readers of a language in which it was sent before."),
    )

    panels = [
        PageChooserPanel("story", page_type="news.NewsPage"),
        ChosenPagePanel("story", parent="issue"),
        *(FieldPanel(f"headline_override_{code}") for code in dict(settings.LANGUAGES)),
        *(FieldPanel(f"summary_override_{code}") for code in dict(settings.LANGUAGES)),
        FieldPanel("picture_override"),
        FieldPanel("fallback"),
        FieldPanel("again"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("story in an issue")
        verbose_name_plural = _("stories in an issue")

    def __str__(self):
        return str(self.story)
