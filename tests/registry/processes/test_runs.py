"""Runs through processes, by the actions that sites and bodies call."""

import asyncio
import json
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Uuid, literal, select

from services.chassis.ground.problems import FieldError, Problem
from services.chassis.trust.callers import Caller
from services.chassis.web.concurrency import expected_version
from services.registry.processes import actions, queries
from services.registry.processes.rules import StepOutcome
from services.registry.processes.schemas import StepRecord, StepTakeBack
from tests.support.records import app_of, fetch

TODAY = date(2026, 6, 1)
COORDINATOR = Caller("coordinator")


class Run:
    """A run in the tests' database, and its version as it was last seen."""

    def __init__(self, client: httpx.AsyncClient, run_id: UUID) -> None:
        self.client, self.id, self.version = client, run_id, 1

    @property
    def tag(self) -> str:
        return f'"{self.id}:{self.version}"'

    async def record(self, step: str, *, tag: str | None = None, **facts: Any) -> None:
        asked = StepRecord.model_validate({"step": step, "done_on": "2026-03-02"} | facts)
        version = expected_version(tag or self.tag, self.id)
        async with app_of(self.client).state.database.change(COORDINATOR) as change:
            self.version = await actions.record_step(change, self.id, asked, version, TODAY)

    async def take_back(self, step: str) -> None:
        asked = StepTakeBack(step=step, reason="pomyłka")
        async with app_of(self.client).state.database.change(COORDINATOR) as change:
            self.version = await actions.take_back_step(change, self.id, asked, self.version)

    async def read(self) -> dict[str, Any]:
        async with app_of(self.client).state.database.change() as change:
            run = await queries.get_run_steps(change, self.id)
        assert (run.key, run.version) == (self.id, self.version)
        found: dict[str, Any] = json.loads(run.body)
        return found


async def start(client: httpx.AsyncClient, process: str = "tmw_location") -> Run:
    async with app_of(client).state.database.change() as change:
        return Run(client, await actions.start_run(change, process, "2469", "sites/1"))


@pytest.fixture
async def run(registry: httpx.AsyncClient) -> Run:
    return await start(registry)


