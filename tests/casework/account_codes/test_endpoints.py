"""A code joins one account to one person, once; guessing leads nowhere."""

import re
import uuid
from typing import Any

import httpx
import pytest

from services.casework.account_codes.rules import MOST_MISSES_AN_HOUR
from tests.casework.accounts.made import JOIN, family_member, issued, joined
from tests.casework.guardianships.made import family
from tests.casework.people.made import EXPECTED, registered
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

WRONG = "ACDEF-HJKMN-PRTWX-Y3479"


async def join(client: httpx.AsyncClient, code: str, subject: str) -> httpx.Response:
    return await client.post(JOIN, json={"code": code}, headers=family_member(subject))


async def altered(client: httpx.AsyncClient, column: str, value: str, code: dict[str, Any]) -> None:
    """Let time pass for a code."""
    sql = f"UPDATE account_codes SET {column} = now() + CAST('{value}' AS interval) WHERE id = $1 RETURNING 1"
    assert await rows(client, sql, uuid.UUID(code["id"]))


async def test_a_code_is_shown_once_and_only_its_digest_is_kept(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    code = await issued(casework, parent)
    assert re.fullmatch(r"([A-Z0-9]{5}-){3}[A-Z0-9]{5}", code["code"])
    tables = ("account_codes", "audit_records", "events", "idempotency_keys")
    kept = [await rows(casework, f"SELECT CAST(t AS text) FROM {name} AS t") for name in tables]
    text = str([row[0] for found in kept for row in found])
    assert code["id"] in text
    assert code["code"] not in text
    assert code["code"].replace("-", "") not in text
    read = await casework.get(f"{PEOPLE}/{parent['id']}/account-codes/{code['id']}")
    assert read.json().keys() == code.keys() - {"code"}


async def test_what_is_typed_without_hyphens_in_small_letters_is_the_same_code(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    code = await issued(casework, parent)
    answer = await join(casework, code["code"].replace("-", " ").lower(), "anna")
    assert answer.json()["person_id"] == parent["id"]


async def test_wrong_used_replaced_and_old_codes_are_refused_alike(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    used, _, old, fresh = [await issued(casework, parent) for _ in range(4)]
    replaced = used
    refused = [await join(casework, replaced["code"], "a")]
    assert (await join(casework, fresh["code"], "b")).status_code == 200
    refused += [await join(casework, fresh["code"], "c"), await join(casework, WRONG, "d")]
    late = await issued(casework, parent)
    await altered(casework, "expires_at", "-1 second", late)
    refused += [await join(casework, late["code"], "e"), await join(casework, old["code"], "f")]
    bodies = [assert_problem(answer, 422, "account-code-refused") for answer in refused]
    assert len({(body["title"], body.get("detail"), *sorted(body)) for body in bodies}) == 1


async def test_a_code_is_good_for_fourteen_days(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    code = await issued(casework, parent)
    sql = "SELECT expires_at - created_at BETWEEN '13 days 23 hours' AND '14 days 1 minute' FROM account_codes"
    assert [row[0] for row in await rows(casework, sql)] == [True]
    await altered(casework, "expires_at", "1 minute", code)
    assert (await join(casework, code["code"], "anna")).status_code == 200


async def test_a_few_wrong_codes_are_noted_and_then_nothing_is_looked_at(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    good = await issued(casework, parent)
    for _ in range(MOST_MISSES_AN_HOUR):
        assert_problem(await join(casework, WRONG, "guesser"), 422, "account-code-refused")
    late = await join(casework, good["code"], "guesser")
    assert_problem(late, 429, "rate-limited")
    assert int(late.headers["retry-after"]) > 0
    noted = await rows(casework, "SELECT actor, subject FROM audit_records WHERE outcome = 'missed'")
    assert [tuple(row) for row in noted] == [("guesser", "accounts:join")] * MOST_MISSES_AN_HOUR
    assert (await join(casework, good["code"], "anna")).status_code == 200


async def test_an_account_is_one_persons(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework, born_on="2010-01-01")
    await joined(casework, parent, "anna")
    code = await issued(casework, child)
    assert_problem(await join(casework, code["code"], "anna"), 409, "account-already-joined")
    assert (await join(casework, code["code"], "zofia")).status_code == 200


async def test_nobody_uses_a_code_that_they_have_issued(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    code = await issued(casework, parent)
    assert_problem(await join(casework, code["code"], "county_coordinator"), 422, "account-code-refused")


async def test_only_guardians_and_pupils_have_accounts(casework: httpx.AsyncClient) -> None:
    child, _, _ = await family(casework)
    uncle = await registered(casework, given_name="Wuj", born_on=None)
    baby = (await casework.post(PEOPLE, json={**EXPECTED, "expected_on": "2026-12-01"})).json()
    for person in (child, uncle, baby):
        answer = await casework.post(f"{PEOPLE}/{person['id']}/account-codes")
        assert_problem(answer, 409, "account-not-possible")


@pytest.mark.parametrize("role", ["specialist", "screener", "county_coordinator"])
async def test_staff_join_nothing(casework: httpx.AsyncClient, role: str) -> None:
    answer = await casework.post(JOIN, json={"code": WRONG}, headers=call_as(role))
    assert_problem(answer, 403, "forbidden")
