"""Requests about a child who is expected."""

from datetime import timedelta
from typing import Any

from services.chassis.ground import clock
from tests.casework.people.made import EXPECTED
from tests.support.asks import Ask, Asks, Make, Target


def soon() -> str:
    """A day on which a birth may be expected, whenever this runs."""
    return str(clock.today() + timedelta(days=30))


def born(**facts: Any) -> dict[str, Any]:
    """A child as it was born today."""
    return {"given_name": "Hanna", "family_name": "Nowa", "born_on": str(clock.today()), "sex": "female", **facts}


async def prepare(target: Target, make: Make) -> None:
    """A child who is expected."""
    expected = {**EXPECTED, "county_terc": target.county, "expected_on": soon()}
    target.made["expected"] = await make("/people", expected)
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}


def _ask(target: Target, verb: str, body: dict[str, Any]) -> Ask:
    person = target["expected"]
    related = dict.fromkeys(("guardian", "team", "break_glass"), str(person["id"]))
    path = f"/people/{person['id']}/{verb}"
    return Ask("POST", path, body, person, out_of_reach="person-not-found", related=related)


ASKS: Asks = {
    "record_birth": lambda target: _ask(target, "birth", {"children": [born()]}),
    "record_pregnancy_end": lambda target: _ask(target, "pregnancy-ended", {"ended_on": str(clock.today())}),
}
