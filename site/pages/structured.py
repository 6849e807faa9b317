"""What pages say to machines, as schema.org data: each room adds what it knows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.conf import settings

Node = dict[str, Any]
Nodes = Callable[[Any, str], list[Node]]
# What could end the script element or start another one inside JSON.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
_rooms: dict[str, list[Nodes]] = defaultdict(list)


def register_nodes(label: str, nodes: Nodes) -> None:
    """Have pages of a model, by its label, say more: `nodes(page, language)`."""
    _rooms[label].append(nodes)


def nodes_of(page: Any, language: str) -> list[Node]:
    """All that the rooms say of a page."""
    rooms = _rooms.get(page._meta.label_lower, [])
    return [node for nodes in rooms for node in nodes(page, language)]


def own_id(name: str) -> str:
    """What names one of the site's own things in every page's data."""
    return f"{settings.SITE_URL}/#{name}"


def written(data: Node) -> Node:
    """Without what is empty."""
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def as_script_text(data: Node) -> str:
    """JSON that is safe inside a script element."""
    return json.dumps(data, ensure_ascii=False).translate(ESCAPES)
