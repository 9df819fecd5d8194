"""Background jobs: shown, watched, cancelled, tried again, and done once whatever dies meanwhile."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.chassis.background.queue import JobRunner
from services.chassis.ground.settings import ServiceSettings
from tests.chassis import depot
from tests.chassis.conftest import GATE, Admin, ask, finished, until
from tests.support.callers import call_as
from tests.support.problems import assert_problem

WAITERS = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND objid = $1 AND NOT granted AND datname = current_database()
"""
WAITING = f"SELECT ({WAITERS}) > 0"
BREAK = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'depot_app' AND datname = current_database()
"""
DEAF = """
WITH unheard AS (UPDATE pgqueuer SET heartbeat = '-infinity')
SELECT count(*) > 0 FROM pgqueuer_log WHERE traceback IS NOT NULL
"""
GONE = f"SELECT ({WAITERS}) = 0"


async def count(client: httpx.AsyncClient, how: str = "plain") -> str:
    answer = await client.post("/v1/depot/goods-counts", params={"how": how})
    assert answer.status_code == 202
    return str(answer.headers["location"])


def changes_in(stream: str) -> list[tuple[int, dict[str, Any]]]:
    """The events of a stream: id and job."""
    found = []
    for event in stream.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in event.splitlines())
        found.append((int(fields["id"]), json.loads(fields["data"])))
    return found


async def test_a_job_is_watched_from_its_beginning_to_its_end(depot_client: httpx.AsyncClient) -> None:
    location = await count(depot_client)
    stream = await depot_client.get(f"{location}/events")
    assert stream.headers["content-type"].startswith("text/event-stream")
    changes = changes_in(stream.text)
    assert [version for version, _ in changes] == sorted({job["version"] for _, job in changes})
    last, job = changes[-1]
    assert (job["state"], job["result"], job["progress"]) == ("succeeded", {"counted": 2}, {"done": 2, "total": 2})
    assert [job["attempts"], job["problem"]] == [1, None]
    resumed = await depot_client.get(f"{location}/events", headers={"last-event-id": str(last - 1)})
    assert changes_in(resumed.text) == [(last, job)]
    nothing_more = await depot_client.get(f"{location}/events", headers={"last-event-id": str(last)})
    assert nothing_more.status_code == 204


async def test_a_job_has_an_etag(depot_client: httpx.AsyncClient) -> None:
    job = await finished(depot_client, await count(depot_client))
    answer = await depot_client.get(f"/v1/depot/jobs/{job['id']}")
    assert answer.headers["etag"] == f'"{job["id"]}:{job["version"]}"'
    same = await depot_client.get(answer.request.url.path, headers={"if-none-match": answer.headers["etag"]})
    assert same.status_code == 304


async def test_jobs_are_listed_newest_first_and_paged(idle_depot: httpx.AsyncClient) -> None:
    asked = [(await count(idle_depot)).rpartition("/")[2] for _ in range(3)]
    first = (await idle_depot.get("/v1/depot/jobs", params={"limit": 2})).json()
    rest = (await idle_depot.get("/v1/depot/jobs", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [job["id"] for job in [*first["items"], *rest["items"]]] == asked[::-1]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("path", ["", "/problems", "/events", "/cancel"])
async def test_a_job_of_somebody_else_is_not_there(idle_depot: httpx.AsyncClient, path: str) -> None:
    location = await count(idle_depot)
    method = "POST" if path == "/cancel" else "GET"
    stranger = call_as("registry_editor", subject="somebody-else")
    assert_problem(await idle_depot.request(method, location + path, headers=stranger), 404, "not-found")
    assert (await idle_depot.get("/v1/depot/jobs", headers=stranger)).json()["items"] == []
    nobody = {"authorization": ""}
    assert_problem(await idle_depot.request(method, location + path, headers=nobody), 401, "unauthenticated")


async def test_an_operator_sees_how_every_job_stands_and_not_what_came_of_it(depot_client: httpx.AsyncClient) -> None:
    location, operator = await count(depot_client), call_as("operator")
    own = await finished(depot_client, location)
    assert (own["result"], own["progress"]) == ({"counted": 2}, {"done": 2, "total": 2})
    untold = own | {"result": None, "progress": {"done": None, "total": None}}
    assert (await depot_client.get(location, headers=operator)).json() == untold
    assert (await depot_client.get("/v1/depot/jobs", headers=operator)).json()["items"] == [untold]
    assert changes_in((await depot_client.get(f"{location}/events", headers=operator)).text)[-1][1] == untold
    rows = await depot_client.get(f"{location}/problems", headers=operator)
    assert_problem(rows, 403, "for-requester-only")
    assert (await depot_client.get(f"{location}/problems")).status_code == 200


async def test_an_operator_sees_which_problem_a_job_had_and_not_what_it_says(depot_client: httpx.AsyncClient) -> None:
    location = await count(depot_client, "refuse")
    told = (await finished(depot_client, location))["problem"]
    assert {"reason", "row"} <= told.keys()
    seen = (await depot_client.get(location, headers=call_as("operator"))).json()["problem"]
    assert seen == {name: told[name] for name in ("type", "title", "status", "code")}


async def test_a_job_of_a_refused_request_never_runs(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    headers = {"content-type": "text/csv", "idempotency-key": "k"}
    assert_problem(
        await idle_depot.post("/v1/depot/goods-imports", content=b"", headers=headers), 422, "validation-failed"
    )
    assert await admin.fetchval("SELECT count(*) FROM jobs") == 0
    assert await admin.fetchval("SELECT count(*) FROM pgqueuer") == 0


@pytest.mark.parametrize(
    ("how", "slug", "attempts"),
    [("refuse", "file-refused", 1), ("bug", "internal", 1), ("break", "database-unavailable", 2)],
)
async def test_a_job_that_cannot_be_done_fails_by_name(
    depot_client: httpx.AsyncClient, admin: Admin, how: str, slug: str, attempts: int
) -> None:
    job = await finished(depot_client, await count(depot_client, how))
    assert (job["state"], job["attempts"], job["result"]) == ("failed", attempts, None)
    assert job["problem"]["type"] == f"/problems/{slug}"
    assert "content of a row" not in json.dumps(job)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 0


async def test_a_failure_is_told_in_the_language_of_the_reader(depot_client: httpx.AsyncClient) -> None:
    location = await count(depot_client, "refuse")
    await finished(depot_client, location)
    told = [
        (await depot_client.get(location, headers={"accept-language": language})).json()["problem"]["detail"]
        for language in ("en", "pl")
    ]
    assert told == ["lacks a required column", "nie ma wymaganej kolumny"]


async def test_a_queued_job_is_cancelled(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    location = await count(idle_depot)
    answer = await idle_depot.post(f"{location}/cancel")
    assert answer.json()["state"] == "cancelled"
    assert_problem(await idle_depot.post(f"{location}/cancel"), 409, "state-conflict")
    assert await admin.fetchval("SELECT action FROM audit_records") == "cancel_job"
    async with working(depot.app.state.database):
        await until(admin, "SELECT count(*) = 0 FROM pgqueuer")
    assert (await idle_depot.get(location)).json()["state"] == "cancelled"


async def test_a_cancelled_job_stops_and_leaves_nothing(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    location = await count(depot_client, "wait")
    await until(admin, "SELECT count(*) > 0 FROM jobs WHERE progress_done = 1")
    assert (await depot_client.post(f"{location}/cancel")).json()["state"] == "cancelled"
    await until(admin, "SELECT count(*) = 0 FROM pgqueuer")
    job = (await depot_client.get(location)).json()
    assert (job["state"], job["attempts"]) == ("cancelled", 1)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 0


async def test_a_cancellation_wins_over_a_job_about_to_end(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    async with gate(admin):
        location = await count(depot_client, "gate")
        await until(admin, WAITING, GATE)
        await depot_client.post(f"{location}/cancel")
    await until(admin, "SELECT count(*) = 0 FROM pgqueuer")
    assert (await depot_client.get(location)).json()["state"] == "cancelled"
    assert await admin.fetchval("SELECT count(*) FROM goods") == 0


async def test_a_stopping_runner_gives_its_job_back(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    async with gate(admin):
        async with working(depot.app.state.database):
            location = await count(idle_depot, "gate")
            await until(admin, WAITING, GATE)
        job = (await idle_depot.get(location)).json()
        assert (job["state"], job["attempts"]) == ("queued", 0)
    async with working(depot.app.state.database):
        job = await finished(idle_depot, location)
    assert (job["state"], job["attempts"]) == ("succeeded", 1)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 1


async def test_a_job_is_tried_again_when_its_connection_breaks(depot_client: httpx.AsyncClient, admin: Admin) -> None:
    async with gate(admin):
        location = await count(depot_client, "gate")
        await until(admin, WAITING, GATE)
        await admin.execute(BREAK)
    job = await finished(depot_client, location)
    assert (job["state"], job["attempts"]) == ("succeeded", 2)
    assert [row["code"] for row in await admin.fetch("SELECT code FROM goods")] == ["run2"]


async def test_a_job_is_never_done_by_two_at_once(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    """Another runner takes over a job that looks dead while it is alive: it waits, and finds it done."""
    async with gate(admin), working(depot.app.state.database):
        location = await count(idle_depot, "gate")
        await until(admin, WAITING, GATE)
        async with working(depot.app.state.database):
            await until(admin, DEAF)
            await admin.execute("SELECT pg_advisory_unlock($1)", GATE)
            job = await finished(idle_depot, location)
            await until(admin, "SELECT count(*) = 0 FROM pgqueuer")
        await admin.execute("SELECT pg_advisory_lock($1)", GATE)
    assert (job["state"], job["attempts"]) == ("succeeded", 1)


async def test_an_import_killed_half_way_is_done_once_after_the_restart(
    idle_depot: httpx.AsyncClient, admin: Admin, depot_settings: ServiceSettings
) -> None:
    file = "Code;Name\n" + "".join(f"A{number};Anvil\n" for number in range(3_000))
    async with gate(admin):
        worker = await start_worker(depot_settings)
        location = await ask(idle_depot, file, gate="true")
        await until(admin, WAITING, GATE)
        worker.send_signal(signal.SIGKILL)
        assert await worker.wait() == -signal.SIGKILL
        await until(admin, GONE, GATE)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 0
    assert (await idle_depot.get(location)).json()["state"] == "running"
    worker = await start_worker(depot_settings)
    job = await finished(idle_depot, location)
    worker.terminate()
    await worker.wait()
    assert (job["state"], job["attempts"], job["result"]["created"]) == ("succeeded", 2, 3_000)
    assert await admin.fetchval("SELECT count(*) FROM goods") == 3_000
    assert await admin.fetchval("SELECT count(*) FROM job_files") == 0


async def test_a_job_that_kills_its_runner_every_time_is_given_up(idle_depot: httpx.AsyncClient, admin: Admin) -> None:
    location = await count(idle_depot)
    await admin.execute("UPDATE jobs SET state = 'running', attempts = 2")
    async with working(depot.app.state.database):
        job = await finished(idle_depot, location)
    assert (job["state"], job["problem"]["code"]) == ("failed", "job_abandoned")


@asynccontextmanager
async def gate(admin: Admin) -> AsyncIterator[None]:
    """While it is shut, jobs that come to it wait."""
    await admin.execute("SELECT pg_advisory_lock($1)", GATE)
    try:
        yield
    finally:
        await admin.execute("SELECT pg_advisory_unlock($1)", GATE)


@asynccontextmanager
async def working(database: Any) -> AsyncIterator[None]:
    """Somebody works on the depot's jobs."""
    runner = JobRunner(database, depot.JOBS)
    running = asyncio.create_task(runner.run())
    yield
    await runner.stop()
    await running


async def start_worker(settings: ServiceSettings) -> asyncio.subprocess.Process:
    """A process that works on the depot's jobs and nothing else."""
    environment = os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "CURSOR_KEY": settings.cursor_key.get_secret_value(),
        "OIDC_ISSUER": settings.oidc_issuer,
    }
    root = Path(__file__).parents[2]
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.chassis.worker", env=environment, cwd=root)
