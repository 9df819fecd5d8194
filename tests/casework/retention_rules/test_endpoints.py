"""Retention rules: dated, one at a time for a kind of record."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.casework.cases.made import made
from tests.casework.people.made import tag
from tests.casework.retention_rules.asks import PATH, RULE
from tests.support.problems import assert_problem

RULES = f"/v1/casework{PATH}"


async def test_a_rule_is_added_listed_and_ended(casework: httpx.AsyncClient) -> None:
    rule = await made(casework, PATH, RULE)
    assert {name: rule[name] for name in RULE} == RULE
    listed = await casework.get(RULES, params={"record_kind": "early"})
    assert listed.json()["items"] == [rule]
    path = f"{RULES}/{rule['id']}/end"
    past = await casework.post(path, json={"valid_to": "2020-01-01"}, headers=tag(rule))
    assert_problem(past, 422, "validation-failed")
    ended = (await casework.post(path, json={"valid_to": "2199-01-01"}, headers=tag(rule))).json()
    assert (ended["valid_to"], ended["version"]) == ("2199-01-01", 2)
    again = await casework.post(path, json={"valid_to": "2199-01-02"}, headers=tag(ended))
    assert_problem(again, 409, "state-conflict")


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, 409),
        ({"valid_from": "1990-01-01", "valid_to": "2000-01-01"}, 409),
        ({"valid_from": "1990-01-01", "valid_to": "1999-12-31"}, 201),
        ({"record_kind": "pupil"}, 201),
    ],
)
async def test_one_rule_holds_at_a_time(casework: httpx.AsyncClient, facts: dict[str, Any], status: int) -> None:
    await made(casework, PATH, RULE)
    answer = await casework.post(RULES, json={**RULE, **facts})
    assert answer.status_code == status
    if status == 409:
        assert_problem(answer, 409, "retention-rule-overlaps")


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"valid_to": "1999-12-31"}, "/valid_to"),
        ({"record_kind": "without_case"}, "/starts_with"),
        ({"years": 101}, "/years"),
        ({"years": -1}, "/years"),
        ({"action": "delete"}, "/action"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused(
    casework: httpx.AsyncClient, facts: dict[str, Any], pointer: str
) -> None:
    refused = assert_problem(await casework.post(RULES, json={**RULE, **facts}), 422, "validation-failed")
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


async def test_of_two_who_add_the_same_rule_at_once_one_does(racing_casework: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*[racing_casework.post(RULES, json=RULE) for _ in range(6)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
