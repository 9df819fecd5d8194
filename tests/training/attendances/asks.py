"""Requests to lists of attendance."""

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.records import change, fetch
from tests.training.attendances.made import items
from tests.training.sessions.made import a_course, a_trainee, of_group


def _list(target: Target) -> str:
    return f"/sessions/{target['session']['id']}/attendance"


def _one(target: Target) -> str:
    return f"{_list(target)}/{target['attendance']['id']}"


def _related(target: Target, *, reads: bool) -> dict[str, str]:
    of_group = {"trainer": target["ids"]["group"]}
    return of_group | ({"trainee": target["ids"]["trainee"]} if reads else {})


def _body(target: Target) -> Made:
    return items([target["ids"]["trainee"]], 100)


async def prepare(target: Target, make: Make) -> None:
    """A session that was held, with one person on its list, which is signed where it is to be corrected."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    client = target.client
    ids = target.made["ids"] = await a_course(client, target.county, None)
    ids["trainee"] = await a_trainee(client, ids["group"], target.county)
    session = target.made["session"] = await make("/sessions", of_group(ids))
    await change(client, "UPDATE sessions SET state = 'held'")
    await make(_list(target), items([ids["trainee"]], 120), session)
    [[one]] = await fetch(client, "SELECT id FROM attendances")
    target.made["attendance"] = {"id": str(one), "version": 1}
    if target.is_for("correct_attendance"):
        await change(client, "UPDATE sessions SET attendance_signed_at = now(), attendance_signed_by = 'x'")


ASKS: Asks = {
    "list_attendance": asks_to_read(_list),
    "list_attendance_shares": asks_to_read(lambda target: f"/groups/{target['ids']['group']}/attendance-shares"),
    "record_attendance": lambda target: Ask(
        "POST",
        _list(target),
        _body(target),
        out_of_reach="session-not-found",
        related=_related(target, reads=False),
    ),
    "sign_attendance": lambda target: Ask(
        "POST",
        f"{_list(target)}/sign",
        None,
        target["session"],
        out_of_reach="session-not-found",
        lacks="not-trainer-of-session",
        related=_related(target, reads=False),
    ),
    "correct_attendance": lambda target: Ask(
        "POST",
        f"{_one(target)}/correct",
        {"minutes": 90, "reason": "wcześniejsze wyjście"},
        target["attendance"],
        out_of_reach="session-not-found",
        related=_related(target, reads=False),
    ),
    "get_attendance": lambda target: Ask(
        "GET", _one(target), out_of_reach="attendance-not-found", related=_related(target, reads=True)
    ),
    "list_attendance_corrections": lambda target: Ask(
        "GET",
        f"{_one(target)}/corrections",
        out_of_reach="attendance-not-found",
        related=_related(target, reads=True),
    ),
}
