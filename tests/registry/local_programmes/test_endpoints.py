"""Programmes of local authorities and organisations, through the API."""

from typing import Any

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory

URL = "/v1/registry/local-programmes"
COORDINATOR = call_as("county_coordinator")


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(COORDINATOR)


async def run_by(client: httpx.AsyncClient, host: dict[str, Any], **facts: Any) -> dict[str, Any]:
    body = {"institution_id": host["id"], "name": "Świetlice", "starts_on": "2020-01-01"} | facts
    answer = await client.post(URL, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_the_money_of_a_countys_programmes_is_summed_to_the_grosz(registry: httpx.AsyncClient) -> None:
    """0.10 + 0.20 + 199875.00 is 199875.30, which sums of binary floats miss; bc says the same."""
    city = await add_institution(registry, type="local_authority", sector="family_support", name="Miasto")
    ngo = await add_institution(registry, type="ngo", sector="civic", name="Stowarzyszenie")
    for host, amount in ((city, "0.10"), (city, "0.20"), (ngo, "199875.00")):
        made = await run_by(registry, host, amount=amount, sector="family_support")
        assert (made["amount"], made["currency"], made["institution_name"]) == (amount, "PLN", host["name"])
    await run_by(registry, ngo)
    await run_by(registry, ngo, amount="5.00", ends_on="2020-12-31")
    resources = (await registry.get("/v1/registry/counties/2469/resources")).json()
    assert resources["programmes"] == [
        {"sector": "civic", "programmes": 1, "institutions": 1, "amount": None, "amount_unknown": 1},
        {"sector": "family_support", "programmes": 3, "institutions": 2, "amount": "199875.30", "amount_unknown": 0},
    ]
    then = (await registry.get(f"{URL}?as_of=2020-12-31&sector=civic")).json()["items"]
    assert [programme["amount"] for programme in then] == [None, "5.00"]


async def test_local_authorities_and_organisations_run_programmes_and_nobody_else(
    registry: httpx.AsyncClient,
) -> None:
    body = {"name": "Świetlice", "starts_on": "2026-01-01", "institution_id": (await add_institution(registry))["id"]}
    [error] = assert_problem(await registry.post(URL, json=body), 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/institution_id", "not_authority_or_ngo")
    ngo = await add_institution(registry, type="ngo", sector="civic")
    elsewhere = body | {"institution_id": ngo["id"], "county_terc": "0619"}
    assert_problem(await registry.post(URL, json=elsewhere), 403, "outside-scope")
    wrong = body | {"institution_id": ngo["id"], "ends_on": "2025-12-31"}
    [error] = assert_problem(await registry.post(URL, json=wrong), 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/ends_on", "wrong_order")


async def test_a_programme_that_ends_stays_with_its_last_day(registry: httpx.AsyncClient) -> None:
    made = await run_by(registry, await add_institution(registry, type="ngo", sector="civic"))
    path, tag = f"{URL}/{made['id']}", {"if-match": f'"{made["id"]}:1"'}
    ended = await registry.patch(path, json={"ends_on": "2026-06-30"}, headers=tag)
    assert (ended.json()["version"], ended.json()["ends_on"]) == (2, "2026-06-30")
    for day, number in (("2026-06-30", 1), ("2026-07-01", 0)):
        assert len((await registry.get(f"{URL}?as_of={day}")).json()["items"]) == number
    assert_problem(await registry.patch(path, json={"amount": "1.00"}, headers=tag), 412, "version-mismatch")
