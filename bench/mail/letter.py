"""The mail that everybody sends: about 30 KB with its HTML, its text and two links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

STORIES = 29
SUBJECTS = {
    "es": "Boletín de noviembre: lo que cambió en la región",
    "en": "November newsletter: what changed in the region",
}
SENTENCES = {
    "es": "La comisión aprobó el presupuesto de riego para las comunidades del"
    " altiplano y pidió más información sobre los plazos. Según la oficina técnica,"
    " las obras comenzarán después de las lluvias; quienes viven río abajo recibirán"
    " aviso con antelación. El informe, de ochenta páginas, está disponible en línea.",
    "en": "The commission approved the irrigation budget for the communities of the"
    " high plateau and asked for more about the dates. According to the technical"
    " office the works begin after the rains; people downstream — some 4,000 — will be"
    " told in good time. The report, of eighty pages, is on line.",
}
LEAVE = {"es": "Darse de baja", "en": "Unsubscribe"}
CELL = "padding:16px 24px;font-family:Georgia,serif;font-size:16px;line-height:1.5"


@dataclass(frozen=True)
class Letter:
    """One language of it, as composing hands an edition over."""

    subject: str
    html: str
    text: str
    preheader: str = ""
    story_ids: Sequence[int] = field(default_factory=list)
    is_empty: bool = False
    layout: None = None  # all get it whole


def letter(language: str) -> Letter:
    """The mail in one language, with the placeholders of our engine."""
    return Letter(SUBJECTS[language], _html(language), _text(language))


def stories(language: str) -> list[tuple[str, str]]:
    """Title and HTML of its stories, for those who lay them out themselves."""
    paragraph = f'<p style="{CELL}">{SENTENCES[language]}</p>'
    return [(title, paragraph) for _number, title in _titles(language)]


def _html(language: str) -> str:
    rows = "\n".join(
        f'<tr><td style="{CELL}"><h2 style="margin:0;color:#1d3c34">'
        f'<a href="https://pregon.example/{language}/{number}/">{title}</a></h2>\n'
        f'<p style="margin:8px 0 0">{SENTENCES[language]}</p></td></tr>'
        for number, title in _titles(language)
    )
    foot = f'<a href="{{{{unsubscribe_url}}}}">{LEAVE[language]}</a>'
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{SUBJECTS[language]}</title></head>\n"
        f'<body><table role="presentation" width="600">\n{rows}\n'
        f'<tr><td style="{CELL}">{foot}</td></tr></table></body></html>\n'
    )


def _text(language: str) -> str:
    parts = [
        f"{title}\n{SENTENCES[language]}\nhttps://pregon.example/{language}/{number}/\n"
        for number, title in _titles(language)
    ]
    foot = f"{LEAVE[language]}: {{{{unsubscribe_url}}}}\n{{{{preferences_url}}}}\n"
    return "\n".join([*parts, foot])


def _titles(language: str) -> list[tuple[int, str]]:
    word = {"es": "Crónica número", "en": "Chronicle number"}[language]
    return [(number, f"{word} {number}") for number in range(1, STORIES + 1)]
