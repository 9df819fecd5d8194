"""Requests to consents and disclosures."""

from typing import Any

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read

BASIS: dict[str, Any] = {
    "basis": "statutory",
    "act": "Prawo oświatowe, art. 30a",
    "purpose": "casework",
    "categories": ["identity", "case"],
    "valid_from": "2026-01-01",
}


def _path(target: Target) -> str:
    return f"/consents/{target['consent']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A child, and a basis on which its data are used."""
    await people.prepare(target, make)
    target.made["consent"] = await make("/consents", {**BASIS, "person_id": target["person"]["id"]})


ASKS: Asks = {
    "list_consents": asks_to_read("/consents"),
    "list_disclosures": asks_to_read("/disclosures"),
    "record_consent": lambda target: Ask(
        "POST", "/consents", {**BASIS, "person_id": target["person"]["id"]}, out_of_reach="person-not-found"
    ),
    "get_consent": lambda target: Ask(
        "GET", _path(target), out_of_reach="consent-not-found", related=people.related(target)
    ),
    "withdraw_consent": lambda target: Ask(
        "POST",
        f"{_path(target)}/withdraw",
        None,
        target["consent"],
        out_of_reach="consent-not-found",
        # A relation alone sees; who acts is known by the account.
        lacks="does-not-act-for-child",
        related=people.related(target),
    ),
}
