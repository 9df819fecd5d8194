"""Requests to calendars of sessions: everybody has their own, and whoever knows an address reads it."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.sessions.made import a_course

NOT_OWN = "calendar-not-found"


def _path(target: Target) -> str:
    return f"/calendars/{target['calendar']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A group, and its calendar of somebody else."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    ids = target.made["ids"] = await a_course(target.client, target.county, None)
    target.made["calendar"] = await make("/calendars", {"group_id": ids["group"]})


ASKS: Asks = {
    "create_session_calendar": lambda _: Ask("POST", "/calendars", {"language": "en"}),
    "list_session_calendars": asks_to_read("/calendars"),
    "get_session_calendar": lambda target: Ask("GET", _path(target), lacks=NOT_OWN),
    "revoke_session_calendar": lambda target: Ask(
        "POST", f"{_path(target)}/revoke", None, target["calendar"], lacks=NOT_OWN
    ),
    "read_session_calendar": asks_to_read(
        lambda target: str(target["calendar"]["address"]).removeprefix("/v1/training")
    ),
    "get_group_calendar": asks_to_read(lambda target: f"/groups/{target['ids']['group']}/sessions.ics"),
}
