"""What a page may load, and which of a device's senses it may use."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE

from guards import frames

READERS = {
    "default-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "img-src": [SELF, "data:"],
    # Loaded only when a reader asks for it.
    "frame-src": [SELF, *frames.SOURCES],
}
# Wagtail's date fields and inline panels hold scripts, its StreamFields styles.
ADMIN = {
    **READERS,
    "script-src": [SELF, UNSAFE_INLINE],
    "script-src-attr": [NONE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}
PERMISSIONS: dict[str, list[str]] = {
    sense: [] for sense in ("camera", "geolocation", "microphone", "payment", "usb")
}
