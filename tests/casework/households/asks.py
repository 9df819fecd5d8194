"""Requests to households."""

from tests.casework.guardianships.made import PARENT
from tests.casework.households.made import member
from tests.casework.people.made import CHILD
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read


def _path(target: Target) -> str:
    return f"/households/{target['household']['id']}"


def _related(target: Target) -> dict[str, str]:
    return dict.fromkeys(("guardian", "team", "break_glass"), str(target["person"]["id"]))


async def prepare(target: Target, make: Make) -> None:
    """A child who lives with somebody, and somebody who does not."""
    here = {"county_terc": target.county, "pesel": None}
    for name, facts in (("person", {}), ("parent", PARENT), ("other", PARENT)):
        target.made[name] = await make("/people", {**CHILD, **here, **facts})
    members = [member(target["person"], "child"), member(target["parent"], "parent")]
    body = {"county_terc": target.county, "members": members}
    target.made["household"] = await make("/households", body)
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}


ASKS: Asks = {
    "list_households": asks_to_read(lambda target: f"/households?person_id={target['person']['id']}"),
    "make_household": lambda target: Ask(
        "POST",
        "/households",
        {"county_terc": target.county, "members": [member(target["other"], "other")]},
        out_of_reach="outside-scope",
    ),
    "get_household": lambda target: Ask(
        "GET", _path(target), out_of_reach="household-not-found", related=_related(target)
    ),
    "join_household": lambda target: Ask(
        "POST",
        f"{_path(target)}/members",
        member(target["other"], "other"),
        out_of_reach="household-not-found",
        related=_related(target),
    ),
    "leave_household": lambda target: Ask(
        "POST",
        f"{_path(target)}/members/{target['household']['members'][0]['id']}/leave",
        {"left_on": "2025-01-01"},
        target["household"],
        out_of_reach="household-not-found",
        related=_related(target),
    ),
}
