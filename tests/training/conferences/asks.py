"""Requests to conferences."""

import uuid
from collections.abc import Callable

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.conferences.made import DAYS, FACTS, PAST
from tests.training.groups.made import add_programme

_OPENED = ("hold_conference", "cancel_conference")


def path(target: Target) -> str:
    """Of the conference."""
    return f"/conferences/{target['conference']['id']}"


async def plan(target: Target, make: Make, times: Made, *, is_open: bool) -> None:
    """A conference at those times."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    target.made["programme"] = await add_programme(target.client)
    body = FACTS | times | {"programme_id": target["programme"]["id"]}
    target.made["body"] = body
    target.made["conference"] = await make("/conferences", body)
    if is_open:
        target.made["conference"] = await make(f"{path(target)}/open", {}, target["conference"])


async def prepare(target: Target, make: Make) -> None:
    """A conference that is over, so that it can be held."""
    await plan(target, make, PAST, is_open=target.is_for(*_OPENED))


def _ask(verb: str, body: Made | None = None) -> Callable[[Target], Ask]:
    return lambda target: Ask("POST", f"{path(target)}/{verb}", body, target["conference"])


ASKS: Asks = {
    "list_conferences": asks_to_read("/conferences"),
    "plan_conference": lambda target: Ask("POST", "/conferences", target["body"]),
    "get_conference_audiences": asks_to_read("/conferences/audiences"),
    "get_conference": asks_to_read(path),
    "amend_conference": lambda target: Ask("PATCH", path(target), {"title_en": "Another"} | DAYS, target["conference"]),
    "open_conference": _ask("open"),
    "hold_conference": _ask("hold"),
    "cancel_conference": _ask("cancel", {"reason": "Brak prelegentów."}),
}
