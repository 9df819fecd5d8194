"""People: registered, read and changed; who they are is sealed, and every look is noted."""

import json
import uuid
from typing import Any

import httpx
import pytest

from tests.casework.people.made import CHILD, EXPECTED, registered, tag
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of
from tests.support.statements import of_the_test

PEOPLE = "/v1/casework/people"


async def rows(client: httpx.AsyncClient, sql: str, *values: Any) -> list[Any]:
    """What the database keeps."""
    with of_the_test():
        async with app_of(client).state.database.reading() as reading:
            driver = await reading.driver()
            await driver.execute("SELECT set_config('app.counties', '*', false)")
            found: list[Any] = await driver.fetch(sql, *values)
            return found


async def test_a_child_is_registered_and_read_as_it_was(casework: httpx.AsyncClient) -> None:
    answer = await casework.post(PEOPLE, json=CHILD)
    assert answer.status_code == 201
    child = answer.json()
    assert answer.headers["location"] == f"{PEOPLE}/{child['id']}"
    read = await casework.get(answer.headers["location"])
    assert read.json() == child
    assert read.headers["etag"] == f'"{child["id"]}:1"'
    assert {name: child[name] for name in CHILD} == CHILD


async def test_nothing_that_tells_who_it_is_stands_in_the_database(casework: httpx.AsyncClient) -> None:
    key = {"idempotency-key": str(uuid.uuid4())}
    created = await casework.post(PEOPLE, json=CHILD, headers=key)
    assert (await casework.post(PEOPLE, json=CHILD, headers=key)).json() == created.json()
    tables = await rows(
        casework, "SELECT relname FROM pg_class WHERE relnamespace = 'casework'::regnamespace AND relkind = 'r'"
    )
    kept = [await rows(casework, f'SELECT CAST(t AS text) FROM casework."{name}" AS t') for [name] in tables]
    text = json.dumps([str(row[0]) for found in kept for row in found])
    assert created.json()["id"] in text
    for secret in ("Zofia", "kiewska", CHILD["pesel"], "Zmy", "2023-02-28"):
        assert secret not in text, secret
        assert secret.encode().hex() not in text, secret


async def test_a_look_is_noted_before_it_is_answered(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    await casework.get(f"{PEOPLE}/{child['id']}")
    await casework.get(PEOPLE, params={"id": child["id"]})
    looks = await rows(casework, "SELECT action, detail FROM audit_records WHERE detail ? 'category' ORDER BY id")
    assert [action for action, _ in looks] == ["get_person", "list_people"]
    for _, detail in looks:
        noted = detail
        assert noted["people"] == [child["id"]]
        assert (noted["category"], noted["roles"]) == ("identity", ["county_coordinator"])


async def test_a_refused_look_is_noted_without_anything_of_the_person(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    stranger = call_as("county_coordinator", counties=["2401"], subject="stranger")
    answer = await casework.get(f"{PEOPLE}/{child['id']}", headers=stranger)
    assert_problem(answer, 404, "person-not-found")
    [noted] = await rows(casework, "SELECT actor, subject, detail FROM audit_records WHERE outcome = 'refused'")
    assert (noted["actor"], noted["subject"]) == ("stranger", f"people/{child['id']}")
    assert noted["detail"] == {}


async def test_a_list_shows_names_and_is_paged(casework: httpx.AsyncClient) -> None:
    for name in ("Ala", "Ola", "Ula"):
        await registered(casework, given_name=name)
    first = await casework.get(PEOPLE, params={"limit": 2})
    assert [person["given_name"] for person in first.json()["items"]] == ["Ula", "Ola"]
    second = await casework.get(first.links["next"]["url"])
    assert [person["given_name"] for person in second.json()["items"]] == ["Ala"]
    assert "pesel" not in first.json()["items"][0]


async def test_what_the_patch_names_is_changed_and_the_rest_stays(casework: httpx.AsyncClient) -> None:
    child = await registered(casework)
    path = f"{PEOPLE}/{child['id']}"
    changed = await casework.patch(path, json={"family_name": "Nowa", "address": None}, headers=tag(child))
    assert changed.status_code == 200
    expected = child | {"family_name": "Nowa", "address": None, "version": 2}
    ignored = {"changed_at"}
    assert {k: v for k, v in changed.json().items() if k not in ignored} == {
        k: v for k, v in expected.items() if k not in ignored
    }
    assert_problem(await casework.patch(path, json={"sex": "male"}, headers=tag(child)), 412, "version-mismatch")


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"given_name": None}, "/given_name", "missing"),
        ({"born_on": "2199-01-01", "pesel": None}, "/born_on", "in_future"),
        ({"pesel": "23222899985"}, "/pesel", "wrong_checksum"),
        ({"pesel": "44051401359"}, "/pesel", "contradicts"),
        ({"sex": "male"}, "/pesel", "contradicts"),
        ({"kind": "expected"}, "/born_on", "not_allowed"),
        ({"expected_on": "2027-01-01"}, "/expected_on", "not_allowed"),
    ],
)
async def test_facts_that_contradict_are_refused_by_name(
    casework: httpx.AsyncClient, facts: dict[str, Any], pointer: str, code: str
) -> None:
    body = assert_problem(await casework.post(PEOPLE, json={**CHILD, **facts}), 422, "validation-failed")
    assert {"pointer": pointer, "code": code} in [
        {"pointer": error["pointer"], "code": error["code"]} for error in body["errors"]
    ]
    assert "23222" not in json.dumps(body)


async def test_a_number_that_cannot_be_right_is_taken_with_a_reason(casework: httpx.AsyncClient) -> None:
    facts = {**CHILD, "pesel": "23222899985", "pesel_override_reason": "tak wydano"}
    child = (await casework.post(PEOPLE, json=facts)).json()
    assert child["pesel"] == "23222899985"


async def test_a_number_is_one_persons_in_a_county_and_says_nothing_of_another(casework: httpx.AsyncClient) -> None:
    first = (await casework.post(PEOPLE, json=CHILD)).json()
    again = await casework.post(PEOPLE, json=CHILD)
    assert assert_problem(again, 409, "person-already-registered")["person_id"] == first["id"]
    elsewhere = call_as("county_coordinator", counties=["2401"])
    other = await casework.post(PEOPLE, json={**CHILD, "county_terc": "2401"}, headers=elsewhere)
    assert other.status_code == 201


async def test_an_expected_child_has_a_day_and_no_name(casework: httpx.AsyncClient) -> None:
    assert_problem(await casework.post(PEOPLE, json=EXPECTED), 422, "validation-failed")


async def test_the_number_is_not_shown_to_who_may_not_change_it(casework: httpx.AsyncClient) -> None:
    child = (await casework.post(PEOPLE, json=CHILD)).json()
    reader = call_as(scope="casework:read", subject="reader")
    read = (await casework.get(f"{PEOPLE}/{child['id']}", headers=reader)).json()
    assert read["family_name"] == CHILD["family_name"]
    assert read["pesel"] is None
