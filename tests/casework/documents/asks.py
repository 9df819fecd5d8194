"""Requests to documents."""

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

RULING: Made = {
    "kind": "special_education_ruling",
    "outcome": "need_found",
    "issuer_regon": "123456785",
    "number": "12/2025",
    "issued_on": "2025-10-01",
}
DELIVERED_ON = "2025-10-06"


def path(target: Target) -> str:
    """Of the document."""
    return f"/documents/{target['document']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A child with a ruling, which was delivered where an appeal is noted."""
    await people.prepare(target, make)
    facts = {**RULING, "person_id": target["person"]["id"]}
    if target.is_for("note_appeal"):
        facts["delivered_on"] = DELIVERED_ON
    target.made["document"] = await make("/documents", facts)


def _noted(target: Target, verb: str, day: str) -> Ask:
    return Ask(
        "POST",
        f"{path(target)}/{verb}",
        {"on": day},
        target["document"],
        out_of_reach="document-not-found",
        related=people.related(target),
    )


ASKS: Asks = {
    "list_documents": asks_to_read("/documents"),
    "record_document": lambda target: Ask(
        "POST",
        "/documents",
        {**RULING, "number": "13/2025", "person_id": target["person"]["id"]},
        out_of_reach="person-not-found",
        related=people.related(target),
    ),
    "get_document": lambda target: Ask(
        "GET", path(target), out_of_reach="document-not-found", related=people.related(target)
    ),
    "amend_document": lambda target: Ask(
        "PATCH",
        path(target),
        {"ipet_on": "2025-11-03"},
        target["document"],
        out_of_reach="document-not-found",
        related=people.related(target),
    ),
    "note_delivery": lambda target: _noted(target, "deliver", DELIVERED_ON),
    "note_hand_in": lambda target: _noted(target, "hand-in", "2025-10-10"),
    "note_appeal": lambda target: _noted(target, "appeal", "2025-10-20"),
}
