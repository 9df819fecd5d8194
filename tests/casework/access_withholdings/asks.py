"""Requests to the withholdings."""

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PATH = "/access-log/withholdings"
WITHHOLDING: Made = {"withheld_from": "2026-01-02T00:00:00Z", "reason": "podejrzenie przemocy"}


async def prepare(target: Target, make: Make) -> None:
    """A child, something of whose log is withheld."""
    await people.prepare(target, make)
    body = {**WITHHOLDING, "person_id": target["person"]["id"]}
    target.made["withholding"] = await make(PATH, body)


ASKS: Asks = {
    "list_withholdings": asks_to_read(PATH),
    "withhold_entries": lambda target: Ask(
        "POST", PATH, {**WITHHOLDING, "person_id": target["person"]["id"]}, out_of_reach="person-not-found"
    ),
    "get_withholding": asks_to_read(lambda target: f"{PATH}/{target['withholding']['id']}", "withholding-not-found"),
    "release_entries": lambda target: Ask(
        "POST",
        f"{PATH}/{target['withholding']['id']}/release",
        None,
        target["withholding"],
        out_of_reach="withholding-not-found",
        related=people.related(target),
    ),
}
