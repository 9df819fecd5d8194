"""Requests to transfers of cases. One goes from the county of the target, the other to it."""

from collections.abc import Callable

from tests.casework.cases import asks as cases
from tests.casework.consents.asks import BASIS
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.callers import OTHER_INSTITUTION

RECEIVER: Made = {"to_institution_id": OTHER_INSTITUTION, "reason": "family_moved"}
_THIRD = "1261"


async def _proposed(target: Target, make: Make, county: str, to: str) -> Made:
    """A transfer of a new case of one county to another."""
    here, target.county = target.county, county
    await cases.prepare(target, make)
    target.county = here
    child = target["person"]["id"]
    await make("/consents", {**BASIS, "person_id": child, "recipient_institution_id": OTHER_INSTITUTION})
    body = {**RECEIVER, "case_id": target["case"]["id"], "to_county_terc": to}
    return await make("/case-transfers", body)


async def prepare(target: Target, make: Make) -> None:
    """A transfer to the county, one from it, one from it that was accepted, and a case that may go."""
    accepted = await _proposed(target, make, target.county, _THIRD)
    target.made["accepted"] = await make(f"/case-transfers/{accepted['id']}/accept", {}, accepted)
    target.made["incoming"] = await _proposed(target, make, _THIRD, target.county)
    target.made["outgoing"] = await _proposed(target, make, target.county, _THIRD)
    await cases.prepare(target, make)
    child = target["person"]["id"]
    await make("/consents", {**BASIS, "person_id": child, "recipient_institution_id": OTHER_INSTITUTION})


def _move(name: str, verb: str, body: Made | None = None) -> Callable[[Target], Ask]:
    return lambda target: Ask(
        "POST",
        f"/case-transfers/{target[name]['id']}/{verb}",
        body,
        target[name],
        out_of_reach="case-transfer-not-found",
    )


ASKS: Asks = {
    "list_case_transfers": asks_to_read("/case-transfers"),
    "propose_case_transfer": lambda target: Ask(
        "POST",
        "/case-transfers",
        {**RECEIVER, "case_id": target["case"]["id"], "to_county_terc": _THIRD},
        out_of_reach="case-not-found",
    ),
    "get_case_transfer": asks_to_read(
        lambda target: f"/case-transfers/{target['incoming']['id']}", "case-transfer-not-found"
    ),
    "accept_case_transfer": _move("incoming", "accept"),
    "decline_case_transfer": _move("incoming", "decline", {"reason": "x"}),
    "withdraw_case_transfer": _move("outgoing", "withdraw"),
    "get_kept_record": asks_to_read(
        lambda target: f"/case-transfers/{target['accepted']['id']}/record", "case-transfer-not-found"
    ),
}
