"""The personal links of a mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Sign = Callable[[str, str], str]
"""Takes a purpose and a subject, gives a token that only we could have made."""


@dataclass(frozen=True)
class Links:
    """Makes one person's links: addresses with `{token}` in them, filled and signed.

    `paths` maps a slot's name to the purpose its token is bound to and the address.
    """

    sign: Sign
    paths: Mapping[str, tuple[str, str]]

    def for_subject(self, subject: str) -> dict[str, str]:
        """Slot name → address; a purpose that occurs twice is signed once."""
        purposes = {purpose for purpose, _address in self.paths.values()}
        tokens = {purpose: self.sign(purpose, subject) for purpose in purposes}
        return {
            slot: address.replace("{token}", tokens[purpose])
            for slot, (purpose, address) in self.paths.items()
        }
