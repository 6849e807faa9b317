"""Fill an empty site with the demo, once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from wagtail.models import Collection, Site

from demo import content, pictures
from demo.errors import UsedSiteError
from demo.mailing import start_newsletter
from demo.planting import (
    lead_with,
    open_offices,
    paint_brand,
    plant_home,
    plant_stories,
    plant_terms,
)
from newsletter.models import Newsletter
from starting.frame import is_only_frame

Say = Callable[[str], object]


def load_demo(
    *,
    say: Say,
    into_used_site: bool = False,
    draw: pictures.Draw = pictures.draw,
) -> bool:
    """Load everything or nothing; False where the demo is there already.

    `say` gets a line per step, `draw` makes a picture by its key. Raises
    `UsedSiteError` on a site with pages of its own unless `into_used_site`.
    """
    if is_loaded():
        say("The demo is here already; nothing was changed.")
        return False
    if not into_used_site and not is_only_frame():
        raise UsedSiteError(
            "This site has pages of its own. Use --into-used-site to load the demo "
            "beside them."
        )
    with transaction.atomic():
        _load(say, draw)
    say("The demo is loaded.")
    return True


def is_loaded() -> bool:
    """Whether the demo's newsletter is here; it cannot be deleted by accident."""
    key = content.read("newsletter")["key"]
    return Newsletter.objects.filter(key=key).exists()


def _load(say: Say, draw: pictures.Draw) -> None:
    say("Drawing 16 pictures …")
    name = content.read("brand")["name"]
    collection = Collection.get_first_root_node().add_child(name=name)
    drawn = pictures.store_pictures(collection=collection, draw=draw)
    say("Planting projects, countries and offices …")
    home = plant_home()
    paint_brand(Site.objects.get(is_default_site=True))
    terms = plant_terms(home, drawn)
    open_offices(terms.countries)
    say(f"Publishing {len(content.stories())} stories …")
    stories = plant_stories(home, terms, drawn)
    lead = next(story for story in content.stories() if story.featured)
    lead_with(home, stories[lead.key], lead.published_at)
    say("Sending two issues to a hundred invented readers …")
    start_newsletter(home, stories, terms)
