"""An account leads to the child whom its owner expects: from the record on, until the birth."""

from typing import Any

import httpx
import pytest

from tests.casework.accounts.made import issued, joined
from tests.casework.births.asks import born, soon
from tests.casework.births.test_endpoints import bear, expecting
from tests.casework.case_transfers.made import decided, proposed
from tests.casework.cases.made import CASES, opened
from tests.casework.data_subject_requests.made import erased
from tests.casework.guardianships.made import GUARDIANSHIPS, PARENT, begun
from tests.casework.merges.made import merged_into, step
from tests.casework.people.made import EXPECTED, registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

Made = dict[str, Any]
OTHER: Made = {"given_name": "Ewa", "family_name": "Inna", "born_on": "1991-06-06"}


async def children_of(client: httpx.AsyncClient, account: dict[str, str]) -> list[str]:
    """The children whom an account may see."""
    seen = (await client.get(PEOPLE, headers=account)).json()["items"]
    return [person["id"] for person in seen if person["born_on"] not in {PARENT["born_on"], OTHER["born_on"]}]


async def amend(client: httpx.AsyncClient, child: Made, **facts: Any) -> httpx.Response:
    now = (await client.get(f"{PEOPLE}/{child['id']}")).json()
    return await client.patch(f"{PEOPLE}/{child['id']}", json=facts, headers=tag(now))


@pytest.mark.parametrize("account_comes_first", [True, False])
async def test_who_expects_a_child_sees_it_and_its_case_without_a_guardianship(
    casework: httpx.AsyncClient, account_comes_first: bool
) -> None:
    if account_comes_first:
        mother = await registered(casework, **PARENT)
        account = await joined(casework, mother, "anna")
        body = {**EXPECTED, "expected_on": soon(), "mother_id": mother["id"]}
        child = (await casework.post(PEOPLE, json=body)).json()
    else:
        mother, child = await expecting(casework)
        account = await joined(casework, mother, "anna")
    case = await opened(casework, person_id=child["id"])
    assert await children_of(casework, account) == [child["id"]]
    assert (await casework.get(f"{CASES}/{case['id']}", headers=account)).status_code == 200
    stranger = await joined(casework, await registered(casework, **OTHER), "ewa")
    assert await children_of(casework, stranger) == []
    assert_problem(await casework.get(f"{CASES}/{case['id']}", headers=stranger), 404, "case-not-found")


async def test_who_expects_may_be_said_later_and_anew(casework: httpx.AsyncClient) -> None:
    answer = await casework.post(PEOPLE, json={**EXPECTED, "expected_on": soon()})
    child = answer.json()
    people = [await registered(casework, **facts) for facts in (PARENT, OTHER)]
    accounts = [await joined(casework, person, person["given_name"]) for person in people]
    assert [await children_of(casework, account) for account in accounts] == [[], []]
    mine = [child["id"]]
    for mother, seen in ((people[0], [mine, []]), (people[1], [[], mine]), (None, [[], []])):
        answer = await amend(casework, child, mother_id=mother and mother["id"])
        assert answer.status_code == 200, answer.text
        assert [await children_of(casework, account) for account in accounts] == seen


async def test_who_may_expect_is_a_born_person_of_the_county(casework: httpx.AsyncClient) -> None:
    mother, child = await expecting(casework)
    other = (await casework.post(PEOPLE, json={**EXPECTED, "expected_on": soon()})).json()
    refused = assert_problem(await amend(casework, child, mother_id=other["id"]), 422, "validation-failed")
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/mother_id", "not_allowed")]
    unknown = await amend(casework, child, mother_id="01990000-0000-7000-8000-00000000dead")
    assert_problem(unknown, 404, "person-not-found")
    of_both = call_as("county_coordinator", counties=["2469", "2401"])
    elsewhere = {**EXPECTED, "county_terc": "2401", "expected_on": soon(), "mother_id": mother["id"]}
    refused = assert_problem(await casework.post(PEOPLE, json=elsewhere, headers=of_both), 422, "validation-failed")
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/mother_id", "outside_county")]
    grown = await registered(casework, **OTHER)
    refused = assert_problem(await amend(casework, grown, mother_id=mother["id"]), 422, "validation-failed")
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/mother_id", "not_allowed")]


