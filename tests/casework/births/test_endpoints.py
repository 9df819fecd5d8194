"""An expected child is born, alone or with others, or will not be born."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from services.chassis.ground import clock
from tests.casework.accounts.made import joined
from tests.casework.births.asks import born, soon
from tests.casework.consents.asks import BASIS
from tests.casework.consents.test_endpoints import CONSENTS
from tests.casework.guardianships.made import GUARDIANSHIPS, PARENT, RULING, begun
from tests.casework.households.made import HOUSEHOLDS, made_household
from tests.casework.people.made import EXPECTED, registered, tag
from tests.casework.people.test_endpoints import PEOPLE, rows
from tests.support.problems import assert_problem


async def expecting(client: httpx.AsyncClient, **facts: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A mother, and the child whom she expects."""
    mother = await registered(client, **PARENT)
    body = {**EXPECTED, "expected_on": soon(), "mother_id": mother["id"], "address": "ul. Zmyślona 7", **facts}
    answer = await client.post(PEOPLE, json=body)
    assert answer.status_code == 201, answer.text
    return mother, answer.json()


async def bear(client: httpx.AsyncClient, child: dict[str, Any], *children: dict[str, Any]) -> httpx.Response:
    return await client.post(f"{PEOPLE}/{child['id']}/birth", json={"children": children}, headers=tag(child))


async def test_a_born_child_keeps_its_record_and_what_was_known(casework: httpx.AsyncClient) -> None:
    mother, child = await expecting(casework)
    answer = await bear(casework, child, born())
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{child["id"]}:2"'
    [one] = answer.json()["children"]
    assert (one["id"], one["kind"], one["expected_on"], one["version"]) == (child["id"], "born", None, 2)
    assert (one["given_name"], one["address"], one["mother_id"]) == ("Hanna", "ul. Zmyślona 7", mother["id"])
    assert (await casework.get(f"{PEOPLE}/{child['id']}")).json() == one


async def test_a_twin_has_the_same_mother_guardians_and_household(casework: httpx.AsyncClient) -> None:
    mother, child = await expecting(casework)
    facts = {"kind": "parental_limited", "scopes": ["health", "records"], "ruling": RULING}
    await begun(casework, child, mother, **facts, starts_on="2026-01-01")
    home = await made_household(casework, (mother, "parent"), (child, "child"))
    account = await joined(casework, mother, "anna")
    day = clock.today().replace(day=1)
    twins = (born(born_on=str(day)), born(born_on=str(day), given_name="Helena", address="ul. Inna 1"))
    answer = await bear(casework, child, *twins)
    first, twin = answer.json()["children"]
    assert (twin["mother_id"], twin["expected_with_id"]) == (mother["id"], first["id"])
    assert (first["address"], twin["address"]) == ("ul. Zmyślona 7", "ul. Inna 1")
    listed = (await casework.get(GUARDIANSHIPS, params={"child_id": twin["id"]})).json()["items"]
    assert [(one["guardian_id"], one["kind"], one["ruling"], one["scopes"]) for one in listed] == [
        (mother["id"], "parental_limited", RULING, ["health", "records"])
    ]
    homes = (await casework.get(HOUSEHOLDS, params={"person_id": twin["id"]})).json()["items"]
    assert [(each["id"], len(each["members"])) for each in homes] == [(home["id"], 3)]
    seen = (await casework.get(PEOPLE, headers=account)).json()["items"]
    assert {person["given_name"] for person in seen} == {"Anna", "Hanna", "Helena"}
    ends = "SELECT DISTINCT CAST(ends_at AS text) FROM relations WHERE ends_at IS NOT NULL"
    midnight = datetime(day.year + 18, day.month, 1, tzinfo=ZoneInfo("Europe/Warsaw")).astimezone(UTC)
    assert [row[0] for row in await rows(casework, ends)] == [f"{midnight:%Y-%m-%d %H:%M:%S}+00"]


async def test_a_basis_that_holds_is_copied_for_a_twin_and_says_where_it_comes_from(
    casework: httpx.AsyncClient,
) -> None:
    _, child = await expecting(casework)
    over = {"valid_from": "2025-01-01", "valid_to": "2025-12-31"}
    made = [
        (await casework.post(CONSENTS, json={**BASIS, **facts, "person_id": child["id"]})).json()
        for facts in (over, {})
    ]
    _, twin = (await bear(casework, child, born(), born(given_name="Helena"))).json()["children"]
    [copied] = (await casework.get(CONSENTS, params={"person_id": twin["id"]})).json()["items"]
    assert (copied["copied_from_id"], copied["act"]) == (made[1]["id"], BASIS["act"])
    assert (await casework.get(f"{CONSENTS}/{copied['id']}")).json()["act"] == BASIS["act"]


async def test_a_birth_happens_once(casework: httpx.AsyncClient) -> None:
    _, child = await expecting(casework)
    assert (await bear(casework, child, born())).status_code == 200
    assert_problem(await bear(casework, child, born()), 412, "version-mismatch")
    again = await bear(casework, child | {"version": 2}, born())
    assert assert_problem(again, 409, "state-conflict")["state"] == "born"
    end = await casework.post(
        f"{PEOPLE}/{child['id']}/pregnancy-ended",
        json={"ended_on": str(clock.today())},
        headers=tag(child | {"version": 2}),
    )
    assert_problem(end, 409, "state-conflict")


@pytest.mark.parametrize(
    ("second", "pointer", "code"),
    [
        ({"born_on": "2190-01-01"}, "/children/1/born_on", "in_future"),
        ({"born_on": "2019-01-01"}, "/children/1/born_on", "outside_pregnancy"),
        ({"pesel": "23222899985"}, "/children/1/pesel", "wrong_checksum"),
    ],
)
async def test_what_is_wrong_with_a_birth_is_named_and_nothing_changes(
    casework: httpx.AsyncClient, second: dict[str, Any], pointer: str, code: str
) -> None:
    _, child = await expecting(casework)
    answer = await bear(casework, child, born(), born(**second))
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in errors]
    assert (await casework.get(f"{PEOPLE}/{child['id']}")).json()["kind"] == "expected"


async def test_one_number_is_not_two_childrens(casework: httpx.AsyncClient) -> None:
    _, child = await expecting(casework)
    same = {"pesel": "23222899984", "pesel_override_reason": "tak wydano"}
    answer = await bear(casework, child, born(**same), born(**same))
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [("/children/1/pesel", "already_taken")]
    await registered(casework, **same)
    assert_problem(await bear(casework, child, born(**same)), 409, "person-already-registered")


async def test_a_pregnancy_that_ended_closes_the_expectation_and_keeps_the_record(casework: httpx.AsyncClient) -> None:
    _, child = await expecting(casework)
    path, today = f"{PEOPLE}/{child['id']}", clock.today()
    late = {"ended_on": str(today + timedelta(days=1))}
    assert_problem(
        await casework.post(f"{path}/pregnancy-ended", json=late, headers=tag(child)), 422, "validation-failed"
    )
    ended = await casework.post(f"{path}/pregnancy-ended", json={"ended_on": str(today)}, headers=tag(child))
    assert date.fromisoformat(ended.json()["pregnancy_ended_on"]) == today
    assert (await casework.get(path)).json() == ended.json()
    after = await bear(casework, ended.json(), born())
    assert assert_problem(after, 409, "state-conflict")["state"] == "pregnancy_ended"
    [event] = await rows(casework, "SELECT data FROM events WHERE type = 'casework.person.expectation-closed'")
    assert str(today) not in str(event)
