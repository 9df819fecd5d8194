"""Many at once: one county takes a case over, and nothing is left behind with nobody to see it."""

import asyncio
from uuid import UUID

import httpx

from services.casework.record_moves.rules import ABOUT
from tests.casework.case_transfers.made import RECEIVER, TO, TRANSFERS, allowed, case_with_plan, proposed
from tests.casework.cases.made import opened
from tests.casework.consents.asks import BASIS
from tests.casework.people.made import tag
from tests.casework.plans.made import STEP
from tests.support.records import fetch


async def test_of_twenty_who_accept_a_case_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    transfer = await proposed(racing_casework, await opened(racing_casework))
    path = f"{TRANSFERS}/{transfer['id']}/accept"
    headers = RECEIVER | tag(transfer)
    answers = await asyncio.gather(*[racing_casework.post(path, headers=headers) for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19


async def test_of_twenty_who_propose_a_case_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    case = await opened(racing_casework)
    await allowed(racing_casework, case["person_id"])
    body = {**TO, "case_id": case["id"]}
    answers = await asyncio.gather(*[racing_casework.post(TRANSFERS, json=body) for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


async def test_accepting_and_taking_back_at_once_leave_one_outcome(racing_casework: httpx.AsyncClient) -> None:
    for _ in range(3):
        transfer = await proposed(racing_casework, await opened(racing_casework))
        path = f"{TRANSFERS}/{transfer['id']}"
        answers = await asyncio.gather(
            racing_casework.post(f"{path}/accept", headers=RECEIVER | tag(transfer)),
            racing_casework.post(f"{path}/withdraw", headers=tag(transfer)),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_what_the_old_county_writes_meanwhile_moves_or_is_refused(racing_casework: httpx.AsyncClient) -> None:
    """G13: no row of the child is left in the county that no longer answers for it."""
    case = await case_with_plan(racing_casework)
    child = case["person_id"]
    await allowed(racing_casework, child)
    plan = {"case_id": case["id"], "starts_on": "2026-12-02"}
    draft = (await racing_casework.post("/v1/casework/plans", json=plan)).json()
    transfer = await proposed(racing_casework, case)
    basis = {**BASIS, "person_id": child}
    steps = f"/v1/casework/plans/{draft['id']}/steps"
    writes = [
        call
        for number in range(10)
        for call in (
            racing_casework.post("/v1/casework/consents", json={**basis, "valid_from": f"2026-02-{number + 1:02}"}),
            racing_casework.post(steps, json=STEP),
        )
    ]
    accept = racing_casework.post(f"{TRANSFERS}/{transfer['id']}/accept", headers=RECEIVER | tag(transfer))
    answers = await asyncio.gather(*writes[:8], accept, *writes[8:])
    accepted = answers.pop(8)
    if accepted.status_code != 200:  # whoever loses a deadlock is told to ask again
        assert accepted.status_code in {409, 503}, accepted.text
        again = f"{TRANSFERS}/{transfer['id']}/accept"
        assert (await racing_casework.post(again, headers=RECEIVER | tag(transfer))).status_code == 200
    assert {answer.status_code for answer in answers} <= {201, 404, 409, 503}
    for table, owner in ABOUT.items():
        sql = f"SELECT count(*) FROM {table} WHERE {owner} = :id AND county_terc <> '2401'"
        assert await fetch(racing_casework, sql, id=UUID(child)) == [(0,)], table
