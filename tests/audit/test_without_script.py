"""Nothing on a page needs script to be read."""

from __future__ import annotations

# What only script can do, and says only where it runs.
WITHOUT_COPYING = (
    "document.querySelectorAll('[data-copy]').forEach(one => one.remove())"
)


def test_every_page_says_the_same_without_script(kinds, open_page, subtests):
    usual, still = open_page(), open_page(java_script_enabled=False)
    for address in kinds.pages:
        with subtests.test(path=address.path):
            usual.goto(address.path)
            still.goto(address.path)
            usual.evaluate(WITHOUT_COPYING)
            assert words_of(still) == words_of(usual)
            assert len(words_of(still)) > 2


def words_of(page) -> list[str]:
    """The lines that can be read."""
    return page.locator("body").inner_text().split("\n")
