"""Functions of institutions in their county: who may hold one, and until when."""

from datetime import timedelta

import httpx
import pytest

from services.chassis.ground import clock
from tests.registry.institutions.made import URL, found
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_institution, add_territory


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def test_nobody_holds_a_function_before_the_doors_open(registry: httpx.AsyncClient) -> None:
    path = f"{URL}/{(await add_institution(registry, opened_on='2025-09-01'))['id']}/functions"
    given = {"kind": "coordinating_institution", "held_from": "2025-08-31"}
    refused = await registry.post(path, json=given)
    problem = assert_problem(refused, 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("/held_from", "before_opening")]
    assert (await registry.post(path, json=given | {"held_from": "2025-09-01"})).status_code == 201


async def test_a_kindergarten_hosts_the_lead_centre_and_a_hospital_does_not(registry: httpx.AsyncClient) -> None:
    hospital = await add_institution(registry, type="hospital")
    refused = await registry.post(
        f"{URL}/{hospital['id']}/functions", json={"kind": "wokro", "held_from": "2026-09-01"}
    )
    body = assert_problem(refused, 422, "validation-failed")
    assert (body["errors"][0]["code"], len(body["allowed"])) == ("wrong_host_type", 7)
    kindergarten = await add_institution(registry, type="kindergarten", ownership="non_public")
    path = f"{URL}/{kindergarten['id']}/functions"
    designated = await registry.post(path, json={"kind": "wokro", "held_from": "2026-09-01"})
    assert_problem(designated, 422, "validation-failed")
    entrusted = {"kind": "wokro", "mode": "entrusted", "held_from": "2026-09-01"}
    assert (await registry.post(path, json=entrusted)).status_code == 201
    second = await add_institution(registry, type="primary_school")
    taken = await registry.post(f"{URL}/{second['id']}/functions", json=entrusted)
    assert_problem(taken, 409, "function-already-held")
    before = {"kind": "wokro", "held_from": "2025-09-01", "held_to": "2026-09-01"}
    assert (await registry.post(f"{URL}/{second['id']}/functions", json=before)).status_code == 201
    holding = (await registry.get(f"{URL}?function=wokro&as_of=2026-08-31")).json()["items"]
    assert [item["id"] for item in holding] == [second["id"]]


@pytest.mark.parametrize(
    ("day", "works"), [("2020-08-31", False), ("2020-09-01", True), ("2026-06-29", True), ("2026-06-30", False)]
)
async def test_a_closing_told_late_counts_from_its_day(registry: httpx.AsyncClient, day: str, works: bool) -> None:
    made = await add_institution(registry, opened_on="2020-09-01")
    end = {"closed_on": "2026-06-30", "reason": "likwidacja"}
    await registry.post(f"{URL}/{made['id']}/close", json=end, headers={"if-match": f'"{made["id"]}:1"'})
    assert bool(await found(registry, as_of=day)) == works
    assert bool(await found(registry, as_of=day, include_closed="true")) == (day >= "2020-09-01")


async def test_a_closing_may_be_told_in_advance(registry: httpx.AsyncClient) -> None:
    tomorrow = str(clock.today() + timedelta(days=1))
    made = await add_institution(registry)
    end = {"closed_on": tomorrow, "reason": "likwidacja"}
    closing = await registry.post(f"{URL}/{made['id']}/close", json=end, headers={"if-match": f'"{made["id"]}:1"'})
    assert closing.status_code == 200
    assert await found(registry) == [made["name"]]
    assert await found(registry, as_of=tomorrow) == []


async def test_nothing_closes_before_it_opened(registry: httpx.AsyncClient) -> None:
    made = await add_institution(registry, opened_on="2020-09-01")
    end = {"closed_on": "2020-08-31", "reason": "likwidacja"}
    answer = await registry.post(f"{URL}/{made['id']}/close", json=end, headers={"if-match": f'"{made["id"]}:1"'})
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == "/closed_on"


@pytest.mark.parametrize(
    ("held", "left"),
    [
        ({"held_from": "2026-01-01"}, ["2026-06-30"]),
        ({"held_from": "2026-01-01", "held_to": "2030-01-01"}, ["2026-06-30"]),
        ({"held_from": "2026-01-01", "held_to": "2026-03-01"}, ["2026-03-01"]),
        ({"held_from": "2026-06-30"}, []),
        ({"held_from": "2027-09-01", "held_to": "2028-09-01"}, []),
    ],
)
async def test_a_closed_institution_frees_its_function_for_another(
    registry: httpx.AsyncClient, held: dict[str, str], left: list[str]
) -> None:
    closing = await add_institution(registry, type="kindergarten")
    path = f"{URL}/{closing['id']}"
    assert (await registry.post(f"{path}/functions", json={"kind": "wokro", **held})).status_code == 201
    end = {"closed_on": "2026-06-30", "reason": "likwidacja"}
    await registry.post(f"{path}/close", json=end, headers={"if-match": f'"{closing["id"]}:1"'})
    assert [item["held_to"] for item in (await registry.get(f"{path}/functions")).json()["items"]] == left
    heir = await add_institution(registry, type="primary_school")
    body = {"kind": "wokro", "held_from": "2026-06-30"}
    assert (await registry.post(f"{URL}/{heir['id']}/functions", json=body)).status_code == 201


