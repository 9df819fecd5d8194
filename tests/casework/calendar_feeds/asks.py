"""Requests to calendar feeds: everybody has their own, and whoever knows an address reads it."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read


async def prepare(target: Target, make: Make) -> None:
    """A feed of somebody else."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    target.made["feed"] = await make("/calendar-feeds", {})


def _path(target: Target) -> str:
    return f"/calendar-feeds/{target['feed']['id']}"


ASKS: Asks = {
    "create_calendar_feed": lambda _: Ask("POST", "/calendar-feeds", {"language": "en"}),
    "list_calendar_feeds": asks_to_read("/calendar-feeds"),
    "get_calendar_feed": lambda target: Ask("GET", _path(target), lacks="calendar-feed-not-found"),
    "revoke_calendar_feed": lambda target: Ask(
        "POST", f"{_path(target)}/revoke", None, target["feed"], lacks="calendar-feed-not-found"
    ),
    "get_calendar": asks_to_read(lambda target: str(target["feed"]["address"]).removeprefix("/v1/casework")),
}
