"""Requests to trainees."""

import uuid

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PERSON: Made = {
    "given_name": "Jan",
    "family_name": "Testowy",
    "sex": "male",
    "organisation_type": "cis",
    "organisation_name": "Centrum",
    "relation": "employee",
}
ABSENT = "trainee-not-found"


def _path(target: Target) -> str:
    return f"/trainees/{target['trainee']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """Somebody who is to be trained."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    target.made["trainee"] = await make("/trainees", PERSON | {"county_terc": target.county})


ASKS: Asks = {
    "list_trainees": asks_to_read("/trainees"),
    "register_trainee": lambda target: Ask(
        "POST", "/trainees", PERSON | {"county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "amend_trainee": lambda target: Ask(
        "PATCH", _path(target), {"given_name": "Adam"}, target["trainee"], out_of_reach=ABSENT
    ),
    "join_trainee_account": lambda target: Ask(
        "PUT", f"{_path(target)}/account", {"account": "jan"}, target["trainee"], out_of_reach=ABSENT
    ),
    "erase_trainee": lambda target: Ask("POST", f"{_path(target)}/erase", None, target["trainee"], out_of_reach=ABSENT),
}
