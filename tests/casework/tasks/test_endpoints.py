"""Everybody's list: computed from what there is, each by their own reach, and nothing overdue missing."""

import uuid
from typing import Any

import httpx
import pytest

from services.casework.document_deadlines.queries import list_deadlines
from services.casework.document_deadlines.schemas import DocumentDeadline
from services.casework.tasks import queries
from services.casework.tasks.rules import TaskKind
from tests.casework.accounts.made import joined
from tests.casework.cases.made import CASES, moved, opened
from tests.casework.documents.made import recorded
from tests.casework.people.made import registered, tag
from tests.casework.plans.made import HEALTH, active, approved, move
from tests.casework.tasks.made import (
    TASKS,
    drafted_with_steps,
    kinds,
    listed,
    referred,
    stand_still,
)
from tests.support.callers import OTHER_INSTITUTION, OWN_INSTITUTION, call_as
from tests.support.records import change, fetch

MOTHER = call_as("guardian", subject="mother", counties=[], institution=None)
STRANGER = call_as("guardian", subject="stranger", counties=[], institution=None)
EDUCATION = call_as("specialist", subject="education", counties=[], institution=None)
ELSEWHERE = call_as("county_coordinator", subject="elsewhere", counties=["2401"])
KIK = call_as("institution_coordinator", subject="kik")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """10 December 2026."""
    stand_still(monkeypatch)


async def test_a_step_is_on_the_list_of_who_does_it_and_of_the_county(casework: httpx.AsyncClient) -> None:
    _, plan = await drafted_with_steps(casework)
    assert await listed(casework, HEALTH) == []
    case = {"id": plan["case_id"], "mother_id": await mother_of(casework, plan["person_id"])}
    plan = await move(casework, await approved(casework, plan, case["mother_id"]), "activate")
    steps = await listed(casework, kind="plan_step")
    assert [(task["due_on"], task["is_overdue"], task["responsible"], task["is_mine"]) for task in steps] == [
        ("2026-12-07", True, "county_coordinator", True),
        ("2026-12-20", False, "health", False),
    ]
    [own] = await listed(casework, HEALTH)
    assert own == steps[1] | {"is_mine": True}
    assert own["link"] == f"/v1/casework/plans/{plan['id']}"
    assert (own["title_pl"], own["title_en"]) == ("Krok planu wsparcia", "Step of a support plan")
    assert await listed(casework, EDUCATION) == await listed(casework, ELSEWHERE) == []
    assert await kinds(casework, KIK) == ["plan_step", "plan_step"]


async def mother_of(client: httpx.AsyncClient, person_id: str) -> str:
    """Who bears that child."""
    return str((await client.get(f"/v1/casework/people/{person_id}")).json()["mother_id"])


async def test_somebody_in_the_team_who_coordinates_has_what_is_nobody_elses(casework: httpx.AsyncClient) -> None:
    case, plan = await drafted_with_steps(casework)
    await active_plan(casework, plan)
    now = (await casework.get(f"{CASES}/{case['id']}")).json()
    await casework.patch(f"{CASES}/{case['id']}", json={"coordinator": "education"}, headers=tag(now))
    assert [(task["kind"], task["due_on"]) for task in await listed(casework, EDUCATION)] == [
        ("plan_step", "2026-12-07")
    ]
    assert [task["is_mine"] for task in await listed(casework, due_to="2027-02-01")] == [False] * 3


async def active_plan(client: httpx.AsyncClient, plan: dict[str, Any]) -> dict[str, Any]:
    """That draft, carried out."""
    mother = await mother_of(client, plan["person_id"])
    return await move(client, await approved(client, plan, mother), "activate")


async def test_a_guardian_sees_the_own_childs_dates_and_a_plan_until_it_is_approved(
    casework: httpx.AsyncClient,
) -> None:
    case, plan = await drafted_with_steps(casework)
    await joined(casework, {"id": case["mother_id"]}, "mother")
    assert await listed(casework, MOTHER) == []
    plan = await move(casework, plan, "propose")
    [waiting] = await listed(casework, MOTHER)
    assert (waiting["kind"], waiting["due_on"], waiting["is_mine"]) == ("plan_approval", "2026-12-01", True)
    assert await kinds(casework, HEALTH) == ["plan_approval"]
    plan = await move(casework, plan, "approve", {}, **MOTHER)
    assert await listed(casework, MOTHER) == []
    plan = await move(casework, plan, "approve", {}, **HEALTH)
    await move(casework, plan, "activate")
    assert await kinds(casework, MOTHER) == ["plan_step", "plan_step"]
    assert await listed(casework, STRANGER) == []


