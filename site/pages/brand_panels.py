"""How the brand will look, shown where it is chosen."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import Panel

from pages import contrast, logos

LIGHT, DARK = pgettext_lazy("paper", "Light"), pgettext_lazy("paper", "Dark")
OWN_ACCENT = "#2a4577"  # --accent of tokens.css


class LookPanel(Panel):
    """A link and a button in the colour saved last, and what the logos stand on."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/look_panel.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            accent = self._accent()
            context["papers"] = [
                self._paper(LIGHT, contrast.LIGHT_PAPERS, "#20231b", accent[0]),
                self._paper(DARK, contrast.DARK_PAPERS, "#ece7d8", accent[1]),
            ]
            context["opaque_logos"] = self._opaque()
            return context

        def _accent(self):
            colour = self.instance.accent or OWN_ACCENT
            try:
                return contrast.on_light(colour), contrast.on_dark(colour)
            except ValueError:  # as typed, with its error beside the field
                return contrast.on_light(OWN_ACCENT), contrast.on_dark(OWN_ACCENT)

        def _paper(self, name, papers, text, accent):
            return {
                "name": name,
                "ground": papers[0],
                "text": text,
                "accent": accent,
                "ink": contrast.ink_on(accent),
                "contrast": contrast.lowest(accent, papers),
            }

        def _opaque(self):
            """The logos that would stand in a box of their own."""
            logos_here = (self.instance.logo_light, self.instance.logo_dark)
            return [
                logo for logo in logos_here if logo and not logos.is_transparent(logo)
            ]
