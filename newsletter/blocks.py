"""The blocks an issue is written with, beside the stories it picks.

They only hold values: `composing` reads them and renders them, for mail and for web.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

MAIL_TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class MailPictureBlock(blocks.StructBlock):
    """A picture with what it shows, for readers whose program hides pictures."""

    picture = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What it shows"),
        required=False,
        max_length=250,
        help_text=_("Leave empty to use the picture's own description."),
    )
    caption = blocks.CharBlock(
        label=_("Caption"),
        required=False,
        max_length=250,
        help_text=_("Leave empty to use the picture's own caption."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")


class MailButtonBlock(blocks.StructBlock):
    """A link that stands out: to a page of the site or to another address."""

    text = blocks.CharBlock(label=_("Text"), max_length=80)
    page = blocks.PageChooserBlock(
        label=_("Page"), page_type="pages.BilingualPage", required=False
    )
    url = blocks.URLBlock(
        label=_("Address"),
        required=False,
        help_text=_("Only where no page is chosen."),
    )

    class Meta:
        icon = "link"
        label = _("Button")

    def clean(self, value):
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["url"]):
            message = _("Choose a page or write an address, one of the two.")
            raise StructBlockValidationError({"url": ValidationError(message)})
        return cleaned


class MailQuoteBlock(blocks.StructBlock):
    """Somebody's words, and whose they are."""

    quote = blocks.TextBlock(label=_("Quote"), max_length=600)
    attribution = blocks.CharBlock(
        label=_("Attribution"), required=False, max_length=150
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")


class MailOfficeBlock(blocks.StructBlock):
    """A word from or about an office: closed on a day, moved, new hours."""

    office = SnippetChooserBlock("offices.Office", label=_("Office"))
    notice = blocks.TextBlock(label=_("Notice"), max_length=600)

    class Meta:
        icon = "home"
        label = _("Office notice")


class MailEventBlock(blocks.StructBlock):
    """Something to come to: what, when, where, and where to read more."""

    title = blocks.CharBlock(label=_("What"), max_length=150)
    date = blocks.DateBlock(label=_("Day"))
    start = blocks.TimeBlock(label=_("From"), required=False)
    end = blocks.TimeBlock(label=_("Until"), required=False)
    place = blocks.CharBlock(label=_("Where"), required=False, max_length=250)
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=600)
    page = blocks.PageChooserBlock(
        label=_("Page"), page_type="pages.BilingualPage", required=False
    )
    url = blocks.URLBlock(
        label=_("Address"),
        required=False,
        help_text=_("Only where no page is chosen."),
    )

    class Meta:
        icon = "date"
        label = _("Event")

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["end"] and not cleaned["start"]:
            message = _("Say when it begins, too.")
            raise StructBlockValidationError({"start": ValidationError(message)})
        if cleaned["page"] and cleaned["url"]:
            message = _("Choose a page or write an address, one of the two.")
            raise StructBlockValidationError({"url": ValidationError(message)})
        return cleaned


class IssueBodyBlock(blocks.StreamBlock):
    """An issue's own text; shown after its stories."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", max_length=150)
    paragraph = blocks.RichTextBlock(label=_("Text"), features=MAIL_TEXT_FEATURES)
    picture = MailPictureBlock()
    button = MailButtonBlock()
    quote = MailQuoteBlock()
    office = MailOfficeBlock()
    event = MailEventBlock()
    divider = blocks.StaticBlock(
        label=_("Divider"), icon="minus", admin_text=_("A thin line.")
    )
