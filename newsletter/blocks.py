"""The blocks an issue is written with, beside the stories it picks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

MAIL_TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class MailPictureBlock(blocks.StructBlock):
    """A picture with what it shows, for readers whose program hides pictures."""

    picture = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(label=_("What it shows"), required=False, max_length=250)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")


class MailButtonBlock(blocks.StructBlock):
    """A link that stands out."""

    text = blocks.CharBlock(label=_("Text"), max_length=80)
    url = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "link"
        label = _("Button")


class IssueBodyBlock(blocks.StreamBlock):
    """An issue's own text."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", max_length=150)
    paragraph = blocks.RichTextBlock(label=_("Text"), features=MAIL_TEXT_FEATURES)
    picture = MailPictureBlock()
    button = MailButtonBlock()
