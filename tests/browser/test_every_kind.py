"""One look at each kind of page. `make audit` looks at all of them in every way."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.browser.kinds import kinds_of
from tests.browser.looking import Watch, too_wide, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
# Phones and large screens, by day and by night.
LOOKS = [(320, "light"), (1280, "light"), (320, "dark"), (1280, "dark")]


def test_each_kind_of_page_is_for_everyone(site, open_page, subtests):
    page = open_page()
    watch = Watch(page)
    for address, (width, scheme) in zip(
        kinds_of(site).one_each(), cycle(LOOKS), strict=False
    ):
        with subtests.test(kind=address.kind, lang=address.lang, scheme=scheme):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            watch.open(address)
            assert violations(page) + too_wide(page) + watch.seen == []
    assert page.context.cookies() == []
