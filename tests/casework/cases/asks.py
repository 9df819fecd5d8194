"""Requests to cases."""

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

CASE: Made = {"track": "early", "first_contact_on": "2026-01-02", "reason": "opóźniona mowa"}


def path(target: Target) -> str:
    """Of the case."""
    return f"/cases/{target['case']['id']}"


def related(target: Target) -> dict[str, str]:
    """Every kind of relation to the case."""
    child = str(target["person"]["id"])
    return {"guardian": child, "break_glass": child, "team": f"{target['case']['id']} {child}"}


async def prepare(target: Target, make: Make) -> None:
    """A child with a case, and another child without."""
    await people.prepare(target, make)
    target.made["other"] = target["person"]
    await people.prepare(target, make)
    target.made["case"] = await make("/cases", {**CASE, "person_id": target["person"]["id"]})


ASKS: Asks = {
    "list_cases": asks_to_read("/cases"),
    "open_case": lambda target: Ask(
        "POST", "/cases", {**CASE, "person_id": target["other"]["id"]}, out_of_reach="person-not-found"
    ),
    "get_case": lambda target: Ask("GET", path(target), out_of_reach="case-not-found", related=related(target)),
    "amend_case": lambda target: Ask(
        "PATCH", path(target), {"review_due_on": "2027-01-01"}, target["case"], out_of_reach="case-not-found"
    ),
}
