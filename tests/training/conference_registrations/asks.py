"""Requests to registrations for conferences."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.conferences import asks as conferences
from tests.training.conferences.made import DAYS, PERSON

ABSENT = "registration-not-found"


def _path(target: Target) -> str:
    return f"/conference-registrations/{target['registration']['id']}"


def _all(target: Target) -> str:
    return f"{conferences.path(target)}/registrations"


def _somebody(target: Target) -> dict[str, str]:
    return PERSON | {"county_terc": target.county, "conference_id": target["conference"]["id"]}


async def prepare(target: Target, make: Make) -> None:
    """An open conference with somebody in it whom staff have registered."""
    await conferences.plan(target, make, DAYS, is_open=True)
    target.made["registration"] = await make("/conference-registrations", _somebody(target))


ASKS: Asks = {
    "list_conference_registrations": asks_to_read(_all),
    "register_for_conference": lambda target: Ask("POST", _all(target), PERSON | {"county_terc": target.county}),
    "get_own_registration": lambda target: Ask("GET", f"{_all(target)}/own", lacks=ABSENT),
    "withdraw_own_registration": lambda target: Ask(
        "POST", f"{_all(target)}/own/withdraw", tag=target["registration"], lacks=ABSENT
    ),
    "register_person_for_conference": lambda target: Ask(
        "POST", "/conference-registrations", _somebody(target), out_of_reach="outside-scope"
    ),
    "get_conference_registration": asks_to_read(_path, ABSENT),
    "withdraw_conference_registration": lambda target: Ask(
        "POST", f"{_path(target)}/withdraw", {}, target["registration"], out_of_reach=ABSENT
    ),
    "resize_conference": lambda target: Ask(
        "POST", f"{conferences.path(target)}/resize", {"capacity": 5}, target["conference"]
    ),
}
