"""The style sheets of the readers' pages are one, as short as it can be sent."""

from __future__ import annotations

import re

from config import finders

FACE = re.compile(r"@font-face\s*{")


def test_it_holds_every_rule_and_no_comment():
    sent = finders.joined()
    written = "".join(path.read_text() for path in finders.SOURCES.glob("*.css"))
    assert "/*" in written
    assert "/*" not in sent
    assert sent.startswith("@layer reset,tokens,base,components,utilities;")
    assert len(FACE.findall(sent)) == len(FACE.findall(written)) > 4
    assert "calc(" in sent
    assert "1.15rem + 0.2vw" in sent, "a plus needs its spaces"
    assert len(sent) < 0.85 * len(written)
