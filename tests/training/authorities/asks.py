"""Requests to authorities."""

import uuid
from collections.abc import Callable

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.groups.made import add_programme

ABSENT = "authority-not-found"


def path(target: Target, more: str = "") -> str:
    """Below the authority."""
    return f"/authorities/{target['authority']['id']}{more}"


def related(target: Target) -> Made:
    """What relations lead to the authority's work."""
    return dict.fromkeys(("member", "adviser"), target["authority"]["id"])


def asks_for_work(more: str) -> Callable[[Target], Ask]:
    """A GET of the authority's work."""
    return lambda target: Ask("GET", path(target, more), out_of_reach=ABSENT, related=related(target))


def _body(target: Target, number: int) -> Made:
    code = target["programme"]["code"]
    facts = {"name": "Gmina", "is_running_body": True, "recruited_on": "2025-01-15"}
    return {"programme_code": code, "terc": f"{target.county}{number:02}1", **facts}


async def prepare(target: Target, make: Make) -> None:
    """An authority that was recruited."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    target.made["programme"] = await add_programme(target.client, "authority_team")
    target.made["authority"] = await make("/authorities", _body(target, 1))


ASKS: Asks = {
    "list_authorities": asks_to_read("/authorities"),
    "recruit_authority": lambda target: Ask("POST", "/authorities", _body(target, 2), out_of_reach="outside-scope"),
    "get_authority": asks_to_read(path),
    "amend_authority": lambda target: Ask(
        "PATCH", path(target), {"name": "Inna"}, target["authority"], out_of_reach="outside-scope"
    ),
    "list_authority_steps": asks_for_work("/steps"),
}
