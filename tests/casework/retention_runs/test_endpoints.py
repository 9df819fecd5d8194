"""Retention runs: a dry run by the rules in force, carried out by a second person, holds left alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.casework.retention_runs.actions import CARRYING_OUT
from services.chassis.background.queue import JobRunner
from tests.casework.cases.made import made, moved, opened
from tests.casework.data_subject_requests.made import SECOND
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.casework.retention_rules.asks import PATH as RULES
from tests.casework.retention_rules.asks import RULE
from tests.casework.retention_runs.asks import PATH
from tests.support.problems import assert_problem
from tests.support.records import app_of, change

RUNS = f"/v1/casework{PATH}"
NOBODY = {"due": 0, "on_hold": 0, "restricted": 0, "of_a_child": 0, "to_archive": 0}
CLOSED = "UPDATE cases SET closed_on = CAST(:day AS date) WHERE person_id = CAST(:person AS uuid)"


@pytest.fixture
async def working(racing_casework: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Casework with real transactions and a runner that takes jobs as they come."""
    runner = JobRunner(app_of(racing_casework).state.database, [CARRYING_OUT])
    running = asyncio.create_task(runner.run())
    yield racing_casework
    await runner.stop()
    await running


async def closed(client: httpx.AsyncClient, day: str, **facts: Any) -> dict[str, Any]:
    """A child whose case was closed on that day."""
    child = await registered(client, **facts)
    case = await opened(client, person_id=child["id"])
    await moved(client, case, "withdraw", reason="family_declined")
    await change(client, CLOSED.replace(":day AS date", f"'{day}' AS date"), person=child["id"])
    return child


async def proposed(client: httpx.AsyncClient, as_of: str = "2026-03-02") -> dict[str, Any]:
    """A dry run."""
    return await made(client, PATH, {"county_terc": "2469", "as_of": as_of})


@pytest.mark.parametrize(("as_of", "is_due"), [("2026-02-28", 0), ("2026-03-01", 0), ("2026-03-02", 1)])
async def test_records_fall_due_when_their_years_are_over(casework: httpx.AsyncClient, as_of: str, is_due: int) -> None:
    child = await closed(casework, "2016-03-01")
    assert (await proposed(casework, as_of))["counts"] == NOBODY
    await made(casework, RULES, RULE)
    run = await proposed(casework, as_of)
    assert run["counts"] == {**NOBODY, "due": is_due}
    assert run["people"] == [child["id"]] * is_due
    assert (run["state"], run["allowed"]) == ("proposed", ["carry-out", "decline"])
    assert (await casework.get(f"{PEOPLE}/{child['id']}")).status_code == 200


async def test_a_case_that_waits_for_another_county_keeps_its_child(casework: httpx.AsyncClient) -> None:
    child = await closed(casework, "2016-03-01")
    await made(casework, RULES, RULE)
    waits = "UPDATE cases SET state = 'transferred' WHERE person_id = CAST(:person AS uuid)"
    await change(casework, waits, person=child["id"])
    assert (await proposed(casework))["counts"] == NOBODY


@pytest.mark.parametrize(("as_of", "is_due"), [("2051-03-01", 0), ("2051-03-02", 1)])
async def test_years_are_counted_from_the_end_of_the_month_in_which_somebody_is_of_age(
    casework: httpx.AsyncClient, as_of: str, is_due: int
) -> None:
    await closed(casework, "2016-03-01", born_on="2023-02-10")
    await made(casework, RULES, {**RULE, "starts_with": "of_age"})
    assert (await proposed(casework, as_of))["counts"]["due"] == is_due


