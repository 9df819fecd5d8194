"""Requests to guardianships."""

from tests.casework.guardianships.made import PARENT, guardianship
from tests.casework.people.made import CHILD
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read


def _path(target: Target) -> str:
    return f"/guardianships/{target['guardianship']['id']}"


def _related(target: Target) -> dict[str, str]:
    return dict.fromkeys(("guardian", "team", "break_glass"), str(target["person"]["id"]))


async def prepare(target: Target, make: Make) -> None:
    """A child, its parent, and somebody else."""
    here = {"county_terc": target.county, "pesel": None}
    for name, facts in (("person", {}), ("parent", PARENT), ("other", PARENT)):
        target.made[name] = await make("/people", {**CHILD, **here, **facts})
    body = guardianship(target["person"], target["parent"])
    target.made["guardianship"] = await make("/guardianships", body)
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}


ASKS: Asks = {
    "list_guardianships": asks_to_read("/guardianships"),
    "begin_guardianship": lambda target: Ask(
        "POST",
        "/guardianships",
        guardianship(target["person"], target["other"]),
        out_of_reach="person-not-found",
    ),
    "get_guardianship": lambda target: Ask(
        "GET", _path(target), out_of_reach="guardianship-not-found", related=_related(target)
    ),
    "end_guardianship": lambda target: Ask(
        "POST",
        f"{_path(target)}/end",
        {"ended_on": "2024-01-01", "reason": "court_decision"},
        target["guardianship"],
        out_of_reach="guardianship-not-found",
        related=_related(target),
    ),
}
