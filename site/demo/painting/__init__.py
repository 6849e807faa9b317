"""The demo's pictures, drawn at load time so that no image need be kept in the code."""

from __future__ import annotations
