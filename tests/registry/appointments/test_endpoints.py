"""Coordinators and animators, through the API."""

import httpx
import pytest

from tests.registry.appointments.made import ANIMATOR, KWM, REGISTRY, URL, appoint, end, stand
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import INSTITUTION, add_territory

MANAGER = call_as("programme_manager")
EDITOR = call_as("registry_editor")


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


def told(answer: httpx.Response) -> list[tuple[str, str, str | None]]:
    return [(one["code"], one["from"], one["to"]) for one in answer.json()["warnings"]]


async def test_a_site_has_one_kwm_at_any_time_and_the_next_one_afterwards(registry: httpx.AsyncClient) -> None:
    site = await stand(registry)
    first = await appoint(registry, site, KWM)
    shown = (await registry.get(f"{URL}/{first.json()['id']}?expand=site")).json()
    assert [shown["site"]] == (await registry.get(f"{REGISTRY}/programmes/MWM/sites")).json()["items"]
    assert (first.status_code, first.json()["role_code"], told(first)) == (201, "KWM", [])
    second = KWM | {"subject": "person-2"}
    for days in ({}, {"held_from": "2025-01-01"}, {"held_from": "2025-12-31", "held_to": "2026-01-02"}):
        answer = await appoint(registry, site, second, **days)
        assert assert_problem(answer, 409, "coordinator-already-appointed")["most"] == 1
    assert (await appoint(registry, site, second, held_from="2025-01-01", held_to="2026-01-01")).status_code == 201
    ended = await end(registry, first.json(), "2026-06-01")
    assert (ended.status_code, ended.json()["ending_reason"]) == (200, "zmiana pracy")
    assert told(ended) == [("without_coordinator", "2026-06-01", None)]
    late = await appoint(registry, site, second, held_from="2026-07-01")
    assert (late.status_code, told(late)) == (201, [("without_coordinator", "2026-06-01", "2026-07-01")])
    filled = await appoint(registry, site, KWM, subject="person-3", held_from="2026-06-01", held_to="2026-07-01")
    assert (filled.status_code, told(filled)) == (201, [])


async def test_a_person_holds_a_role_at_a_site_once_at_a_time(registry: httpx.AsyncClient) -> None:
    site = await stand(registry)
    kbu = KWM | {"role": "pupil_screening_coordinator"}
    made = (await appoint(registry, site, kbu)).json()
    assert (made["role_code"], made["warnings"]) == ("KBU", [])
    assert_problem(await appoint(registry, site, kbu), 409, "already-appointed")
    assert (await appoint(registry, site, kbu, subject="person-2")).status_code == 201
    assert (await appoint(registry, site, KWM | {"role": "early_screening_coordinator"})).status_code == 201
    assert (await end(registry, made, "2026-03-01")).status_code == 200
    assert (await appoint(registry, site, kbu, held_from="2026-03-01")).status_code == 201


