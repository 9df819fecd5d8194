"""Requests to sessions."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.sessions.made import a_course, meeting, of_group

LATER = {"starts_at": "2098-12-16T09:00:00+01:00", "ends_at": "2098-12-16T12:00:00+01:00"}


def _path(target: Target, name: str = "session") -> str:
    return f"/sessions/{target[name]['id']}"


def _of_group(target: Target) -> dict[str, str]:
    return {"trainer": target["ids"]["group"]}


async def prepare(target: Target, make: Make) -> None:
    """A group with a session to come and one that is over, and a meeting's audience."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    ids = target.made["ids"] = await a_course(target.client, target.county, None)
    target.made["session"] = await make("/sessions", of_group(ids, "2098-12-15"))
    target.made["over"] = await make("/sessions", of_group(ids, "2026-09-15"))


ASKS: Asks = {
    "list_sessions": asks_to_read("/sessions"),
    "get_session": asks_to_read(_path),
    "plan_session": lambda target: Ask(
        "POST", "/sessions", meeting(target["ids"], county_terc=target.county), out_of_reach="outside-scope"
    ),
    "move_session": lambda target: Ask(
        "POST", f"{_path(target)}/move", LATER, target["session"], out_of_reach="session-not-found"
    ),
    "cancel_session": lambda target: Ask(
        "POST",
        f"{_path(target)}/cancel",
        {"reason": "awaria"},
        target["session"],
        out_of_reach="session-not-found",
    ),
    "hold_session": lambda target: Ask(
        "POST",
        f"{_path(target, 'over')}/hold",
        None,
        target["over"],
        out_of_reach="session-not-found",
        related=_of_group(target),
    ),
}