async def test_a_mother_without_a_birth_date_may_have_an_account_while_she_expects(casework: httpx.AsyncClient) -> None:
    mother = await registered(casework, **{**PARENT, "born_on": None})
    path = f"{PEOPLE}/{mother['id']}/account-codes"
    assert_problem(await casework.post(path), 409, "account-not-possible")
    body = {**EXPECTED, "expected_on": soon(), "mother_id": mother["id"]}
    assert (await casework.post(PEOPLE, json=body)).status_code == 201
    assert (await issued(casework, mother))["code"]


async def test_from_the_birth_on_the_guardianships_count_alone(casework: httpx.AsyncClient) -> None:
    mother, child = await expecting(casework)
    account = await joined(casework, mother, "anna")
    first, twin = (await bear(casework, child, born(), born(given_name="Helena"))).json()["children"]
    assert await children_of(casework, account) == []
    await begun(casework, twin, mother, starts_on=twin["born_on"])
    assert await children_of(casework, account) == [twin["id"]]
    assert first["mother_id"] == mother["id"]


async def test_a_guardianship_of_an_expected_child_neither_limits_nor_ends_what_its_mother_sees(
    casework: httpx.AsyncClient,
) -> None:
    mother, child = await expecting(casework)
    account = await joined(casework, mother, "anna")
    limited = {"kind": "parental_limited", "scopes": ["records"], "ruling": "III Nsm 1/26", "ends_on": "2026-01-31"}
    one = await begun(casework, child, mother, starts_on="2026-01-01", **limited)
    assert await children_of(casework, account) == [child["id"]]
    end = {"ended_on": "2026-01-20", "reason": "court_decision"}
    ended = await casework.post(f"{GUARDIANSHIPS}/{one['id']}/end", json=end, headers=tag(one))
    assert ended.status_code == 200, ended.text
    assert await children_of(casework, account) == [child["id"]]
    kept = "SELECT ends_at FROM relations WHERE object_id = '" + child["id"] + "'"
    assert [row[0] for row in await rows(casework, kept)] == [None]


async def test_a_merge_of_two_records_of_the_mother_leads_to_the_child_and_back(casework: httpx.AsyncClient) -> None:
    twice, child = await expecting(casework)
    mother = await registered(casework, **PARENT)
    account = await joined(casework, mother, "anna")
    assert await children_of(casework, account) == []
    merge = await merged_into(casework, mother, twice)
    assert await children_of(casework, account) == [child["id"]]
    assert (await step(casework, merge, "undo")).status_code == 200
    assert await children_of(casework, account) == []


async def test_a_record_of_an_expected_child_that_became_part_of_another_leads_nobody_to_it(
    casework: httpx.AsyncClient,
) -> None:
    mother, child = await expecting(casework)
    account = await joined(casework, mother, "anna")
    kept = (await casework.post(PEOPLE, json={**EXPECTED, "expected_on": soon()})).json()
    merge = await merged_into(casework, kept, child)
    assert await children_of(casework, account) == []
    assert (await amend(casework, kept, mother_id=mother["id"])).status_code == 200
    assert await children_of(casework, account) == [kept["id"]]
    assert (await step(casework, merge, "undo")).status_code == 200
    assert {*await children_of(casework, account)} == {kept["id"], child["id"]}


async def test_nobody_is_related_to_an_expected_child_who_was_erased(casework: httpx.AsyncClient) -> None:
    mother, child = await expecting(casework)
    account = await joined(casework, mother, "anna")
    await erased(casework, child)
    assert await children_of(casework, account) == []
    gone = f"SELECT 1 FROM relations WHERE object_id = '{child['id']}'"
    assert await rows(casework, gone) == []
    assert (await amend(casework, mother, telephone="600 000 001")).status_code == 200
    assert await rows(casework, gone) == []


async def test_an_expecting_family_moves_and_the_mother_sees_her_child_there(casework: httpx.AsyncClient) -> None:
    mother, child = await expecting(casework)
    account = await joined(casework, mother, "anna")
    case = await opened(casework, person_id=child["id"])
    await decided(casework, await proposed(casework, case), "accept")
    assert (await casework.get(f"{CASES}/{case['id']}", headers=account)).json()["county_terc"] == "2401"