async def test_everything_that_keeps_records_is_counted_by_its_reason(casework: httpx.AsyncClient) -> None:
    await made(casework, RULES, RULE)
    await made(casework, RULES, {**RULE, "record_kind": "without_case", "starts_with": "registered", "years": 0})
    held, restricted, reopened = [await closed(casework, "2010-01-01") for _ in range(3)]
    await made(casework, "/legal-holds", {"person_id": held["id"], "reason": "sąd"})
    await change(casework, f"UPDATE people SET restricted_at = now() WHERE id = '{restricted['id']}'")
    await opened(casework, person_id=reopened["id"])
    mother = await registered(casework, given_name="Anna")
    nothing = {"born_on": None, "sex": None, "given_name": None, "family_name": None}
    await registered(casework, kind="expected", expected_on="2026-12-24", mother_id=mother["id"], **nothing)
    run = await proposed(casework, "2199-01-01")
    # The expected child itself has no case and is only registered.
    assert run["counts"] == {**NOBODY, "due": 1, "on_hold": 1, "restricted": 1, "of_a_child": 1}
    assert not {held["id"], restricted["id"], reopened["id"], mother["id"]} & {*run["people"]}


async def test_what_goes_to_an_archive_is_not_erased(casework: httpx.AsyncClient) -> None:
    await made(casework, RULES, {**RULE, "action": "archive"})
    await closed(casework, "2010-01-01")
    run = await proposed(casework)
    assert (run["counts"], run["people"]) == ({**NOBODY, "to_archive": 1}, [])


async def test_nobody_carries_out_what_they_proposed_nor_before_its_day(casework: httpx.AsyncClient) -> None:
    run = await proposed(casework)
    alone = await casework.post(f"{RUNS}/{run['id']}/carry-out", headers=tag(run))
    assert_problem(alone, 403, "own-decision")
    later = await proposed(casework, "2199-01-01")
    early = await casework.post(f"{RUNS}/{later['id']}/carry-out", headers=SECOND | tag(later))
    assert_problem(early, 409, "retention-run-not-due")
    own = await casework.post(f"{RUNS}/{run['id']}/decline", headers=tag(run))
    assert_problem(own, 403, "own-decision")
    declined = await casework.post(f"{RUNS}/{run['id']}/decline", headers=SECOND | tag(run))
    assert (declined.json()["state"], declined.json()["decided_by"]) == ("declined", "second")
    again = await casework.post(f"{RUNS}/{run['id']}/carry-out", headers=SECOND | tag(declined.json()))
    assert_problem(again, 409, "state-conflict")


async def test_a_run_erases_whom_it_names_and_keeps_who_is_not_due_any_more(working: httpx.AsyncClient) -> None:
    await made(working, RULES, RULE)
    erased, held, reopened = [await closed(working, "2010-01-01") for _ in range(3)]
    run = await proposed(working)
    assert run["counts"]["due"] == 3
    newer = await closed(working, "2010-01-01")
    await made(working, "/legal-holds", {"person_id": held["id"], "reason": "sąd"})
    await opened(working, person_id=reopened["id"])
    approved = await working.post(f"{RUNS}/{run['id']}/carry-out", headers=SECOND | tag(run))
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    job = f"/v1/casework/jobs/{approved.json()['job_id']}/events"
    async with working.stream("GET", job, headers=SECOND) as stream:
        assert '"state":"succeeded"' in (await stream.aread()).decode().replace(" ", "")
    after = (await working.get(f"{RUNS}/{run['id']}")).json()
    assert (after["state"], after["counts"]["erased"], after["counts"]["kept"]) == ("carried_out", 1, 2)
    statuses = [(await working.get(f"{PEOPLE}/{one['id']}")).status_code for one in (erased, held, reopened, newer)]
    assert statuses == [410, 200, 200, 200]
    [stone] = await rows(working, "SELECT basis, approved_by FROM tombstones")
    assert (stone["basis"], stone["approved_by"]) == (f"retention run {run['id']}", "second")


async def test_of_two_who_carry_a_run_out_one_does(racing_casework: httpx.AsyncClient) -> None:
    run = await proposed(racing_casework)
    path = f"{RUNS}/{run['id']}/carry-out"
    answers = await asyncio.gather(*[racing_casework.post(path, headers=SECOND | tag(run)) for _ in range(6)])
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