async def refused(doing: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        await doing
    return caught.value


async def test_a_run_says_where_it_stands_and_what_may_come(run: Run) -> None:
    assert ((await run.read())["state"], (await run.read())["next"]) == (None, ["diagnosis"])
    await run.record("diagnosis", evidence="D/1/2026")
    await run.record("scope_decision", outcome="skipped", reason="zakres narzucony", done_on="2026-03-03")
    found = await run.read()
    assert (found["version"], found["state"], found["ended"]) == (3, "diagnosis", False)
    assert found["next"] == ["testing", "abandoned"]
    assert found["process"]["code"] == "tmw_location"
    steps = {step["code"]: step for step in found["steps"]}
    assert [step["status"] for step in found["steps"]][:3] == ["done", "skipped", "pending"]
    assert steps["diagnosis"]["evidence"] == "D/1/2026"
    assert (steps["scope_decision"]["reason"], steps["scope_decision"]["done_on"]) == ("zakres narzucony", "2026-03-03")
    assert steps["diagnosis"]["recorded_by"] == "coordinator"
    assert steps["testing"]["recorded_by"] is None


async def test_a_step_out_of_order_is_refused_with_what_is_missing(run: Run) -> None:
    early = await refused(run.record("change"))
    assert (early.slug(), early.members["state"]) == ("step-out-of-order", None)
    assert early.members["missing"] == ["diagnosis", "scope_decision", "testing"]
    assert early.members["allowed"] == ["diagnosis"]
    assert (await refused(run.record("abandoned", reason="nie"))).members["missing"] == ["diagnosis"]
    assert (await run.read())["version"] == 1


async def test_a_step_is_recorded_once_and_none_after_the_end(run: Run) -> None:
    await run.record("diagnosis")
    assert (await refused(run.record("diagnosis"))).slug() == "step-already-recorded"
    await run.record("abandoned", reason="brak środków")
    ended = await refused(run.record("scope_decision", done_on="2026-03-03"))
    assert (ended.slug(), ended.members) == ("process-ended", {"state": "abandoned", "allowed": []})
    found = await run.read()
    assert (found["state"], found["ended"], found["next"]) == ("abandoned", True, [])


@pytest.mark.parametrize(
    ("step", "facts", "error"),
    [
        ("scope_decision", {"outcome": "skipped"}, ("/reason", "missing")),
        ("abandoned", {}, ("/reason", "missing")),
        ("scope_decision", {"done_on": "2026-03-01"}, ("/done_on", "wrong_order")),
        ("scope_decision", {"done_on": "2026-06-02"}, ("/done_on", "in_future")),
        ("letter_of_intent", {}, ("/step", "not_found")),
    ],
)
async def test_what_is_wrong_with_a_record_is_named(
    run: Run, step: str, facts: dict[str, Any], error: tuple[str, str]
) -> None:
    await run.record("diagnosis")
    problem = await refused(run.record(step, **facts))
    assert (problem.status, [*problem.errors]) == (422, [FieldError("pointer", *error)])


async def test_every_record_needs_the_version_that_was_read(run: Run) -> None:
    first = run.tag
    await run.record("diagnosis")
    assert (await refused(run.record("scope_decision", tag=first))).slug() == "version-mismatch"
    assert (await refused(run.record("scope_decision", tag="*"))).slug() == "precondition-required"


async def test_what_is_taken_back_stays_in_the_history(run: Run) -> None:
    await run.record("diagnosis")
    await run.record("scope_decision")
    wrong = await refused(run.take_back("testing"))
    assert (wrong.slug(), wrong.members["allowed"]) == ("step-not-recorded", ["diagnosis", "scope_decision"])
    await run.take_back("scope_decision")
    await run.record("scope_decision", done_on="2026-04-01")
    found = await run.read()
    assert (found["version"], found["state"]) == (5, "scope_decision")
    assert [(one["step"], one["taken_back_reason"]) for one in found["history"]] == [
        ("diagnosis", None),
        ("scope_decision", "pomyłka"),
        ("scope_decision", None),
    ]
    assert found["history"][1]["taken_back_by"] == "coordinator"


async def test_nothing_is_taken_back_of_a_run_that_has_not_begun(run: Run) -> None:
    problem = await refused(run.take_back("diagnosis"))
    assert problem.members == {"state": None, "allowed": []}


async def test_an_ended_run_goes_on_when_its_end_is_taken_back(run: Run) -> None:
    await run.record("diagnosis")
    await run.record("abandoned", reason="brak środków")
    await run.take_back("abandoned")
    await run.record("scope_decision")
    assert (await run.read())["next"] == ["testing", "abandoned"]


async def test_a_subject_without_a_process_has_no_steps(registry: httpx.AsyncClient) -> None:
    async with app_of(registry).state.database.change() as change:
        assert (await refused(queries.get_run_steps(change, None))).slug() == "process-run-not-found"


async def test_a_board_shows_every_run_by_every_step(registry: httpx.AsyncClient) -> None:
    runs = [await start(registry, "mlw") for _ in range(2)]
    await runs[0].record("stakeholder_cooperation")
    await runs[0].record("cooperation_rules", outcome=StepOutcome.SKIPPED, reason="są już zasady")
    await runs[1].record("stakeholder_cooperation")
    await runs[1].take_back("stakeholder_cooperation")
    board = queries.list_steps_of_runs("mlw").subquery()
    async with app_of(registry).state.database.change() as change:
        order = (board.c.run_id, board.c.position)
        rows = await change.rows(select(board.c.run_id, board.c.status).order_by(*order))
        states = [await change.scalar(select(queries.state_of_run(literal(run.id, Uuid)))) for run in runs]
    assert states == ["stakeholder_cooperation", None]
    found = [[status for run_id, status in rows if run_id == run.id] for run in runs]
    assert found == [["done", "skipped", *["pending"] * 4], ["pending"] * 6]


async def test_one_step_recorded_by_many_at_once_is_recorded_once(racing_registry: httpx.AsyncClient) -> None:
    run = await start(racing_registry)
    tag = run.tag

    async def attempt() -> str:
        try:
            await run.record("diagnosis", tag=tag)
        except Problem as problem:
            return problem.slug()
        return "recorded"

    answers = Counter(await asyncio.gather(*[attempt() for _ in range(12)]))
    assert answers == {"recorded": 1, "version-mismatch": 11}
    assert await fetch(racing_registry, "SELECT count(*) FROM process_run_steps") == [(1,)]
    assert await fetch(racing_registry, "SELECT version FROM process_runs") == [(2,)]
