"""Plans of validation studies through the API."""

import uuid

import httpx
import pytest

from tests.screening.studies.planning import URL, plan, publish, run, seen
from tests.screening.studies.population import Facts, screened
from tests.screening.studies.records import STUDY, add_screenings, make_ready
from tests.support.callers import call_as
from tests.support.problems import assert_problem


@pytest.fixture(autouse=True)
async def instrument(screening: httpx.AsyncClient) -> None:
    await publish(screening)
    screening.headers.update(call_as("researcher"))


async def test_a_study_is_planned_found_and_amended_while_it_is_a_draft(screening: httpx.AsyncClient) -> None:
    path = await plan(screening, dif_by=["sex", "age"], prevalences=[0.03], counties=["2469"])
    read = (await screening.get(path)).json()
    assert (read["state"], read["run_number"], read["created_by"], read["dif_by"]) == (
        "draft",
        0,
        "researcher",
        ["sex", "age"],
    )
    changed = await screening.patch(path, json={"minimum_n": 300}, headers=await seen(screening, path))
    assert (changed.json()["minimum_n"], changed.json()["version"], changed.json()["counties"]) == (300, 2, ["2469"])
    for query, found in {"instrument_code=PROBA": 1, "state=ready": 0, "state=draft": 1}.items():
        assert len((await screening.get(f"{URL}?{query}")).json()["items"]) == found


@pytest.mark.parametrize(
    ("facts", "slug", "pointer", "code"),
    [
        ({"form_code": "X"}, "unknown-reference", "/form_code", "not_found"),
        ({"scale_code": "X"}, "unknown-reference", "/scale_code", "not_found"),
        ({"instrument_version": 9}, "unknown-reference", "/instrument_version", "not_found"),
        ({"campaign_id": str(uuid.uuid4())}, "unknown-reference", "/campaign_id", "not_found"),
        ({"criterion_source": "stage_two"}, "validation-failed", "/campaign_id", "missing"),
        ({"criterion_instrument": "AKU"}, "validation-failed", "/criterion_instrument", "not_allowed"),
        ({"age_from": 60, "age_to": 60}, "validation-failed", "/age_to", "wrong_order"),
        (
            {"administered_from": "2026-02-01", "administered_to": "2026-01-31"},
            "validation-failed",
            "/administered_to",
            "wrong_order",
        ),
        ({"minimum_n": 9}, "validation-failed", "/minimum_n", "too_small"),
        ({"prevalences": [1.0]}, "validation-failed", "/prevalences/0", "too_large"),
    ],
)
async def test_what_does_not_go_together_is_named(
    screening: httpx.AsyncClient, facts: Facts, slug: str, pointer: str, code: str
) -> None:
    [error] = assert_problem(await screening.post(URL, json=STUDY | facts), 422, slug)["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_ready_study_is_not_amended_and_may_be_run_again(screening: httpx.AsyncClient) -> None:
    path = await plan(screening)
    await add_screenings(screening, screened(12))
    await make_ready(screening, path.rsplit("/", 1)[-1])
    answer = await screening.patch(path, json={"name": "x"}, headers=await seen(screening, path))
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["run", "export"]
    assert (await run(screening, path)).status_code == 202
