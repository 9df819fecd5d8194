"""Who appointed people are is told to nobody whom it does not concern."""

import httpx
import pytest

from tests.registry.appointments.made import KWM, URL, appoint, stand
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, fetch


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(call_as("programme_manager"))


async def test_another_countys_people_are_nobodys_business(registry: httpx.AsyncClient) -> None:
    here = (await appoint(registry, await stand(registry), KWM)).json()
    there = (await appoint(registry, await stand(registry, county_terc="2401"), KWM)).json()
    stranger = call_as("county_coordinator", counties=["2401"])
    assert [row["id"] for row in (await registry.get(URL, headers=stranger)).json()["items"]] == [there["id"]]
    assert_problem(await registry.get(f"{URL}/{here['id']}", headers=stranger), 404, "appointment-not-found")
    tag = {"if-match": f'"{here["id"]}:1"'} | stranger
    body = {"held_to": "2026-02-01", "reason": "x"}
    assert_problem(await registry.post(f"{URL}/{here['id']}/end", json=body, headers=tag), 404, "appointment-not-found")
    shown = (await registry.get(f"{URL}/coverage?programme=MWM", headers=stranger)).json()
    assert [row["county_terc"] for row in shown["sites"]] == ["2401"]
    assert shown["totals"]["sites"] == 1
    assert_problem(await registry.get(URL, headers=call_as("screener")), 403, "forbidden")


async def test_neither_event_nor_audit_says_whose_appointment_it_is(registry: httpx.AsyncClient) -> None:
    await appoint(registry, await stand(registry), KWM)
    events = await fetch(registry, "SELECT data::text AS data, type FROM events WHERE type LIKE '%appointment%'")
    audits = await fetch(registry, "SELECT detail::text AS data FROM audit_records WHERE action = 'appoint_person'")
    assert [event.type for event in events] == ["registry.appointment.created"]
    assert len(audits) == 1
    assert not any("person-1" in row.data for row in [*events, *audits])


@pytest.mark.parametrize("subject", ["jan@example.org", "Jan Kowalski", "", "x" * 256])
async def test_an_account_is_no_name_and_no_address(registry: httpx.AsyncClient, subject: str) -> None:
    answer = await appoint(registry, await stand(registry), KWM, subject=subject)
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == "/subject"
