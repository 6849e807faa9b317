"""The site's face: name, colour, logo, menus, links."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Site

from pages import contrast, logos
from pages.brand_panels import LookPanel
from pages.languages import field, language_name, languages
from pages.menu_blocks import HEADER_LINKS, MenuBlock

PLAIN_FEATURES = ["bold", "italic", "link", "ol", "ul"]


def validate_accent(value):
    """Refuse a colour in which a link on our light papers cannot be read."""
    try:
        found = contrast.lowest(value, contrast.LIGHT_PAPERS)
    except ValueError:
        raise ValidationError(_("Write a colour as #rrggbb, like #8a1c3b.")) from None
    if found < contrast.AA_TEXT:
        raise ValidationError(
            _(
                "Links in this colour could not be read on the site's paper: the "
                "contrast is %(found).1f, at least %(needed).1f is needed. The nearest "
                "colour that can be read is %(nearest)s."
            ),
            params={
                "found": found,
                "needed": contrast.AA_TEXT,
                "nearest": contrast.on_light(value),
            },
        )


class SocialLinkBlock(blocks.StructBlock):
    """A place elsewhere where the organisation speaks."""

    name = blocks.CharBlock(label=_("Name"), max_length=50)
    url = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "link"
        label = _("Link")


@register_setting(icon="site", order=100)
class BrandSettings(BaseSiteSetting):
    """What the site is called and how it looks."""

    name = models.CharField(
        _("name of the site"),
        max_length=120,
        blank=True,
        help_text=_("Written in one language only, it stands in the others too."),
    )
    tagline = models.CharField(
        _("tagline"),
        max_length=200,
        blank=True,
        help_text=_("One line under the name on the front page, and in mails."),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[validate_accent],
        help_text=_(
            "As #rrggbb. Leave empty for the site's own. For dark screens a lighter "
            "one is made from it."
        ),
    )
    logo_light = models.ForeignKey(
        "pictures.Picture",
        verbose_name=_("logo on light paper"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "PNG or WebP with a transparent background, at least 80 pixels high; shown "
            "40 pixels high in place of the name."
        ),
    )
    logo_dark = models.ForeignKey(
        "pictures.Picture",
        verbose_name=_("logo on dark paper"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The same in light colours. Without it the other stands on white."),
    )
    social_links = StreamField(
        [("link", SocialLinkBlock())],
        verbose_name=_("elsewhere"),
        blank=True,
        help_text=_("Where else the organisation speaks; linked in the footer."),
    )
    header_menu = StreamField(
        MenuBlock(),
        verbose_name=_("menu in the header"),
        blank=True,
        max_num=HEADER_LINKS,
        help_text=_(
            "Up to five, in this order. A page that cannot be read in a language is "
            "left out in it, as is a link without words. Left empty, the pages whose "
            "own settings say “in menus” stand here."
        ),
    )
    footer_menu = StreamField(
        MenuBlock(),
        verbose_name=_("menu in the footer"),
        blank=True,
        max_num=20,
        help_text=_(
            "Left empty, the pages whose own settings say “link in the footer” stand "
            "here. Subscribing, search and privacy are always there."
        ),
    )
    # On from the start: who reads an older text deserves to know, and whoever finds a
    # change too small for it can say so while publishing it.
    tells_when_behind = models.BooleanField(
        _("tell readers when a translation is behind"),
        default=True,
        help_text=_(
            "A page whose original has changed since its translation was last said to "
            "be right shows one line above its text: that the original is newer, with "
            "a link to it."
        ),
    )
    footer_text = models.TextField(_("text in the footer"), blank=True)
    postal_address = models.TextField(
        _("postal address"),
        blank=True,
        help_text=_("In the footer, at the foot of each mail and on the privacy page."),
    )
    contact_email = models.EmailField(
        _("address for questions about data"),
        blank=True,
        help_text=_("The privacy page names it; whoever reads it answers readers."),
    )
    log_days = models.PositiveSmallIntegerField(
        _("days that requests are logged"),
        null=True,
        blank=True,
        help_text=_(
            "How long the web server keeps its list of requests; 0 where it keeps "
            "none. The privacy page says so. Ask whoever runs the server."
        ),
    )
    privacy_before = RichTextField(
        _("privacy: your own words first"),
        blank=True,
        features=PLAIN_FEATURES,
        help_text=_(
            "The privacy page says by itself what the site keeps and what is switched "
            "on. Write here what stands above that: who you are, what law applies."
        ),
    )
    privacy_after = RichTextField(
        _("privacy: your own words last"), blank=True, features=PLAIN_FEATURES
    )

    select_related = ["logo_light", "logo_dark"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("accent"),
                    MultiFieldPanel(
                        [FieldPanel("logo_light"), FieldPanel("logo_dark")],
                        heading=_("Logo"),
                    ),
                    LookPanel(heading=_("How it looks")),
                    FieldPanel("social_links"),
                    FieldPanel("contact_email"),
                    FieldPanel("log_days"),
                    FieldPanel("tells_when_behind"),
                ],
                heading=_("Both languages"),
            ),
            ObjectList(
                [FieldPanel("header_menu"), FieldPanel("footer_menu")],
                heading=_("Menus"),
            ),
            *(
                ObjectList(
                    [
                        FieldPanel(f"{name}_{code}")
                        for name in (
                            "name",
                            "tagline",
                            "footer_text",
                            "postal_address",
                            "privacy_before",
                            "privacy_after",
                        )
                    ],
                    heading=language_name(code),
                )
                for code in languages()
            ),
        ]
    )

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")

    def __str__(self):
        return self.name_in(languages()[0]) or str(self.site)

    def clean(self):
        super().clean()
        problems = {}
        for name in ("logo_light", "logo_dark"):
            picture = getattr(self, name)
            if picture is not None and (problem := logos.problem(picture)):
                problems[name] = problem
        if problems:
            raise ValidationError(problems)

    def name_in(self, language):
        """The site's name in a language, else as another one has it; "" for none."""
        order = sorted(languages(), key=lambda code: code != language)
        return next((name for c in order if (name := field(self, "name", c))), "")

    @classmethod
    def current(cls):
        """The brand of the site; an unsaved one where nobody wrote any."""
        rows = cls.objects.select_related(*cls.select_related)
        found = rows.filter(site__is_default_site=True).first()
        return found or cls(site=Site.objects.filter(is_default_site=True).first())
