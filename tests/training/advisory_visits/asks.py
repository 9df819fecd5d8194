"""Requests to advisory visits."""

from tests.support.asks import Ask, Asks, Make, Target
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import ABSENT, asks_for_work, path
from tests.training.check_ins.made import set_windows


async def prepare(target: Target, make: Make) -> None:
    """An authority that may be advised."""
    await authorities.prepare(target, make)
    await set_windows(target.client)


ASKS: Asks = {
    "list_advisory_visits": asks_for_work("/advisory-visits"),
    "sum_advisory_visits": asks_for_work("/advisory-visits/sums"),
    "record_advisory_visit": lambda target: Ask(
        "POST",
        path(target, "/advisory-visits"),
        {"visited_on": "2025-02-01", "minutes": 60, "mode": "online", "topic": "plan"},
        out_of_reach=ABSENT,
        related={"adviser": target["authority"]["id"]},
    ),
}
