"""The site's face: name, colour, logo, links."""

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
from wagtail.fields import StreamField
from wagtail.models import Site

from pages import contrast
from pages.languages import language_name, languages

LIGHT_PAPER = "#ffffff"


def validate_accent(value):
    """Refuse a colour in which text on white cannot be read."""
    try:
        found = contrast.ratio(value, LIGHT_PAPER)
    except ValueError:
        raise ValidationError(_("Write a colour as #rrggbb, like #8a1c3b.")) from None
    if found < contrast.AA_TEXT:
        raise ValidationError(
            _(
                "Links in this colour could not be read on white: the contrast is "
                "%(found).1f, at least %(needed).1f is needed. Choose a darker one."
            ),
            params={"found": found, "needed": contrast.AA_TEXT},
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

    name = models.CharField(_("name of the site"), max_length=120, blank=True)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[validate_accent],
        help_text=_("As #rrggbb. Leave empty for the site's own."),
    )
    logo_light = models.ForeignKey(
        "pictures.Picture",
        verbose_name=_("logo on light paper"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    logo_dark = models.ForeignKey(
        "pictures.Picture",
        verbose_name=_("logo on dark paper"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    social_links = StreamField(
        [("link", SocialLinkBlock())], verbose_name=_("elsewhere"), blank=True
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
    postal_address = models.TextField(_("postal address"), blank=True)

    select_related = ["logo_light", "logo_dark"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("accent"),
                    MultiFieldPanel(
                        [FieldPanel("logo_light"), FieldPanel("logo_dark")],
                        heading=_("Logo"),
                    ),
                    FieldPanel("social_links"),
                    FieldPanel("tells_when_behind"),
                ],
                heading=_("Both languages"),
            ),
            *(
                ObjectList(
                    [
                        FieldPanel(f"tagline_{code}"),
                        FieldPanel(f"footer_text_{code}"),
                        FieldPanel(f"postal_address_{code}"),
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
        return self.name or str(self.site)

    @classmethod
    def current(cls):
        """The brand of the site; an unsaved one where nobody wrote any."""
        rows = cls.objects.select_related(*cls.select_related)
        found = rows.filter(site__is_default_site=True).first()
        return found or cls(site=Site.objects.filter(is_default_site=True).first())
