"""The glossary in the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet

from translations.models import LANGUAGES, GlossaryTerm


class GlossaryViewSet(ModelViewSet):
    """The organisation's terms; translators see them beside the text."""

    model = GlossaryTerm
    icon = "openquote"
    menu_label = _("Glossary")
    menu_order = 160
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        TitleColumn(f"term_{LANGUAGES[0]}", url_name="glossary:edit"),
        *(f"term_{code}" for code in LANGUAGES[1:]),
    ]
    search_fields = [f"term_{code}" for code in LANGUAGES]
    form_fields = [f"{name}_{code}" for name in ("term", "note") for code in LANGUAGES]
