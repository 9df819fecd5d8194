"""Criteria of studies uploaded through the API."""

import httpx

from tests.screening.studies.planning import plan, publish
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change


async def test_a_criterion_is_uploaded_only_where_one_is_wanted(screening: httpx.AsyncClient) -> None:
    await publish(screening)
    screening.headers.update(call_as("researcher"))
    path = await plan(screening)
    await change(screening, "UPDATE studies SET criterion_source = 'stage_two', campaign_id = uuidv7()")
    headers = {"content-type": "text/csv", "idempotency-key": "k"}
    answer = await screening.post(f"{path}/criterion-imports", content=b"subject_ref,outcome\n", headers=headers)
    assert assert_problem(answer, 409, "state-conflict")["criterion_source"] == "stage_two"
