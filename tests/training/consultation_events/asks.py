"""Requests to consultation events."""

from tests.support.asks import Ask, Asks, Make, Target
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import ABSENT, asks_for_work, path, related

_EVENT = {"held_on": "2025-02-01", "form": "consultation", "topic": "Plan", "heads": 3}


async def prepare(target: Target, make: Make) -> None:
    """An authority that has consulted its plan."""
    await authorities.prepare(target, make)
    target.made["event"] = await make(path(target, "/consultation-events"), _EVENT)


def _one(target: Target) -> str:
    return path(target, f"/consultation-events/{target['event']['id']}")


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
    "get_consultation_event": lambda target: Ask("GET", _one(target), out_of_reach=ABSENT, related=related(target)),
    "annul_consultation_event": lambda target: Ask(
        "POST",
        f"{_one(target)}/annul",
        {"reason": "did_not_take_place"},
        target["event"],
        out_of_reach=ABSENT,
        related={"member": target["authority"]["id"]},
    ),
}
