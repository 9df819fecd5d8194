"""Requests to the programmes of training."""

import uuid

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PROGRAMME: Made = {
    "title_pl": "Program próbny",
    "title_en": "Trial programme",
    "client": "Zamawiający",
    "contractor": "Wykonawca",
    "enrolment_rule": "open",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
}


def new_programme() -> Made:
    """A programme with a code that nobody else has."""
    return PROGRAMME | {"code": f"P{uuid.uuid4().hex[:12].upper()}"}


def path(target: Target) -> str:
    """The address of the programme."""
    return f"/programmes/{target['programme']['code']}"


async def prepare(target: Target, make: Make) -> None:
    """A programme. It is of no county; the matrix places its callers by an institution."""
    target.made["institution"] = {"id": str(uuid.uuid4())}
    target.made["programme"] = await make("/programmes", new_programme())


ASKS: Asks = {
    "list_training_programmes": asks_to_read("/programmes"),
    "create_training_programme": lambda _: Ask("POST", "/programmes", new_programme()),
    "get_training_programme": asks_to_read(path),
    "amend_training_programme": lambda target: Ask("PATCH", path(target), {"title_pl": "Inny"}, target["programme"]),
}
