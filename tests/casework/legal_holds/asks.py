"""Requests to legal holds."""

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PATH = "/legal-holds"


async def prepare(target: Target, make: Make) -> None:
    """A child whose records are kept."""
    await people.prepare(target, make)
    target.made["hold"] = await make(PATH, _hold(target))


def _hold(target: Target) -> Made:
    return {"person_id": target["person"]["id"], "reason": "postępowanie III Nsm 1/26"}


ASKS: Asks = {
    "list_holds": asks_to_read(PATH),
    "place_hold": lambda target: Ask("POST", PATH, _hold(target), out_of_reach="person-not-found"),
    "get_hold": asks_to_read(lambda target: f"{PATH}/{target['hold']['id']}", "legal-hold-not-found"),
    "release_hold": lambda target: Ask(
        "POST",
        f"{PATH}/{target['hold']['id']}/release",
        None,
        target["hold"],
        out_of_reach="legal-hold-not-found",
        related=people.related(target),
    ),
}
