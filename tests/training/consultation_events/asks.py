"""Requests to consultation events."""

from tests.support.asks import Ask, Asks
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import ABSENT, asks_for_work, path

prepare = authorities.prepare
_EVENT = {"held_on": "2025-02-01", "form": "consultation", "topic": "Plan", "heads": 3}

ASKS: Asks = {
    "list_consultation_events": asks_for_work("/consultation-events"),
    "sum_consultation_events": asks_for_work("/consultation-events/sums"),
    "record_consultation_event": lambda target: Ask(
        "POST",
        path(target, "/consultation-events"),
        _EVENT,
        out_of_reach=ABSENT,
        related={"member": target["authority"]["id"]},
    ),
}
