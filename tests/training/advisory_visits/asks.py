"""Requests to advisory visits."""

from tests.support.asks import Ask, Asks, Made, Make, Target
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import ABSENT, asks_for_work, path, related
from tests.training.check_ins.made import set_windows


async def prepare(target: Target, make: Make) -> None:
    """An authority that is advised, and a visit to it."""
    await authorities.prepare(target, make)
    await set_windows(target.client)
    target.made["visit"] = await make(path(target, "/advisory-visits"), _VISIT)


def _one(target: Target) -> str:
    return path(target, f"/advisory-visits/{target['visit']['id']}")


_VISIT: Made = {"visited_on": "2025-02-01", "minutes": 60, "mode": "online", "topic": "plan"}


ASKS: Asks = {
    "list_advisory_visits": asks_for_work("/advisory-visits"),
    "sum_advisory_visits": asks_for_work("/advisory-visits/sums"),
    "record_advisory_visit": lambda target: Ask(
        "POST",
        path(target, "/advisory-visits"),
        _VISIT,
        out_of_reach=ABSENT,
        related={"adviser": target["authority"]["id"]},
    ),
    "get_advisory_visit": lambda target: Ask("GET", _one(target), out_of_reach=ABSENT, related=related(target)),
    "annul_advisory_visit": lambda target: Ask(
        "POST",
        f"{_one(target)}/annul",
        {"reason": "entered_twice"},
        target["visit"],
        out_of_reach=ABSENT,
        related={"adviser": target["authority"]["id"]},
    ),
}
