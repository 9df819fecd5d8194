"""Requests to referrals that come in."""

from collections.abc import Callable

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

DESCRIBED: Made = {"given_name": "Zofia", "family_name": "Żółkiewska", "born_on": "2023-02-28"}


def _path(target: Target) -> str:
    return f"/referrals/{target['referral']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A child whom an institution has referred."""
    await people.prepare(target, make)
    body = {"source": "institution", "person_id": target["person"]["id"]}
    target.made["referral"] = await make("/referrals", body)


def _move(verb: str, body: Made | None = None, lacks: str = "state-conflict") -> Callable[[Target], Ask]:
    return lambda target: Ask(
        "POST",
        f"{_path(target)}/{verb}",
        body,
        target["referral"],
        out_of_reach="referral-not-found",
        lacks=lacks,
    )


ASKS: Asks = {
    "get_county_needs": asks_to_read(lambda target: f"/counties/{target.county}/needs", "not-found"),
    "list_referrals": asks_to_read("/referrals"),
    "hand_in_referral": lambda target: Ask(
        "POST",
        "/referrals",
        {"source": "institution", "person": {**DESCRIBED, "county_terc": target.county}},
        out_of_reach="outside-scope",
    ),
    "get_referral": lambda target: Ask(
        "GET",
        _path(target),
        out_of_reach="referral-not-found",
        related={**people.related(target), "party": target["referral"]["id"]},
    ),
    "receive_referral": _move("receive", lacks=""),
    "accept_referral": _move("accept"),
    "decline_referral": _move("decline", {"reason": "wrong_service"}),
    "schedule_referral": _move("schedule", {"scheduled_at": "2099-01-02T09:00:00+01:00"}),
    "complete_referral": _move("complete"),
    "record_no_show": _move("record-no-show"),
    "identify_referral": lambda target: _move(
        "identify", {"person_id": target["person"]["id"]}, lacks="already-identified"
    )(target),
    # A party is the sender or the one that is asked: by the relation alone it is not told which.
    "withdraw_referral": lambda target: _move("withdraw", {"reason": "need_ceased"}, lacks="for-sender-only")(
        target
    )._replace(related={"guardian": target["person"]["id"], "party": target["referral"]["id"]}),
}
