"""Requests to the reservations of a service's places."""

from tests.registry.support_services import asks as support_services
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read

FIRST, SECOND = ({"referral_reference": f"0199aaaa-0000-4000-8000-00000000000{number}"} for number in (1, 2))


def _path(target: Target) -> str:
    return f"/support-services/{target['service']['id']}/reservations"


def _one(target: Target) -> str:
    return f"{_path(target)}/{target['reservation']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A service of an institution with one place reserved."""
    await support_services.prepare(target, make)
    target.made["reservation"] = await make(_path(target), FIRST)


ASKS: Asks = {
    "list_reservations": asks_to_read(_path),
    "get_reservation": asks_to_read(_one, "reservation-not-found"),
    "reserve_place": lambda target: Ask("POST", _path(target), SECOND, out_of_reach="outside-scope"),
    "take_reserved_place": lambda target: Ask(
        "POST", f"{_one(target)}/take", None, target["reservation"], out_of_reach="reservation-not-found"
    ),
    "release_place": lambda target: Ask(
        "POST", f"{_one(target)}/release", None, target["reservation"], out_of_reach="reservation-not-found"
    ),
}
