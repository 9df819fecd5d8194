"""Requests to the validators of a group."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.validations.made import taught


def _all(target: Target) -> str:
    return f"/groups/{target['ids']['group']}/validators"


def _one(target: Target) -> str:
    return f"{_all(target)}/{target['validator']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A group with a validator."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    target.made["ids"] = await taught(target.client, target.county)
    target.made["validator"] = await make(_all(target), {"account": "maria"})


ASKS: Asks = {
    "list_group_validators": asks_to_read(_all),
    "name_group_validator": lambda target: Ask(
        "POST", _all(target), {"account": "ewa"}, out_of_reach="group-not-found"
    ),
    "get_group_validator": asks_to_read(_one, "group-validator-not-found"),
    "dismiss_group_validator": lambda target: Ask(
        "DELETE", _one(target), None, target["validator"], out_of_reach="group-validator-not-found"
    ),
}
