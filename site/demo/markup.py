"""The light markup of demo stories, turned into the blocks an editor would have used.

Paragraphs stand apart by a blank line. `## heading`, `> quote — attribution`,
`![picture] caption | credit`; within text `**bold**` and `[words](address)`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from html import escape
from typing import Any

Block = dict[str, Any]

PICTURE = re.compile(r"!\[(?P<key>[a-z]+)\] (?P<caption>[^|]+?)(?: \| (?P<credit>.+))?")
BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
NAMESPACE = uuid.UUID("6f0c1c52-7f2a-4b64-8d5e-9a3d3b1f6a11")


def to_blocks(text: str, *, pictures: Mapping[str, int], name: str) -> list[Block]:
    """The stream of a text; `name` makes block ids that stay the same each time."""
    pieces = [piece for part in text.split("\n\n") if (piece := part.strip())]
    return [
        {**_block(piece, pictures), "id": str(uuid.uuid5(NAMESPACE, f"{name}.{place}"))}
        for place, piece in enumerate(pieces)
    ]


def pictures_in(text: str) -> set[str]:
    """The keys of the pictures a text shows."""
    return {found["key"] for found in PICTURE.finditer(text)}


def _block(piece: str, pictures: Mapping[str, int]) -> Block:
    if piece.startswith("## "):
        return {"type": "heading", "value": piece[3:]}
    if piece.startswith("> "):
        quote, _, attribution = piece[2:].rpartition(" — ")
        return {
            "type": "pull_quote",
            "value": {"text": quote, "attribution": attribution},
        }
    if found := PICTURE.fullmatch(piece):
        return {"type": "picture", "value": _picture(found, pictures)}
    return {"type": "paragraph", "value": f"<p>{_inline(piece)}</p>"}


def _picture(found: re.Match[str], pictures: Mapping[str, int]) -> Block:
    return {
        "picture": pictures[found["key"]],
        "caption": found["caption"],
        "credit": found["credit"] or "",
        "alt_decision": "describe",
        "alt": "",
    }


def _inline(piece: str) -> str:
    html = BOLD.sub(r"<b>\1</b>", escape(piece, quote=False))
    return LINK.sub(r'<a href="\2">\1</a>', html).replace("\n", " ")
