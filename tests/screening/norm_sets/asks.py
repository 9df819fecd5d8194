"""Requests to the norm sets of an instrument version."""

from services.screening.norm_sets.schemas import DOCUMENT_EXAMPLE
from tests.screening.instruments import asks as instruments
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read

NEW = {"code": "NORMS-1", "document": DOCUMENT_EXAMPLE}


def path(target: Target) -> str:
    """The address of the published version's norm sets."""
    return f"{instruments.path(target)}/versions/1/norm-sets"


def _one(target: Target) -> str:
    return f"{path(target)}/{target['norm_set']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A published version with a draft of norms."""
    await instruments.prepare(target, make)
    target.made["norm_set"] = await make(path(target), NEW)


ASKS: Asks = {
    "list_norm_sets": asks_to_read(path),
    "create_norm_set": lambda target: Ask("POST", path(target), NEW | {"code": "NORMS-2"}),
    "get_norm_set": asks_to_read(_one),
    "amend_norm_set": lambda target: Ask("PUT", _one(target), {"document": DOCUMENT_EXAMPLE}, target["norm_set"]),
    "bring_norm_set_into_force": lambda target: Ask(
        "POST", f"{_one(target)}/bring-into-force", None, target["norm_set"]
    ),
}
