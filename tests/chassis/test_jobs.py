"""Background jobs: shown, watched, cancelled, tried again, and done once whatever dies meanwhile."""

import json
from typing import Any

import httpx
import pytest

from tests.chassis import depot
from tests.chassis.conftest import Admin, finished, until
from tests.chassis.counting_jobs import count, working
from tests.support.callers import call_as
from tests.support.problems import assert_problem


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
