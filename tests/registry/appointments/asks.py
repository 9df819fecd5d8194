"""Requests to the appointments."""

from tests.registry.institutions import asks as institutions
from tests.registry.programmes.asks import new_programme
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

KWM: Made = {
    "role": "cross_sector_support_coordinator",
    "subject": "account-1",
    "held_from": "2026-01-01",
    "held_to": "2026-07-01",
}


async def prepare(target: Target, make: Make) -> None:
    """A site with a coordinator for half a year."""
    await institutions.prepare(target, make)
    programme = await make("/programmes", new_programme() | {"needs_coordinator": True})
    body = {"name": "Miejsce", "county_terc": target.county}
    target.made["site"] = await make(f"/programmes/{programme['code']}/sites", body)
    held = KWM | {"site_id": target["site"]["id"], "held_from": "2026-07-01", "held_to": None}
    target.made["appointment"] = await make("/appointments", held)


ASKS: Asks = {
    "list_appointments": asks_to_read("/appointments"),
    "get_appointment_coverage": asks_to_read("/appointments/coverage?programme=MWM"),
    "get_appointment": asks_to_read(
        lambda target: f"/appointments/{target['appointment']['id']}", "appointment-not-found"
    ),
    "appoint_person": lambda target: Ask(
        "POST", "/appointments", KWM | {"site_id": target["site"]["id"]}, out_of_reach="outside-scope"
    ),
    "end_appointment": lambda target: Ask(
        "POST",
        f"/appointments/{target['appointment']['id']}/end",
        {"held_to": "2026-08-01", "reason": "koniec"},
        target["appointment"],
        out_of_reach="appointment-not-found",
    ),
}
