"""Requests to people."""

from tests.casework.people.made import CHILD
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read


def _path(target: Target) -> str:
    return f"/people/{target['person']['id']}"


def related(target: Target) -> dict[str, str]:
    """Every kind of relation to the child."""
    return dict.fromkeys(("guardian", "team", "break_glass"), str(target["person"]["id"]))


async def prepare(target: Target, make: Make) -> None:
    """A child, and an institution that is known by its id alone."""
    child: Made = {**CHILD, "county_terc": target.county, "pesel": None}
    target.made["person"] = await make("/people", child)
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}


ASKS: Asks = {
    "list_people": asks_to_read("/people"),
    "register_person": lambda target: Ask(
        "POST", "/people", {**CHILD, "county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "get_person": lambda target: Ask("GET", _path(target), out_of_reach="person-not-found", related=related(target)),
    "amend_person": lambda target: Ask(
        "PATCH",
        _path(target),
        {"telephone": "600 000 000"},
        target["person"],
        out_of_reach="person-not-found",
        related=related(target),
    ),
}
