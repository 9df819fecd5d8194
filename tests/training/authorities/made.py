"""Authorities and their work, made through the API."""

import itertools
from datetime import date, datetime, time
from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from services.chassis.ground.clock import CIVIL_TIME
from tests.support.callers import call_as
from tests.training.groups.made import Made, add_programme, add_trainee, post, send

WRITER = call_as("authority_member", subject="member-1", counties=[])
"""Somebody in the team, who reaches no county."""
DECIDER = call_as("training_manager", subject="decider")
_NUMBERS = itertools.count(1)


def set_day(patch: pytest.MonkeyPatch, day: str) -> None:
    """Let it be noon of a day."""
    instant = datetime.combine(date.fromisoformat(day), time(12), CIVIL_TIME)
    patch.setattr(clock, "now", lambda: instant)


def recruitment(programme: Made, **facts: Any) -> Made:
    """A commune of county 2469 that enters a programme."""
    return {
        "programme_code": programme["code"],
        "terc": f"2469{next(_NUMBERS) % 100:02}1",
        "name": "Gmina Testowa",
        "is_running_body": True,
        "recruited_on": "2025-01-15",
        **facts,
    }


async def recruited(client: httpx.AsyncClient, **facts: Any) -> Made:
    """An authority of a programme for authorities, with the programme."""
    programme = await add_programme(client, "authority_team")
    authority = await post(client, "/authorities", recruitment(programme, **facts))
    return authority | {"programme": programme}


async def staff(client: httpx.AsyncClient, authority: Made, account: str | None = None) -> Made:
    """Somebody of the authority who can be in its team."""
    return await add_trainee(
        client,
        county_terc=authority["county_terc"],
        organisation_type="local_authority",
        authority_id=authority["id"],
        target_group="operational_staff",
        account=account or f"account-{next(_NUMBERS)}",
    )


async def read(client: httpx.AsyncClient, path: str, **asked: Any) -> Made:
    """What is there."""
    answer = await client.get(f"/v1/training{path}", **asked)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found


async def joined(client: httpx.AsyncClient, authority: Made, trainee: Made, **more: Any) -> httpx.Response:
    """The answer to somebody's entering the team."""
    path = f"/authorities/{authority['id']}"
    now = await read(client, path)
    return await send(client, f"{path}/task-team/members", {"trainee_id": trainee["id"]}, now, **more)


async def team_of(client: httpx.AsyncClient, authority: Made, people: int = 3) -> list[Made]:
    """So many people in the team; the first has the account of `WRITER`."""
    team = []
    for number in range(people):
        team.append(await staff(client, authority, "member-1" if number == 0 else None))
        answer = await joined(client, authority, team[-1])
        assert answer.status_code == 200, answer.text
    return team


class Work:
    """One thing of an authority's work, at an address below it."""

    def __init__(self, client: httpx.AsyncClient, authority: Made, path: str) -> None:
        self.client = client
        self.path = f"/authorities/{authority['id']}/{path}"

    async def try_to(
        self, verb: str, body: Made | None = None, headers: Made = WRITER, method: str = "POST"
    ) -> httpx.Response:
        """The answer to a verb on the thing as it is now."""
        now = await read(self.client, self.path)
        at = f"{self.path}/{verb}" if verb else self.path
        return await send(self.client, at, body, now, method, headers=headers)

    async def do(self, verb: str, body: Made | None = None, headers: Made = WRITER, method: str = "POST") -> Made:
        """The thing after a verb."""
        answer = await self.try_to(verb, body, headers, method)
        assert answer.is_success, answer.text
        after: Made = answer.json()
        return after

    async def begin(self, body: Made, headers: Made = WRITER) -> Made:
        """The thing as it begins."""
        return await post(self.client, self.path, body, headers=headers)