@pytest.mark.parametrize(
    ("mode", "change", "allowed"),
    [
        ("designated", {"type": "nursery"}, False),
        ("designated", {"type": "primary_school"}, True),
        ("designated", {"ownership": "non_public"}, False),
        ("entrusted", {"ownership": "non_public"}, True),
    ],
)
async def test_a_lead_centre_does_not_become_what_may_not_be_one(
    registry: httpx.AsyncClient, mode: str, change: dict[str, str], allowed: bool
) -> None:
    host = await add_institution(registry, type="kindergarten", ownership="public")
    path, seen = f"{URL}/{host['id']}", {"if-match": f'"{host["id"]}:1"'}
    body = {"kind": "wokro", "mode": mode, "held_from": "2026-01-01"}
    assert (await registry.post(f"{path}/functions", json=body)).status_code == 201
    answer = await registry.patch(path, json=change, headers=seen)
    if allowed:
        assert answer.status_code == 200
    else:
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == "wrong_host_type"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"held_to": "2026-01-01"}, "/held_to"),
        ({"held_to": "2025-12-31"}, "/held_to"),
        ({"county_terc": "24"}, "/county_terc"),
        ({"kind": "president"}, "/kind"),
        ({"held_from": "2026-02-30"}, "/held_from"),
        ({"given_by": "anna"}, "/given_by"),
    ],
)
async def test_a_wrong_function_is_refused_by_field(
    registry: httpx.AsyncClient, body: dict[str, str], pointer: str
) -> None:
    host = await add_institution(registry, type="kindergarten")
    given = {"kind": "wokro", "held_from": "2026-01-01"} | body
    answer = await registry.post(f"{URL}/{host['id']}/functions", json=given)
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == pointer


async def test_a_function_of_another_institution_is_not_found_here(registry: httpx.AsyncClient) -> None:
    host, other = [await add_institution(registry, type="kindergarten") for _ in range(2)]
    given = await registry.post(f"{URL}/{host['id']}/functions", json={"kind": "wokro", "held_from": "2026-01-01"})
    end, tag = {"held_to": "2026-06-01", "reason": "koniec"}, {"if-match": given.headers["etag"]}
    mixed = f"{URL}/{other['id']}/functions/{given.json()['id']}/end"
    assert_problem(await registry.post(mixed, json=end, headers=tag), 404, "function-not-found")
    ended = await registry.post(f"{given.headers['location']}/end", json=end, headers=tag)
    assert (ended.status_code, ended.json()["ending_reason"]) == (200, "koniec")
    again = await registry.post(
        f"{given.headers['location']}/end", json=end, headers={"if-match": ended.headers["etag"]}
    )
    assert assert_problem(again, 409, "state-conflict")["state"] == "ended"


async def test_a_county_gives_its_function_to_a_host_elsewhere_and_not_anothers(registry: httpx.AsyncClient) -> None:
    both = call_as("registry_editor", counties=["2469", "2401"])
    foreign = INSTITUTION | {"county_terc": "2401", "type": "kindergarten"}
    host = (await registry.post(URL, json=foreign, headers=both)).json()
    path, body = f"{URL}/{host['id']}/functions", {"kind": "wokro", "held_from": "2026-01-01"}
    assert_problem(await registry.post(path, json=body), 403, "outside-scope")
    given = await registry.post(path, json=body | {"county_terc": "2469"})
    assert (given.status_code, given.json()["county_terc"]) == (201, "2469")


async def test_a_function_of_the_past_ended_with_its_host_and_none_is_given_after_that(
    registry: httpx.AsyncClient,
) -> None:
    host = await add_institution(registry, type="kindergarten")
    path = f"{URL}/{host['id']}"
    end, seen = {"closed_on": "2024-06-30", "reason": "likwidacja"}, {"if-match": f'"{host["id"]}:1"'}
    assert (await registry.post(f"{path}/close", json=end, headers=seen)).status_code == 200
    late = await registry.post(f"{path}/functions", json={"kind": "wokro", "held_from": "2024-06-30"})
    assert_problem(late, 409, "institution-closed")
    given = (await registry.post(f"{path}/functions", json={"kind": "wokro", "held_from": "2022-09-01"})).json()
    assert (given["held_to"], given["ending_reason"], given["given_by"]) == (
        "2024-06-30",
        "likwidacja",
        "registry_editor",
    )
    assert {*given["recorded"]} == {"held_from", "held_to"}
    heir = await add_institution(registry, type="primary_school")
    body = {"kind": "wokro", "held_from": "2024-06-30"}
    assert (await registry.post(f"{URL}/{heir['id']}/functions", json=body)).status_code == 201
