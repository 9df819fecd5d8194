"""Lists of attendance: a session that was held, of a group with three people."""

from typing import Any, NamedTuple

import httpx

from tests.support.callers import call_as
from tests.training.sessions.made import SESSIONS, TRAINER, Ids, a_course, a_trainee, did, of_group, planned, tag

AS_TRAINER = call_as(TRAINER, counties=[])
"""Somebody who trains the group, and reaches no county."""


class Held(NamedTuple):
    """A group's ids, its people, and a session of 120 minutes that was held."""

    ids: Ids
    people: list[str]
    session: dict[str, Any]

    @property
    def url(self) -> str:
        """Where the session's list is."""
        return f"{SESSIONS}/{self.session['id']}/attendance"


async def begun(client: httpx.AsyncClient, people: int = 3) -> Held:
    """A session of September 2026 that is not yet recorded as held."""
    ids = await a_course(client)
    who = [await a_trainee(client, ids["group"]) for _ in range(people)]
    return Held(ids, who, await planned(client, of_group(ids)))


async def held(client: httpx.AsyncClient, people: int = 3) -> Held:
    """A session of September 2026 that was held."""
    one = await begun(client, people)
    answer = await did(client, one.session, "hold")
    assert answer.status_code == 200, answer.text
    return one._replace(session=answer.json())


def items(people: list[str], *minutes: int) -> dict[str, Any]:
    """A list for these people."""
    pairs = zip(people, minutes, strict=True)
    return {"items": [{"trainee_id": who, "minutes": how_long} for who, how_long in pairs]}


async def signed(client: httpx.AsyncClient, *minutes: int) -> Held:
    """A signed list with these minutes."""
    one = await held(client, len(minutes))
    answer = await client.post(one.url, json=items(one.people, *minutes), headers=AS_TRAINER)
    assert answer.status_code == 200, answer.text
    answer = await client.post(f"{one.url}/sign", headers=AS_TRAINER | tag(one.session))
    assert answer.status_code == 200, answer.text
    return one


async def listed(client: httpx.AsyncClient, one: Held, **asked: Any) -> dict[str, dict[str, Any]]:
    """The list by person."""
    answer = await client.get(one.url, params=asked)
    assert answer.status_code == 200, answer.text
    return {each["trainee_id"]: each for each in answer.json()["items"]}
