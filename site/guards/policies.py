"""What a page may load, and which of a device's senses it may use."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE

READERS = {
    "default-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "img-src": [SELF, "data:"],
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
