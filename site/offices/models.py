"""Offices, where they are kept current from, and the changes that were proposed."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from guards.addresses import validate_address
from offices.panels import office_panels
from offices.timetables import Place
from offices.validation import (
    normalise_phones,
    phone_link,
    time_zones,
    validate_hours,
)
from pages.models import BilingualPage
from pages.panels import bilingual_panels


@dataclass(frozen=True)
class Wording:
    """A text and the language it is in, which may not be the one asked for."""

    text: str
    language: str
    is_foreign: bool = False


class OfficeQuerySet(models.QuerySet):
    """Which offices."""

    def shown(self) -> OfficeQuerySet:
        """Those the public sees, in their order, with their country at hand."""
        return self.filter(live=True).select_related("country")

    def in_country(self, country: models.Model) -> OfficeQuerySet:
        """Those of one country hub."""
        return self.filter(country_id=country.pk)

    def with_source(self) -> OfficeQuerySet:
        """Those that say where their facts can be fetched."""
        return self.filter(live=True).exclude(source_url="")


class Office(
    WorkflowMixin, PreviewableMixin, DraftStateMixin, RevisionMixin, models.Model
):
    """One office: footer, office page, country hub and JSON-LD read it."""

    class SourceKind(models.TextChoices):
        JSON_LD = "jsonld", _("JSON-LD, in a web page or by itself")
        CSV = "csv", _("CSV table")

    name = models.CharField(_("name"), max_length=120, blank=True)
    notes = models.TextField(
        _("notes for visitors"),
        blank=True,
        help_text=_("How to get there, what to bring. Everybody can read it."),
    )
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = models.ForeignKey(
        "topics.CountryPage",
        on_delete=models.PROTECT,
        related_name="offices",
        verbose_name=_("country"),
    )
    region = models.CharField(
        _("region"),
        max_length=80,
        blank=True,
        help_text=_(
            "Where public holidays differ by region: its ISO 3166-2 code, like CL-AP."
        ),
    )
    address = models.TextField(
        _("address"), blank=True, help_text=_("Street and number, one line each.")
    )
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    phones = models.TextField(
        _("phones"),
        blank=True,
        help_text=_("One per line, with the country code: +51 1 234 5678"),
    )
    email = models.EmailField(_("e-mail"), blank=True, validators=[validate_address])
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    show_point = models.BooleanField(
        _("show the point on the map"),
        default=True,
        help_text=_("Switch off where it is safer that nobody finds the exact place."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, choices=time_zones, default="America/Lima"
    )
    opening_hours = models.CharField(
        _("opening hours"),
        max_length=500,
        blank=True,
        validators=[validate_hours],
        help_text=_(
            "As in OpenStreetMap: Mo-Fr 09:00-13:00,14:00-18:00; PH off. "
            "“PH off” closes on public holidays; without it readers are told that "
            "hours may differ."
        ),
    )
    last_confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)
    internal_contact = models.CharField(
        _("internal contact"),
        max_length=200,
        blank=True,
        help_text=_("Who of us to ask. Never shown to readers."),
    )
    source_url = models.URLField(
        _("source"),
        max_length=500,
        blank=True,
        help_text=_("An address where this office's facts are kept current."),
    )
    source_kind = models.CharField(
        _("kind of source"),
        max_length=10,
        choices=SourceKind,
        default=SourceKind.JSON_LD,
    )
    source_key = models.CharField(
        _("which one in the source"),
        max_length=200,
        blank=True,
        help_text=_(
            "Where the source lists several offices: the name or code of this one."
        ),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    _revisions = GenericRelation(
        "wagtailcore.Revision", related_query_name="office", for_concrete_model=False
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="office",
        for_concrete_model=False,
    )

    objects = OfficeQuerySet.as_manager()
    edit_handler = office_panels()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["live", "position"], name="office_shown")]

    def __str__(self) -> str:
        return self.wording("name", settings.LANGUAGE_CODE).text

    def clean(self) -> None:
        """Names, phones and the point make sense together."""
        super().clean()
        if not self.wording("name", settings.LANGUAGE_CODE).text:
            field = f"name_{settings.LANGUAGE_CODE}"
            raise ValidationError(
                {field: _("Give it a name in at least one language.")}
            )
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError(
                {"longitude": _("A point needs both latitude and longitude.")}
            )
        try:
            self.phones = normalise_phones(self.phones, self.country_code)
        except ValidationError as error:
            raise ValidationError({"phones": error}) from error

    @property
    def revisions(self):
        return self._revisions

    @property
    def country_code(self) -> str:
        """ISO 3166-1, empty while no country is chosen."""
        return self.country.code if self.country_id else ""

    @property
    def place(self) -> Place:
        """What the opening hours depend on."""
        return Place(self.opening_hours, self.time_zone, self.country_code, self.region)

    @property
    def address_lines(self) -> list[str]:
        """The street address, line by line."""
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    @property
    def phone_links(self) -> list[tuple[str, str]]:
        """Each phone as people read it and as a `tel:` address."""
        lines = filter(None, map(str.strip, self.phones.splitlines()))
        return [(line, phone_link(line, self.country_code)) for line in lines]

    @property
    def public_point(self) -> tuple[str, str] | None:
        """Latitude and longitude, where they are known and may be shown."""
        if not self.show_point or self.latitude is None or self.longitude is None:
            return None
        return f"{self.latitude:.6f}", f"{self.longitude:.6f}"

    def wording(self, field: str, language: str) -> Wording:
        """A translated field in `language`, else in another one, marked as such."""
        others = [code for code, _name in settings.LANGUAGES if code != language]
        for code in (language, *others):
            if text := (getattr(self, f"{field}_{code}") or "").strip():
                return Wording(text, code, is_foreign=code != language)
        return Wording("", language)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """One preview per language."""
        return list(settings.LANGUAGES)

    def serve_preview(self, request, mode_name):
        """The office as readers of that language will see it, rendered at once."""
        language = mode_name or settings.LANGUAGE_CODE
        with translation.override(language):
            return TemplateResponse(
                request,
                "offices/office_preview.html",
                {"office": self, "lang": language},
            ).render()


class OfficeSource(models.Model):
    """What we know about an office's source from the last times we asked."""

    class Error(models.TextChoices):
        UNREACHABLE = "unreachable", _("cannot be reached")
        MALFORMED = "malformed", _("cannot be read")
        NO_OFFICE = "no_office", _("does not say which office is meant")
        INVALID = "invalid", _("has a value that cannot be used")

    office = models.OneToOneField(
        Office,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="source",
        verbose_name=_("office"),
    )
    asked_for = models.TextField(_("what was asked for"), blank=True)
    etag = models.CharField(_("ETag"), max_length=255, blank=True)
    last_modified = models.CharField(_("Last-Modified"), max_length=100, blank=True)
    last_checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    last_ok_at = models.DateTimeField(_("last good answer"), null=True, blank=True)
    last_error = models.CharField(
        _("last error"), max_length=20, choices=Error, blank=True
    )
    last_error_detail = models.CharField(_("detail"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("office source")
        verbose_name_plural = _("office sources")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.office}: {self.office.source_url}"


class OfficeProposal(models.Model):
    """What a source says otherwise than we do, waiting for an editor's word.

    `changes` maps a field to `{"old": …, "new": …}`, both texts.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        OUTDATED = "outdated", _("outdated")

    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,
        related_name="proposals",
        verbose_name=_("office"),
    )
    changes = models.JSONField(_("changes"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.OPEN, db_index=True
    )
    fetched_at = models.DateTimeField(_("fetched"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["-fetched_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["office"],
                condition=models.Q(state="open"),
                name="one_open_proposal_per_office",
            )
        ]

    def __str__(self) -> str:
        return f"{self.office} ({self.fetched_at:%Y-%m-%d})"


class OfficeIndexPage(BilingualPage):
    """All offices on one page."""

    lead = models.TextField(_("summary"), blank=True)

    max_count = 1
    parent_page_types = ["front.HomePage"]
    subpage_types: list[str] = []
    template = "offices/office_index_page.html"
    edit_handler = bilingual_panels("headline", "lead")

    class Meta:
        verbose_name = _("office index")
