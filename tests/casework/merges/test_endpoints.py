"""Two records are proposed as one person, and another person decides."""

import httpx

from tests.casework.accounts.made import joined
from tests.casework.merges.made import MERGES, PROPOSER, merged_into, proposed, step
from tests.casework.people.made import CHILD, registered, tag
from tests.casework.people.test_endpoints import PEOPLE
from tests.support.callers import call_as
from tests.support.problems import assert_problem


async def test_a_merged_record_is_read_and_no_longer_changed(casework: httpx.AsyncClient) -> None:
    kept, twin, other = [await registered(casework) for _ in range(3)]
    await merged_into(casework, kept, twin)
    twin = (await casework.get(f"{PEOPLE}/{twin['id']}")).json()
    answer = await casework.patch(f"{PEOPLE}/{twin['id']}", json={"address": "x"}, headers=tag(twin))
    body = assert_problem(answer, 409, "state-conflict")
    assert (body["state"], body["merged_into"]) == ("merged", kept["id"])
    for pair in ((twin, other), (other, twin)):
        again = {"kept_id": pair[0]["id"], "merged_id": pair[1]["id"]}
        assert assert_problem(await casework.post(MERGES, json=again), 409, "state-conflict")["state"] == "merged"


async def test_two_accounts_are_in_the_way(casework: httpx.AsyncClient) -> None:
    people = [await registered(casework, born_on="2005-05-05") for _ in range(2)]
    for number, person in enumerate(people):
        await joined(casework, person, f"jan{number}")
    merge = await proposed(casework, *people)
    assert assert_problem(await step(casework, merge, "accept"), 409, "merge-blocked")["in_the_way"] == ["accounts"]


async def test_another_person_decides(casework: httpx.AsyncClient) -> None:
    kept, twin = await registered(casework), await registered(casework)
    own = (await casework.post(MERGES, json={"kept_id": kept["id"], "merged_id": twin["id"]})).json()
    assert_problem(await step(casework, own, "accept"), 409, "proposer-decides")
    again = await casework.post(MERGES, json={"kept_id": kept["id"], "merged_id": twin["id"]})
    assert_problem(again, 409, "merge-already-proposed")
    assert_problem(await step(casework, own, "accept", **PROPOSER), 403, "forbidden")
    declined = await step(casework, own, "decline")
    assert declined.json()["state"] == "declined"
    assert_problem(await step(casework, declined.json(), "accept"), 409, "state-conflict")


async def test_likely_duplicates_share_a_pair_of_facts_and_are_of_the_county(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    close = await registered(casework, given_name="Zofja")
    closer = await registered(casework, family_name="Zolkiewska")
    await registered(casework, given_name="Zuzanna", family_name="Inna")
    there = call_as("county_coordinator", counties=["2401"])
    elsewhere = {**CHILD, "county_terc": "2401", "pesel": None}
    assert (await casework.post(PEOPLE, json=elsewhere, headers=there)).status_code == 201
    answer = await casework.get(f"{PEOPLE}/{child['id']}/likely-duplicates")
    assert [(each["id"], each["shares"]) for each in answer.json()["items"]] == [
        (closer["id"], ["given-family", "given-born", "family-born"]),
        (close["id"], ["family-born"]),
    ]
    await merged_into(casework, child, closer)
    left = (await casework.get(f"{PEOPLE}/{child['id']}/likely-duplicates")).json()["items"]
    assert [each["id"] for each in left] == [close["id"]]


async def test_a_reference_of_screening_leads_to_the_kept_record(casework: httpx.AsyncClient) -> None:
    kept, twin = await registered(casework), await registered(casework)
    reference = (await casework.get(f"{PEOPLE}/{twin['id']}/subject-reference")).json()
    await merged_into(casework, kept, twin)
    answer = await casework.post(f"{PEOPLE}:resolve-subject", json=reference)
    assert answer.json() == {"person_id": kept["id"]}


async def test_the_number_of_a_merged_record_finds_the_kept_one_until_the_merge_is_undone(
    casework: httpx.AsyncClient,
) -> None:
    kept, twin = await registered(casework), await registered(casework, pesel=CHILD["pesel"])
    merge = await merged_into(casework, kept, twin)

    async def found() -> tuple[str, list[str]]:
        again = assert_problem(await casework.post(PEOPLE, json=CHILD), 409, "person-already-registered")
        search = {"pesel": CHILD["pesel"], "purpose": "intake"}
        hits = (await casework.post(f"{PEOPLE}:search", json=search)).json()["items"]
        return again["person_id"], [hit["id"] for hit in hits]

    assert await found() == (kept["id"], [kept["id"]])
    third = await registered(casework)
    second = await merged_into(casework, third, kept)
    assert await found() == (third["id"], [third["id"]])
    assert (await step(casework, second, "undo")).status_code == 200
    assert await found() == (kept["id"], [kept["id"]])
    assert (await step(casework, merge, "undo")).status_code == 200
    assert await found() == (twin["id"], [twin["id"]])


async def test_a_merge_whose_number_went_to_the_kept_record_is_not_undone_with_it(casework: httpx.AsyncClient) -> None:
    kept, twin = await registered(casework), await registered(casework, pesel=CHILD["pesel"])
    merge = await merged_into(casework, kept, twin)
    kept = (await casework.get(f"{PEOPLE}/{kept['id']}")).json()
    patch = {"pesel": CHILD["pesel"]}
    owner = await casework.patch(f"{PEOPLE}/{kept['id']}", json=patch, headers=tag(kept))
    assert owner.status_code == 200
    assert_problem(await step(casework, merge, "undo"), 409, "person-already-registered")
    freed = await casework.patch(f"{PEOPLE}/{kept['id']}", json={"pesel": None}, headers=tag(owner.json()))
    assert freed.status_code == 200
    assert (await step(casework, merge, "undo")).status_code == 200
