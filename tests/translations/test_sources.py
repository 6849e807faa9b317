"""Every string a person reads can be found by the tool that extracts them."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKERS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext"}


def sources():
    listed = ["git", "ls-files", "*.py"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    names = found.stdout.split()
    return [name for name in names if not name.startswith(("tests/", "bench/"))]


def hidden_strings(code: str) -> list[int]:
    """Lines of f-strings that translate inside themselves: xgettext passes them by."""
    return [
        formatted.lineno
        for formatted in ast.walk(ast.parse(code))
        if isinstance(formatted, ast.JoinedStr)
        for call in ast.walk(formatted)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MARKERS
    ]


@pytest.mark.parametrize("name", sources())
def test_no_string_is_translated_inside_an_f_string(name):
    assert hidden_strings((ROOT / name).read_text(encoding="utf-8")) == []


def test_a_string_hidden_in_an_f_string_is_found():
    assert hidden_strings("a = f\"{_('Unsubscribe:')} {b}\"\nc = _('x')") == [1]
