"""Requests to the programmes of local authorities and organisations."""

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.records import INSTITUTION

AUTHORITY: Made = {"type": "local_authority", "sector": "family_support", "name": "Miasto"}


def _path(target: Target) -> str:
    return f"/local-programmes/{target['programme']['id']}"


def _programme(target: Target) -> Made:
    return {"institution_id": target["institution"]["id"], "name": "Świetlice", "starts_on": "2026-01-01"}


async def prepare(target: Target, make: Make) -> None:
    """A local authority that runs a programme."""
    host = INSTITUTION | AUTHORITY | {"county_terc": target.county}
    target.made["institution"] = await make("/institutions", host)
    target.made["programme"] = await make("/local-programmes", _programme(target))


ASKS: Asks = {
    "list_local_programmes": asks_to_read("/local-programmes"),
    "get_local_programme": asks_to_read(_path),
    "create_local_programme": lambda target: Ask(
        "POST", "/local-programmes", _programme(target), out_of_reach="outside-scope"
    ),
    "amend_local_programme": lambda target: Ask(
        "PATCH", _path(target), {"amount": "10.00"}, target["programme"], out_of_reach="outside-scope"
    ),
}