async def test_a_location_has_two_animators_by_employment_contract_source_002(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    for contract, code in {None: "missing", "civil": "not_allowed", "seconded": "not_allowed"}.items():
        answer = await appoint(registry, site, ANIMATOR, contract=contract)
        [error] = assert_problem(answer, 422, "validation-failed")["errors"]
        assert (error["pointer"], error["code"]) == ("/contract", code)
    first = await appoint(registry, site, ANIMATOR)
    assert told(first) == [("too_few_animators", "2026-01-01", None)]
    second = await appoint(registry, site, ANIMATOR, subject="person-2", held_from="2026-02-01")
    assert told(second) == [("too_few_animators", "2026-01-01", "2026-02-01")]
    third = ANIMATOR | {"subject": "person-3"}
    assert assert_problem(await appoint(registry, site, third), 409, "animators-complete")["most"] == 2
    assert (await appoint(registry, site, third, held_to="2026-02-01")).status_code == 201
    left = await end(registry, second.json(), "2026-05-01")
    assert told(left) == [("too_few_animators", "2026-05-01", None)]


async def test_animators_are_of_programmes_that_have_them(registry: httpx.AsyncClient) -> None:
    answer = await appoint(registry, await stand(registry), ANIMATOR)
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == "/role"


async def test_a_kik_is_of_the_coordinating_institution_of_the_county(registry: httpx.AsyncClient) -> None:
    site = await stand(registry)
    kik = KWM | {"role": "coordinating_institution_coordinator"}

    async def host(county: str, **function: str) -> str:
        writer = call_as("registry_editor", counties=[county])
        body = INSTITUTION | {"county_terc": county}
        made = (await registry.post(f"{REGISTRY}/institutions", json=body, headers=writer)).json()
        if function:
            held = {"kind": "coordinating_institution"} | function
            path = f"{REGISTRY}/institutions/{made['id']}/functions"
            assert (await registry.post(path, json=held, headers=writer)).status_code == 201
        return str(made["id"])

    async def code(**facts: str) -> str:
        return str(assert_problem(await appoint(registry, site, kik, **facts), 422, slug)["errors"][0]["code"])

    slug = "validation-failed"
    assert await code() == "missing"
    assert await code(institution_id=await host("2401", held_from="2026-01-01")) == "outside_county"
    slug = "unknown-reference"
    assert await code(institution_id="01990000-0000-7000-8000-0000000000ff") == "not_found"
    for function in ({}, {"held_from": "2026-01-02"}, {"held_from": "2025-01-01", "held_to": "2026-01-01"}):
        answer = await appoint(registry, site, kik, institution_id=await host("2469", **function))
        assert assert_problem(answer, 409, "not-coordinating-institution")["missing"] == ["coordinating_institution"]
    made = await appoint(registry, site, kik, institution_id=await host("2469", held_from="2026-01-01"))
    assert (made.status_code, made.json()["role_code"]) == (201, "KIK")


async def test_nobody_is_appointed_to_a_site_that_left_or_outside_its_programme(registry: httpx.AsyncClient) -> None:
    fers = await stand(registry, "FERS")
    early = await appoint(registry, fers, KWM, held_from="2023-04-30")
    assert assert_problem(early, 422, "validation-failed")["errors"][0]["code"] == "outside_programme"
    late = await appoint(registry, fers, KWM, held_to="2027-01-02")
    assert assert_problem(late, 422, "validation-failed")["errors"][0]["pointer"] == "/held_to"
    assert (await appoint(registry, fers, KWM, held_to="2027-01-01")).status_code == 201
    gone = await stand(registry)
    leave, tag = {"ended_on": "2026-02-01", "reason": "x"}, {"if-match": f'"{gone["id"]}:1"'}
    assert (await registry.post(f"{REGISTRY}/sites/{gone['id']}/withdraw", json=leave, headers=tag)).is_success
    assert assert_problem(await appoint(registry, gone, KWM), 409, "state-conflict")["state"] == "withdrawn"
    unknown = await registry.post(URL, json=KWM | {"site_id": "01990000-0000-7000-8000-0000000000ff"})
    assert assert_problem(unknown, 422, "unknown-reference")["errors"][0]["pointer"] == "/site_id"


async def test_an_appointment_ends_after_it_began_and_once_and_is_not_made_longer(registry: httpx.AsyncClient) -> None:
    made = (await appoint(registry, await stand(registry), KWM, held_to="2099-01-01")).json()
    path = f"{URL}/{made['id']}/end"
    assert_problem(
        await registry.post(path, json={"held_to": "2026-02-01", "reason": "x"}), 428, "precondition-required"
    )
    for day in ("2025-12-31", "2026-01-01", "2099-01-02"):
        answer = await end(registry, made, day)
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    shorter = await end(registry, made, "2026-02-01")
    assert (shorter.json()["held_to"], shorter.headers["etag"]) == ("2026-02-01", f'"{made["id"]}:2"')
    again = await end(registry, shorter.json(), "2026-01-15")
    assert assert_problem(again, 409, "state-conflict")["state"] == "ended"
    assert_problem(await end(registry, made, "2026-01-15"), 412, "version-mismatch")


async def test_an_appointment_is_called_off_before_its_first_day_and_leaves_room_for_another(
    registry: httpx.AsyncClient,
) -> None:
    site = await stand(registry)
    made = (await appoint(registry, site, KWM, held_from="2099-01-01", held_to=None)).json()
    wrong = await end(registry, made, "2098-12-31")
    assert assert_problem(wrong, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    off = (await end(registry, made, "2099-01-01")).json()
    assert (off["held_from"], off["held_to"]) == ("2099-01-01", "2099-01-01")
    assert_problem(await end(registry, off, "2099-01-01"), 409, "state-conflict")
    assert (await appoint(registry, site, KWM, held_from="2099-01-01", held_to=None)).status_code == 201
    there = (await registry.get(f"{URL}?as_of=2099-01-01")).json()["items"]
    assert [one["held_to"] for one in there] == [None]
