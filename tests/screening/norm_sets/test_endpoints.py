"""Norm sets through the API."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.scoring import score
from services.screening.norm_sets.queries import find_norms
from services.screening.norm_sets.schemas import DOCUMENT_EXAMPLE
from tests.screening.instruments.test_endpoints import MANAGER, draft, publish
from tests.screening.norm_sets.asks import NEW
from tests.support.problems import assert_problem
from tests.support.records import app_of


@pytest.fixture
def manager(screening: httpx.AsyncClient) -> httpx.AsyncClient:
    screening.headers.update(MANAGER)
    return screening


async def test_norms_are_drafted_come_into_force_and_are_replaced(manager: httpx.AsyncClient) -> None:
    path = f"{await publish(manager, await draft(manager))}/norm-sets"
    made = [await manager.post(path, json=NEW | {"code": code}) for code in ("N-1", "N-2")]
    assert [answer.status_code for answer in made] == [201, 201]
    for answer in made:
        tag = {"if-match": answer.headers["etag"]}
        forced = await manager.post(f"{answer.headers['location']}/bring-into-force", headers=tag)
        assert (forced.status_code, forced.json()["state"]) == (200, "in_force")
    listed = (await manager.get(path)).json()["items"]
    assert {one["code"]: one["state"] for one in listed} == {"N-1": "replaced", "N-2": "in_force"}
    tag = {"if-match": (await manager.get(made[1].headers["location"])).headers["etag"]}
    refused = await manager.put(made[1].headers["location"], json={"document": DOCUMENT_EXAMPLE}, headers=tag)
    assert_problem(refused, 409, "state-conflict")


async def test_norms_of_questions_that_may_still_change_do_not_come_into_force(manager: httpx.AsyncClient) -> None:
    made = await manager.post(f"{await draft(manager)}/norm-sets", json=NEW)
    forcing = f"{made.headers['location']}/bring-into-force"
    refused = await manager.post(forcing, headers={"if-match": made.headers["etag"]})
    problem = assert_problem(refused, 409, "instrument-version-not-published")
    assert (problem["state"], problem["allowed"]) == ("draft", ["publish"])


async def test_the_database_itself_keeps_norms_in_force_as_they_are(screening: httpx.AsyncClient) -> None:
    with pytest.raises(DBAPIError, match="never change"):
        async with app_of(screening).state.database.change() as change:
            await change.execute(text("UPDATE norm_sets SET document = '{}'"))


def _norms(*tables: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(DOCUMENT_EXAMPLE))
    made["norms"] = [{"scale": "TOTAL", "mean": 1.0, "sd": 1.0} | table for table in tables]
    return made


FALLING = [{"at_least": 2.0, "t": 60.0}, {"at_least": 1.0, "t": 50.0}]


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (_norms({"age_from": 36, "age_to": 50}, {"age_from": 48, "age_to": 72}), ("/norms/1", "overlapping")),
        (_norms({"age_from": 36, "age_to": 50}, {"age_from": 52, "age_to": 72}), ("/norms/0", "leaves_gap")),
        (_norms({"sex": "female"}), ("/norms/0", "leaves_gap")),
        (_norms({"scale": "NOBODY"}), ("/norms/0/scale", "not_found")),
        (_norms({"sd": None}), ("/norms/0/sd", "missing")),
        (_norms({"rows": FALLING}), ("/norms/0/rows", "wrong_order")),
    ],
)
async def test_norms_with_gaps_or_overlaps_are_refused_by_place(
    manager: httpx.AsyncClient, document: dict[str, Any], error: tuple[str, str]
) -> None:
    path = f"{await draft(manager)}/norm-sets"
    refused = await manager.post(path, json={"code": "N-1", "document": document})
    errors = assert_problem(refused, 422, "validation-failed")["errors"]
    assert (f"/document{error[0]}", error[1]) in {(one["pointer"], one["code"]) for one in errors}


async def test_a_code_names_one_norm_set_of_a_version(manager: httpx.AsyncClient) -> None:
    path = f"{await draft(manager)}/norm-sets"
    assert (await manager.post(path, json=NEW)).status_code == 201
    assert_problem(await manager.post(path, json=NEW), 409, "norm-set-already-exists")


async def test_the_demo_is_scored_with_the_norms_that_were_shipped(screening: httpx.AsyncClient) -> None:
    async with app_of(screening).state.database.change() as change:
        plan, norms = await get_plan(change, "DEMO", 1), await find_norms(change, "DEMO", 1)
    assert norms is not None
    calm = {leaf.code: "yes" for leaf in plan.forms["OLDER"].leaves if leaf.code.startswith("O_")}
    calm |= {"O_SOC3": "never", "SENSES.SEEING": "no", "SENSES.HEARING": "no"}
    result = score(plan, "OLDER", calm, Child(50, "female", "teacher"), norms)
    total = next(scale for scale in result.scales if scale.code == "TOTAL")
    assert (result.outcome, result.norm_set, total.raw) == ("negative", "DEMO-2026", 0)
    assert total.norms is not None
    assert (total.norms.z, total.norms.sten) == (-1.1935, 3)  # (0 − 3.7) / 3.1