async def test_a_referral_waits_on_the_list_of_the_institution_that_is_asked(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    referral = await referred(casework, case, OWN_INSTITUTION, "scheduled", "2026-12-15T16:30:00+01:00")
    provider = call_as("service_provider", subject="provider")
    [task] = await listed(casework, provider)
    assert (task["subject_id"], task["is_mine"], task["is_overdue"]) == (referral, True, True)
    assert task["starts_at"] == "2026-12-15T15:30:00+00:00"
    assert await listed(casework, call_as("service_provider", institution=OTHER_INSTITUTION)) == []
    assert await kinds(casework, call_as("screener")) == []
    [seen] = await listed(casework)
    assert seen["responsible"] == "county_coordinator"
    await change(casework, "UPDATE referrals SET closed_at = now()")
    assert await listed(casework, provider) == []


_DUTIES = """
INSERT INTO case_transfers (county_terc, to_county_terc, to_institution_id, case_id, case_number, case_state, person_id,
                            state, proposed_by)
VALUES ('2401', '2469', :other, :case, '2401/2026/00001', 'draft', :person, 'proposed', 'elsewhere');
INSERT INTO data_subject_requests (county_terc, person_id, kind, state, received_on, due_on, recorded_by, sealed)
VALUES ('2469', :person, 'access', 'received', '2026-11-12', '2026-12-12', 'x', ''::bytea);
INSERT INTO break_glass (county_terc, person_id, subject, reason_code, opened_at, ends_at, sealed)
VALUES ('2469', :person, 'somebody', 'x', '2026-12-01 23:10Z', '2026-12-02 00:10Z', ''::bytea),
       ('2469', :person, 'county_coordinator', 'x', '2026-12-01 23:10Z', '2026-12-02 00:10Z', ''::bytea);
INSERT INTO merges (county_terc, kept_id, merged_id, state, proposed_by)
VALUES ('2469', :person, :other, 'proposed', 'kik');
INSERT INTO monitoring_reports (county_terc, starts_on, ends_on, due_on, state, figures, computed_at, author)
VALUES ('2469', '2026-07-01', '2026-09-30', '2026-10-31', 'draft', '{}', now(), 'x');
UPDATE case_steps SET at = '2026-11-01 23:30Z';
UPDATE cases SET coordinator = NULL, review_due_on = '2026-11-20'
"""


async def everything(client: httpx.AsyncClient) -> dict[str, Any]:
    """One task of each kind at least, all of one child, in the county of the tests."""
    case, plan = await drafted_with_steps(client)
    await active_plan(client, plan)
    await change(client, "UPDATE plans SET review_due_on = '2026-12-01'")
    body = {"case_id": case["id"], "starts_on": "2026-12-01"}
    answer = await client.post("/v1/casework/plans", json=body)
    await move(client, answer.json(), "propose")
    await change(client, "UPDATE plan_recommendations SET due_on = '2026-12-02'")
    await referred(client, case, OWN_INSTITUTION)
    facts = {"issued_on": "2026-11-30", "delivered_on": None, "person_id": case["person_id"]}
    await recorded(client, **facts, case_id=case["id"])
    other = await registered(client)
    ids = {"case": case["id"], "person": case["person_id"], "other": other["id"]}
    for statement in _DUTIES.split(";"):
        names = [name for name in ids if f":{name}" in statement]
        await change(client, statement, **{name: uuid.UUID(ids[name]) for name in names})
    return case


async def test_nothing_that_is_overdue_is_invisible_to_the_county(casework: httpx.AsyncClient) -> None:
    case = await everything(casework)
    tasks = await listed(casework, due_to="2026-12-31")
    assert {task["kind"] for task in tasks} == {*TaskKind}
    due = {task["kind"]: task["due_on"] for task in tasks}
    # Counted by hand: 72 hours from 2 December 0:10 in Warsaw, 7 days to deliver, 30 days from 2 November.
    assert due["break_glass_review"] == "2026-12-05"
    assert due["document"] == "2026-12-07"
    assert due["case_stuck"] == "2026-12-02"
    assert due["data_subject_request"] == "2026-12-12"
    assert [task["due_on"] for task in tasks] == sorted(task["due_on"] for task in tasks)
    assert {task["is_overdue"] for task in tasks if task["due_on"] < "2026-12-10"} == {True}
    assert {task["is_overdue"] for task in tasks if task["due_on"] >= "2026-12-10"} == {False}
    numbered = {task["case_number"] for task in tasks if task["case_id"] == case["id"]}
    assert numbered == {case["number"]}


async def test_a_document_of_a_child_without_a_case_is_on_the_list(casework: httpx.AsyncClient) -> None:
    document = await recorded(casework, issued_on="2026-11-30", delivered_on=None)
    [task] = await listed(casework)
    assert (task["subject_id"], task["case_id"], task["due_on"]) == (document["id"], None, "2026-12-07")
    answer = await casework.get(TASKS, headers={"prefer": "count=estimated"})
    assert answer.status_code == 200, answer.text


async def test_a_county_may_have_more_due_than_a_statement_has_parameters(
    casework: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(casework, issued_on="2026-11-30", delivered_on=None)

    async def many(*asked: Any) -> list[DocumentDeadline]:
        return await list_deadlines(*asked) * 6_000

    monkeypatch.setattr(queries, "list_deadlines", many)
    answer = await casework.get(TASKS, params={"limit": 1}, headers={"prefer": "count=exact"})
    assert (answer.status_code, answer.json()["total"]) == (200, 6_000)


async def test_what_a_county_decides_is_on_nobody_elses_list(casework: httpx.AsyncClient) -> None:
    await everything(casework)
    duties = {"case_transfer", "data_subject_request", "break_glass_review", "merge", "monitoring_report"}
    assert duties.isdisjoint(await kinds(casework, KIK))
    assert await kinds(casework, ELSEWHERE) == []
    assert await kinds(casework, call_as("programme_manager", counties=["*"])) == []
    await change(casework, "UPDATE monitoring_reports SET state = 'submitted'")
    assert await kinds(casework, call_as("programme_manager", counties=["*"])) == ["monitoring_report"]
    assert "monitoring_report" not in await kinds(casework)
    glasses = await listed(casework, kind="break_glass_review")
    assert len(glasses) == 1, "one's own access is reviewed by somebody else"


async def test_a_list_of_tasks_is_paged_and_narrowed(casework: httpx.AsyncClient) -> None:
    case = await everything(casework)
    whole = await listed(casework)
    paged: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await casework.get(TASKS, params={"limit": 4, **cursor})).json()
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert paged == whole
    assert len({task["id"] for task in whole}) == len(whole) >= 13
    late = [task for task in whole if task["is_overdue"]]
    assert await listed(casework, is_overdue="true") == late
    of_case = [task for task in whole if task["case_id"] == case["id"]]
    assert await listed(casework, case_id=case["id"]) == of_case
    several = [task for task in whole if task["kind"] in {"merge", "document"}]
    assert await listed(casework, kind=["merge", "document"]) == several
    assert await listed(casework, due_to="2026-11-19") == [task for task in whole if task["due_on"] <= "2026-11-19"]
    assert await listed(casework, county_terc="2401") == []
    assert [*(await listed(casework, limit=1, fields="kind,due_on"))[0]] == ["kind", "due_on"]


async def test_a_list_of_tasks_names_nobody_and_the_look_is_noted(casework: httpx.AsyncClient) -> None:
    case = await everything(casework)
    answer = await casework.get(TASKS)
    for secret in ("Żółkiewska", "Zofia", "Basia", "Logopeda", "spotkanie", "mowa"):
        assert secret not in answer.text
    [noted] = await fetch(
        casework, "SELECT detail FROM audit_records WHERE action = 'list_tasks' ORDER BY id DESC LIMIT 1"
    )
    assert noted[0]["people"] == [case["person_id"]]
    assert noted[0]["category"] == "case"


async def test_a_case_that_moves_or_ends_is_stuck_no_more(casework: httpx.AsyncClient) -> None:
    case = await opened(casework)
    assert await kinds(casework) == []
    await change(casework, "UPDATE case_steps SET at = '2026-11-10 08:00Z'")
    assert await kinds(casework) == ["case_stuck"]
    await change(casework, "UPDATE case_steps SET at = '2026-11-11 08:00Z'")
    assert await kinds(casework) == []
    await change(casework, "UPDATE case_steps SET at = '2026-01-11 08:00Z'")
    await moved(casework, case, "withdraw", reason="family_moved")
    assert await kinds(casework) == []


async def test_what_a_plan_gives_to_do_ends_with_its_case_and_not_while_a_county_is_asked(
    casework: httpx.AsyncClient,
) -> None:
    case, plan = await drafted_with_steps(casework)
    await active_plan(casework, plan)
    mother = await joined(casework, {"id": await mother_of(casework, plan["person_id"])}, "mother")
    for state, expected in (("transferred", 2), ("closed", 0), ("withdrawn", 0), ("in_progress", 2)):
        ended = "NULL" if state == "in_progress" else "'2026-12-10'"
        await change(casework, f"UPDATE cases SET state = '{state}', closed_on = {ended}")
        for caller in ({}, mother):
            steps = await listed(casework, caller, kind="plan_step")
            assert (state, [step["case_id"] for step in steps]) == (state, [case["id"]] * expected)


async def test_steps_that_are_done_are_nobodys_task(casework: httpx.AsyncClient) -> None:
    case, _ = await drafted_with_steps(casework)
    await change(casework, "DELETE FROM plan_steps")
    await change(casework, "DELETE FROM plan_recommendations")
    await change(casework, "DELETE FROM plan_goals")
    await change(casework, "DELETE FROM plans")
    await active(casework, case)
    assert await kinds(casework) == ["plan_step"]
    await change(casework, "UPDATE plan_steps SET state = 'done', done_on = '2026-12-07'")
    assert await kinds(casework) == []
