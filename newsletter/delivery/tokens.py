"""The personal links of a mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Sign = Callable[[str], str]
"""Takes a subject, gives a token that only we could have made, for one purpose."""


class Links:
    """Makes one person's links: addresses with `{token}` in them, filled and signed.

    `paths` maps a slot's name to the purpose its token is bound to and the address;
    `signer` gives what signs for a purpose, once for all people.
    """

    def __init__(
        self, signer: Callable[[str], Sign], paths: Mapping[str, tuple[str, str]]
    ) -> None:
        purposes = {purpose for purpose, _address in paths.values()}
        self._signs = {purpose: signer(purpose) for purpose in purposes}
        self._parts = {
            slot: (purpose, *address.split("{token}", 1))
            for slot, (purpose, address) in paths.items()
        }

    def for_subject(self, subject: str) -> dict[str, str]:
        """Slot name → address; a purpose that occurs twice is signed once."""
        tokens = {purpose: sign(subject) for purpose, sign in self._signs.items()}
        return {
            slot: f"{before}{tokens[purpose]}{after}"
            for slot, (purpose, before, after) in self._parts.items()
        }
