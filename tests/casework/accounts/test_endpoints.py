"""Whose an account is, for whom it acts, and that it ends at once."""

import httpx

from tests.casework.accounts.made import family_member, joined
from tests.casework.guardianships.made import family
from tests.casework.people.made import tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.callers import call_as
from tests.support.problems import assert_problem

ACCOUNTS = "/v1/casework/accounts"


async def test_an_account_says_whose_it_is_and_for_whom_it_acts(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    account = await joined(casework, parent, "anna")
    own = (await casework.get(f"{ACCOUNTS}/me", headers=account)).json()
    assert own["person_id"] == parent["id"]
    acts_for = {each["person_id"]: each["ends_at"] for each in own["acts_for"]}
    assert acts_for == {child["id"]: "2041-02-27T23:00:00Z", parent["id"]: None}
    looks = await rows(casework, "SELECT detail -> 'people' FROM audit_records WHERE action = 'get_own_account'")
    assert looks[-1][0] == sorted([child["id"], parent["id"]])


async def test_an_account_that_no_code_has_joined_is_nobodys(casework: httpx.AsyncClient) -> None:
    own = await casework.get(f"{ACCOUNTS}/me", headers=family_member("nobody"))
    assert own.json() == {"person_id": None, "joined_at": None, "person_ids": [], "acts_for": []}


async def test_a_new_account_ends_the_old_one_at_once(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    old, new = await joined(casework, parent, "old"), await joined(casework, parent, "new")
    path = f"{PEOPLE}/{child['id']}"
    assert_problem(await casework.get(path, headers=old), 404, "person-not-found")
    assert (await casework.get(path, headers=new)).status_code == 200
    listed = (await casework.get(ACCOUNTS, params={"person_id": parent["id"]})).json()["items"]
    assert {account["subject"]: account["ended_at"] is None for account in listed} == {"old": False, "new": True}
    running = (await casework.get(ACCOUNTS, params={"is_ended": "false"})).json()["items"]
    assert [account["subject"] for account in running] == ["new"]


async def test_an_account_that_was_ended_sees_nobody_and_may_be_joined_again(casework: httpx.AsyncClient) -> None:
    child, parent, _ = await family(casework)
    account = await joined(casework, parent, "anna")
    [listed] = (await casework.get(ACCOUNTS)).json()["items"]
    path = f"{ACCOUNTS}/{listed['id']}"
    ended = await casework.post(f"{path}/end", headers=tag(listed))
    assert ended.json()["version"] == 2
    assert (await casework.get(path)).json() == ended.json()
    assert_problem(await casework.get(f"{PEOPLE}/{child['id']}", headers=account), 404, "person-not-found")
    assert (await casework.get(f"{ACCOUNTS}/me", headers=account)).json()["person_id"] is None
    again = await casework.post(f"{path}/end", headers=tag(ended.json()))
    assert assert_problem(again, 409, "state-conflict")["state"] == "ended"
    await joined(casework, parent, "anna")
    assert (await casework.get(f"{PEOPLE}/{child['id']}", headers=account)).status_code == 200


async def test_an_account_of_another_county_is_not_there(casework: httpx.AsyncClient) -> None:
    _, parent, _ = await family(casework)
    await joined(casework, parent, "anna")
    [listed] = (await casework.get(ACCOUNTS)).json()["items"]
    there = call_as("county_coordinator", counties=["2401"])
    assert (await casework.get(ACCOUNTS, headers=there)).json()["items"] == []
    answer = await casework.post(f"{ACCOUNTS}/{listed['id']}/end", headers=tag(listed) | there)
    assert_problem(answer, 404, "account-not-found")
