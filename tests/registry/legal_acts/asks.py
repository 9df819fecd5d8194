"""Requests to the legal acts."""

import uuid

from tests.registry.institutions import asks as institutions
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read


def new_act() -> Made:
    """A provision that nobody has added yet."""
    return {"eli": "DU/2011/887", "provision": f"art. {uuid.uuid4().int}", "title_pl": "Ustawa", "title_en": "Act"}


def _path(target: Target) -> str:
    return f"/legal-acts/{target['act']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """An institution, and an act of the catalogue."""
    await institutions.prepare(target, make)
    target.made["act"] = await make("/legal-acts", new_act())


ASKS: Asks = {
    "list_legal_acts": asks_to_read("/legal-acts"),
    "get_legal_act": asks_to_read(_path),
    "add_legal_act": lambda _: Ask(
        "POST", "/legal-acts", new_act(), out_of_reach="outside-scope", only_everywhere=True
    ),
    "amend_legal_act": lambda target: Ask(
        "PATCH", _path(target), {"title_en": "Other"}, target["act"], out_of_reach="outside-scope", only_everywhere=True
    ),
}
