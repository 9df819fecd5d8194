"""Requests to advisory contacts."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.advisory_contacts.made import an_authority, of_authority
from tests.training.sessions.made import a_programme


def _path(target: Target) -> str:
    return f"/advisory-contacts/{target['contact']['id']}"


def _related(target: Target) -> dict[str, str]:
    return {"adviser": target["ids"]["authority"]}


async def prepare(target: Target, make: Make) -> None:
    """A contact of an authority."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    ids = target.made["ids"] = await a_programme(target.client)
    ids["authority"] = await an_authority(target.client, ids, target.county)
    target.made["contact"] = await make("/advisory-contacts", of_authority(ids["authority"]))


ASKS: Asks = {
    "list_advisory_contacts": asks_to_read("/advisory-contacts"),
    "sum_advisory_contacts": asks_to_read("/advisory-contacts/sums"),
    "get_advisory_contact": lambda target: Ask(
        "GET", _path(target), out_of_reach="advisory-contact-not-found", related=_related(target)
    ),
    "record_advisory_contact": lambda target: Ask(
        "POST",
        "/advisory-contacts",
        of_authority(target["ids"]["authority"]),
        out_of_reach="outside-scope",
        related=_related(target),
    ),
    "annul_advisory_contact": lambda target: Ask(
        "POST",
        f"{_path(target)}/annul",
        {"reason": "entered_twice"},
        target["contact"],
        out_of_reach="advisory-contact-not-found",
        related=_related(target),
    ),
}
