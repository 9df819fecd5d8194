"""Requests to rooms."""

import uuid

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

ROOM: Made = {"name": "Sala 12", "address": "ul. Przykładowa 1", "seats": 12, "is_step_free": True}
SPAN = "starts_at=2026-03-02T08:00:00Z&ends_at=2026-03-02T12:00:00Z"


def _path(target: Target) -> str:
    return f"/rooms/{target['room']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A room."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    target.made["room"] = await make("/rooms", ROOM | {"county_terc": target.county})


ASKS: Asks = {
    "list_rooms": asks_to_read("/rooms"),
    "add_room": lambda target: Ask(
        "POST", "/rooms", ROOM | {"county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "get_room": asks_to_read(_path),
    "amend_room": lambda target: Ask(
        "PATCH", _path(target), {"seats": 15}, target["room"], out_of_reach="outside-scope"
    ),
    "list_room_conflicts": asks_to_read(lambda target: f"{_path(target)}/conflicts?{SPAN}"),
}
