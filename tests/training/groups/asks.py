"""Requests to groups and their transitions."""

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.groups.made import DAYS, add_programme
from tests.training.trainees import asks as trainees

REACH = "outside-scope"


def path(target: Target) -> str:
    """Of the group."""
    return f"/groups/{target['group']['id']}"


def _body(target: Target, code: str) -> Made:
    place = {"programme_code": target["programme"]["code"], "county_terc": target.county}
    return {**place, **DAYS, "code": code, "title": "Grupa"}


async def prepare(target: Target, make: Make) -> None:
    """A planned group, and somebody who is to enter it."""
    await trainees.prepare(target, make)
    target.made["programme"] = await add_programme(target.client)
    target.made["group"] = await make("/groups", _body(target, "G1"))


ASKS: Asks = {
    "list_groups": asks_to_read("/groups"),
    "create_group": lambda target: Ask("POST", "/groups", _body(target, "G2"), out_of_reach=REACH),
    "get_group": asks_to_read(path),
    "amend_group": lambda target: Ask("PATCH", path(target), {"title": "Inna"}, target["group"], out_of_reach=REACH),
    "open_group": lambda target: Ask("POST", f"{path(target)}/open", None, target["group"], out_of_reach=REACH),
    "start_group": lambda target: Ask(
        "POST", f"{path(target)}/start", None, target["group"], out_of_reach=REACH, lacks="state-conflict"
    ),
    "complete_group": lambda target: Ask(
        "POST", f"{path(target)}/complete", None, target["group"], out_of_reach=REACH, lacks="state-conflict"
    ),
    "cancel_group": lambda target: Ask(
        "POST", f"{path(target)}/cancel", {"reason": "koniec"}, target["group"], out_of_reach=REACH
    ),
    "resize_group": lambda target: Ask(
        "POST", f"{path(target)}/resize", {"capacity": 9}, target["group"], out_of_reach=REACH
    ),
    "get_programme_composition": asks_to_read(lambda target: f"/programmes/{target['programme']['code']}/composition"),
}
