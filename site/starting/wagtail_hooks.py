"""The first steps on the admin's home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.users.models import UserProfile

from starting.steps import Step, steps_for

# How Wagtail remembers, for each person, what they do not want to see again.
HIDDEN = "first-steps"


class FirstSteps(Component):
    """What to do on a new site, ticked off as it gets done."""

    name = "first-steps"
    template_name = "starting/admin/steps.html"
    order = 60

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The steps, how many are done, and the name under which they are hidden."""
        done = sum(step.is_done for step in self.steps)
        return {"steps": self.steps, "done": done, "hidden_as": HIDDEN}


@hooks.register("construct_homepage_panels")
def show_first_steps(request: HttpRequest, panels: list[Component]) -> None:
    """Until everything is done, or the person has hidden them."""
    profile = UserProfile.get_for_user(request.user)
    if profile.dismissibles.get(HIDDEN):
        return
    steps = steps_for(request.user)
    if any(step.url for step in steps):
        panels.append(FirstSteps(steps))
