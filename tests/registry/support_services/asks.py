"""Requests to the support services and the county's resources."""

from tests.registry.institutions import asks as institutions
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read

OFFER = {"name": "Konsultacje", "kind": "emotional"}


def _path(target: Target) -> str:
    return f"/support-services/{target['service']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """An institution and its service."""
    await institutions.prepare(target, make)
    target.made["service"] = await make("/support-services", OFFER | {"institution_id": target["institution"]["id"]})


ASKS: Asks = {
    "list_support_services": asks_to_read("/support-services"),
    "list_stale_support_services": asks_to_read("/support-services/stale"),
    "create_support_service": lambda target: Ask(
        "POST",
        "/support-services",
        OFFER | {"institution_id": target["institution"]["id"]},
        out_of_reach="outside-scope",
    ),
    "get_support_service": asks_to_read(_path),
    "amend_support_service": lambda target: Ask(
        "PATCH", _path(target), {"waiting_days": 3}, target["service"], out_of_reach="outside-scope"
    ),
    "verify_support_service": lambda target: Ask(
        "POST", f"{_path(target)}/verify", None, target["service"], out_of_reach="outside-scope"
    ),
    "verify_support_services": lambda target: Ask(
        "POST",
        "/support-services:verify",
        {"items": [{"id": target["service"]["id"], "version": target["service"]["version"]}]},
    ),
    "list_support_service_verifications": asks_to_read(lambda target: f"{_path(target)}/verifications"),
    "add_support_service_verification": lambda target: Ask(
        "POST", f"{_path(target)}/verifications", {"verified_on": "2026-01-10"}, out_of_reach="outside-scope"
    ),
    "get_county_figures": asks_to_read("/county-figures"),
    "get_county_resources": asks_to_read(lambda target: f"/counties/{target.county}/resources", "not-found"),
}
