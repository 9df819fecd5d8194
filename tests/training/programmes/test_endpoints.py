"""Programmes of training, through the API."""

from typing import Any

import httpx
import pytest

from tests.support.problems import assert_problem
from tests.training.programmes.asks import new_programme

URL = "/v1/training/programmes"
TEAM = {"enrolment_rule": "authority_team", "smallest_team": 3, "largest_team": 4}


async def test_a_programme_is_found_by_its_code_and_amended(training: httpx.AsyncClient) -> None:
    sent = new_programme() | TEAM
    made = (await training.post(URL, json=sent)).json()
    path = f"{URL}/{sent['code']}"
    read = await training.get(path)
    assert read.json() == made
    assert {name: made[name] for name in sent} == sent
    seen = {"if-match": read.headers["etag"]}
    answer = await training.patch(path, json={"largest_team": 5, "client": "Inny"}, headers=seen)
    assert (answer.json()["largest_team"], answer.json()["client"], answer.json()["version"]) == (5, "Inny", 2)
    assert_problem(await training.patch(path, json={"client": "Kolejny"}, headers=seen), 412, "version-mismatch")
    listed = await training.get(f"{URL}?enrolment_rule=authority_team")
    assert [each["code"] for each in listed.json()["items"]] == [sent["code"]]
    assert (await training.get(f"{URL}?enrolment_rule=open")).json()["items"] == []


async def test_a_code_is_taken_once(training: httpx.AsyncClient) -> None:
    sent = new_programme()
    assert (await training.post(URL, json=sent)).status_code == 201
    assert_problem(await training.post(URL, json=sent), 409, "training-programme-already-known")
    assert_problem(await training.get(f"{URL}/UNKNOWN"), 404, "training-programme-not-found")


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"ends_on": "2025-12-31"}, "ends_on", "wrong_order"),
        ({"trainees_per_location": 2}, "trainees_per_location", "not_allowed"),
        ({"smallest_team": 3}, "smallest_team", "not_allowed"),
        (TEAM | {"largest_team": None}, "largest_team", "missing"),
        (TEAM | {"largest_team": 2}, "largest_team", "wrong_order"),
    ],
)
async def test_a_programme_whose_facts_contradict_is_refused_by_the_field(
    training: httpx.AsyncClient, facts: dict[str, Any], field: str, code: str
) -> None:
    refused = assert_problem(await training.post(URL, json=new_programme() | facts), 422, "validation-failed")
    assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [(f"/{field}", code)]


async def test_a_patch_is_judged_together_with_what_stays(training: httpx.AsyncClient) -> None:
    made = await training.post(URL, json=new_programme() | TEAM)
    path, seen = made.headers["location"], {"if-match": made.headers["etag"]}
    refused = assert_problem(
        await training.patch(path, json={"smallest_team": 9}, headers=seen), 422, "validation-failed"
    )
    assert refused["errors"][0]["pointer"] == "/largest_team"
    unknown = await training.patch(path, json={"code": "OTHER"}, headers=seen)
    assert assert_problem(unknown, 422, "validation-failed")["errors"][0]["code"] == "unknown"
