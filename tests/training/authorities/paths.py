"""An authority on its path: steps that are taken and refused, sessions that were held."""

import uuid

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.authorities.made import read
from tests.training.groups.made import Made, post, send
from tests.training.sessions.made import tag

TRAINER = call_as("trainer", subject="path-trainer", counties=[])
ADVISER = call_as("adviser", subject="path-adviser", counties=[])
MODULE = """
INSERT INTO programme_modules (version_id, number, title_pl, title_en, goal_pl, goal_en, form, minutes,
    is_test_specific)
SELECT id, 1, 'Diagnoza', 'Diagnosis', 'Cel', 'Goal', 'workshop', 900, false FROM programme_versions
WHERE programme_id = :programme RETURNING id
"""
TASK: Made = {"task_starts_on": "2027-01-01", "task_ends_on": "2028-06-30"}
MONTHLY: Made = {
    "measures_in_progress": 1,
    "measures_completed": 0,
    "spent": "100.00",
    "progress": "Trwa przetarg.",
}


class Path:
    """An authority and the steps that are tried on it."""

    def __init__(self, client: httpx.AsyncClient, authority: Made) -> None:
        self.client, self.authority = client, authority
        self.url = f"/authorities/{authority['id']}"

    async def step(self, verb: str, body: Made | None = None) -> httpx.Response:
        """The answer to a step."""
        return await send(self.client, f"{self.url}/{verb}", body, await read(self.client, self.url))

    async def refused(self, verb: str, body: Made | None = None) -> Made:
        """What is missing for a step; nothing has changed."""
        before = await read(self.client, self.url)
        told = assert_problem(await self.step(verb, body), 409, "authority-not-ready")
        assert await read(self.client, self.url) == before
        return told

    async def taken(self, verb: str, body: Made | None = None) -> Made:
        """The authority after a step."""
        answer = await self.step(verb, body)
        assert answer.status_code == 200, answer.text
        after: Made = answer.json()
        # Twice is once: no step is taken from the state that it leads to.
        assert_problem(await self.step(verb, body), 409, "state-conflict")
        return after

    async def visit(self, day: str) -> httpx.Response:
        """The answer to a visit of the adviser's on a day."""
        body = {"visited_on": day, "minutes": 90, "mode": "on_site", "topic": "diagnosis"}
        return await send(self.client, f"{self.url}/advisory-visits", body, headers=ADVISER)


async def hold_session(
    path: Path, group: Made, present: list[Made], absent: list[Made], missed: Made | None = None
) -> Made:
    """A session of the group that was held, with its signed list; it makes up for the one that was missed."""
    client = path.client
    if missed is None:
        [module] = await fetch(client, MODULE, programme=uuid.UUID(path.authority["programme"]["id"]))
        module_id, day = str(module.id), "02"
    else:
        module_id, day = missed["module_id"], "03"
    session = await post(
        client,
        "/sessions",
        {
            "group_id": group["id"],
            "module_id": module_id,
            "makes_up_for_id": missed and missed["id"],
            "title": "Diagnoza",
            "starts_at": f"2026-03-{day}T09:00:00+01:00",
            "ends_at": f"2026-03-{day}T12:00:00+01:00",
            "minutes": 120,
            "mode": "online",
            "trainer_ids": group["trainer_ids"],
        },
    )
    held = await post(client, f"/sessions/{session['id']}/hold", None, session)
    minutes = [(each, 120) for each in present] + [(each, 0) for each in absent]
    sheet = {"items": [{"trainee_id": who["id"], "minutes": how_long} for who, how_long in minutes]}
    url = f"/v1/training/sessions/{session['id']}/attendance"
    assert (await client.post(url, json=sheet, headers=TRAINER)).status_code == 200
    signed = await client.post(f"{url}/sign", headers=TRAINER | tag(held))
    assert signed.status_code == 200, signed.text
    return session
