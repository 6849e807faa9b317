"""Reasons and states in words that agree in number and gender."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from newsletter.composing.coverage import STATE_NAMES
from newsletter.composing.reasons import described
from newsletter.models import Delivery, Dispatch, Subscription


@pytest.mark.parametrize(
    ("language", "one", "three"),
    [
        ("es", "1 persona todavía no ha confirmado", "3 personas se han dado de baja"),
        ("en", "1 person has not confirmed yet", "3 people have left"),
    ],
)
def test_a_reason_agrees_with_its_number(language, one, three):
    with override(language):
        assert described({"pending": 1, "unsubscribed": 3}) == [three, one]


def test_a_reason_we_do_not_know_is_shown_as_it_is():
    assert described({"held": 2, "new": 5})[0] == "5 new"


@pytest.mark.parametrize(
    ("label", "spanish"),
    [
        (Dispatch.State.READY.label, "listo"),
        (Dispatch.State.SENT.label, "enviado"),
        (Dispatch.State.FAILED.label, "fallido"),
        (Delivery.State.SENT.label, "enviada"),
        (Delivery.State.FAILED.label, "fallida"),
        (Subscription.State.ACTIVE.label, "activa"),
        (STATE_NAMES["ready"], "lista"),
        (STATE_NAMES["behind"], "desactualizada"),
    ],
)
def test_a_state_agrees_with_what_it_is_said_of(label, spanish):
    with override("es"):
        assert str(label) == spanish
