"""What the body of a page is made of."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from guards import frames
from pages import foreign

MOST_PICTURES = 40
TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "superscript"]


class PictureChooserBlock(ImageChooserBlock):
    """A picture, loaded with the sizes it has been shown in."""

    def bulk_to_python(self, values):
        found = super().bulk_to_python(values)
        prefetch_related_objects([each for each in found if each], "renditions")
        return found

    def deconstruct(self):
        """As Wagtail's own: to the database there is no difference."""
        _path, args, kwargs = super().deconstruct()
        return "wagtail.images.blocks.ImageChooserBlock", args, kwargs


class ParagraphBlock(blocks.RichTextBlock):
    """Running text, in which passages may be marked as another language's."""

    def deconstruct(self):
        """As Wagtail's own: what may be marked is no difference to the database."""
        _path, args, kwargs = super().deconstruct()
        kwargs["features"] = TEXT_FEATURES
        return "wagtail.blocks.RichTextBlock", args, kwargs


class PictureBlock(blocks.StructBlock):
    """A picture with its words here; empty ones come from the picture itself."""

    picture = PictureChooserBlock(label=_("Picture"))
    caption = blocks.TextBlock(
        label=_("Caption"),
        required=False,
        rows=2,
        help_text=_("Leave empty to use the picture's own caption."),
    )
    credit = blocks.CharBlock(
        label=_("Credit"),
        required=False,
        max_length=255,
        help_text=_("Leave empty to use the picture's own credit."),
    )
    # Translators: whether a screen reader should describe the picture
    alt_decision = blocks.ChoiceBlock(
        label=_("For readers who cannot see it"),
        choices=[
            ("describe", _("Describe what it shows")),
            ("decorative", _("Only decoration: say nothing")),
        ],
        default="describe",
    )
    alt = blocks.CharBlock(
        label=_("What it shows"),
        required=False,
        max_length=255,
        help_text=_("Leave empty to use the picture's own description."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "pages/blocks/picture.html"


class GalleryBlock(blocks.ListBlock):
    """Several pictures that belong together, each with its own words."""

    def __init__(self, child_block=None, **kwargs):
        most = {"min_num": 2, "max_num": MOST_PICTURES, **kwargs}
        super().__init__(child_block or PictureBlock(), **most)

    class Meta:
        icon = "image"
        # Translators: several pictures shown together
        label = _("Gallery")
        template = "pages/blocks/gallery.html"


class StillBlock(PictureChooserBlock):
    """What is seen of a film or map before it is asked for; its title describes it."""

    is_decoration = True


class PullQuoteBlock(blocks.StructBlock):
    """A sentence worth standing out, and whose it is."""

    text = blocks.TextBlock(label=_("Quote"), rows=3)
    attribution = blocks.CharBlock(
        label=_("Who said it"), required=False, max_length=255
    )

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        template = "pages/blocks/pull_quote.html"


class FileBlock(blocks.StructBlock):
    """A document to download."""

    file = DocumentChooserBlock(label=_("File"))
    label = blocks.CharBlock(
        label=_("Name shown to readers"),
        required=False,
        max_length=255,
        help_text=_("Leave empty to use the file's own name."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "pages/blocks/document.html"


class EmbedBlock(blocks.StructBlock):
    """Something that lives on another site; loaded only when the reader asks."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(label=_("What it is"), max_length=255)
    still = StillBlock(
        label=_("Picture"),
        required=False,
        help_text=_("Shown until a reader asks for the film or map."),
    )

    class Meta:
        icon = "media"
        label = _("From another site")
        template = "pages/blocks/embed.html"

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        return {**context, "frame": frames.frame_of(value["url"] or "")}

    def clean(self, value):
        cleaned = super().clean(value)
        if not cleaned["url"].startswith("https://"):
            message = _("Use an address that begins with https://.")
            raise StructBlockValidationError({"url": ValidationError(message)})
        return cleaned


class RelatedStoryBlock(blocks.PageChooserBlock):
    """Another page of the site that goes further, unless only some may read it."""

    def bulk_to_python(self, values):
        found = super().bulk_to_python(values)
        public = self.target_model.objects.public().filter(pk__in=values)
        known = set(public.values_list("pk", flat=True))
        for page in found:
            if page:
                page.is_public = page.pk in known
        return found

    class Meta:
        icon = "doc-empty-inverse"
        label = _("Related story")
        template = "pages/blocks/related_story.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a story or page."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        icon="title",
        max_length=255,
        template="pages/blocks/heading.html",
    )
    paragraph = ParagraphBlock(
        label=_("Text"),
        icon="pilcrow",
        features=[*TEXT_FEATURES, *foreign.FEATURES],
        template="pages/blocks/paragraph.html",
    )
    picture = PictureBlock()
    gallery = GalleryBlock()
    pull_quote = PullQuoteBlock()
    document = FileBlock()
    embed = EmbedBlock()
    related_story = RelatedStoryBlock(page_type="pages.BilingualPage")
