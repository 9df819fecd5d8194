"""A case led by a lead coordination centre is opened where the registry knows one."""

from datetime import date

import httpx
import pytest

from tests.casework.cases.asks import CASE
from tests.casework.cases.made import CASES
from tests.casework.people.made import registered
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.made import set_day
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.problems import assert_problem


async def test_a_county_with_a_centre_has_its_cases(
    casework: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, date(2026, 3, 2))
    body = {**CASE, "track": "wokro", "person_id": (await registered(casework))["id"]}
    async with playing(FakeRegistry(centres=["2469"])) as registry:
        opened = await casework.post(CASES, json=body)
    assert opened.status_code == 201, opened.text
    assert [method for method, _ in registry.asked] == ["GET", "GET"]


@pytest.mark.parametrize("centres", [[], ["2401"]])
async def test_a_county_without_one_has_none(casework: httpx.AsyncClient, centres: list[str]) -> None:
    body = {**CASE, "track": "wokro", "person_id": (await registered(casework))["id"]}
    async with playing(FakeRegistry(centres=centres)):
        assert_problem(await casework.post(CASES, json=body), 409, "no-lead-centre")
    assert await rows(casework, "SELECT FROM cases") == []


async def test_where_the_registry_is_silent_or_not_set_nothing_is_guessed(casework: httpx.AsyncClient) -> None:
    body = {**CASE, "track": "wokro", "person_id": (await registered(casework))["id"]}
    async with playing(FakeRegistry(centres=["2469"], is_silent=True)):
        assert_problem(await casework.post(CASES, json=body), 503, "registry-silent")
    assert_problem(await casework.post(CASES, json=body), 503, "registry-silent")
    assert (await casework.post(CASES, json={**body, "track": "early"})).status_code == 201
