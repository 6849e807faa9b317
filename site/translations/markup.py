"""Links in rich text, which a translation must keep."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

# Draftail's names for its blocks; they say nothing and change with every paste.
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


class _Targets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link or an embed leads."""
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            kind = values.get("linktype", "")
            where = values.get("id") if kind else values.get("href")
            self.found.append(f"{kind}:{where or ''}")
        elif tag == "embed":
            where = values.get("id") or values.get("url") or ""
            self.found.append(f"{values.get('embedtype', '')}:{where}")


def targets(html: str) -> Counter[str]:
    """Where the links and embeds of rich text lead, as `page:7`, `:https://…`."""
    parser = _Targets()
    parser.feed(html or "")
    return Counter(parser.found)


def lost_targets(original: str, translated: str) -> int:
    """How many links of the original the translation does not have."""
    return (targets(original) - targets(translated)).total()


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for Draftail's block names and for how lines
    end: a browser sends CRLF whatever it was given."""
    return _bare(one) == _bare(other)


def _bare(text: str | None) -> str:
    return BLOCK_KEY.sub("", text or "").replace("\r\n", "\n")
