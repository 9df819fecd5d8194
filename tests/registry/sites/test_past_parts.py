"""A county's part in a programme that is over, entered years after it."""

import httpx
import pytest

from tests.registry.sites.test_endpoints import URL, agree, stand, territory
from tests.support.problems import assert_problem

__all__ = ["territory"]
PAST = {"started_on": "2022-09-05", "ended_on": "2023-12-31"}


async def test_a_part_that_is_over_is_entered_beside_the_one_of_today(registry: httpx.AsyncClient) -> None:
    agreement = await agree(registry, signed_on="2022-08-29", valid_from="2022-09-01", valid_to="2023-12-31")
    await stand(registry)
    past = PAST | {"agreement_id": agreement, "signed_on": "2022-09-01"}
    site = (await registry.get(await stand(registry, past=past))).json()
    shown = {name: site[name] for name in ("status", "signed_on", "started_on", "ended_on", "agreement_id")}
    assert shown == past | {"status": "completed"}
    assert site["recorded"].keys() == {"signed_on", "started_on", "ended_on"}
    left = await stand(registry, "WOKRO", past=PAST | {"reason": "brak kadry"})
    assert (await registry.get(left)).json()["status"] == "withdrawn"


@pytest.mark.parametrize(
    ("past", "pointer", "code"),
    [
        ({"started_on": "2024-01-01"}, "/past/ended_on", "wrong_order"),
        ({"ended_on": "2099-01-01"}, "/past/ended_on", "in_future"),
        ({"signed_on": "2022-09-06"}, "/past/started_on", "wrong_order"),
        ({}, "/past/agreement_id", "missing"),
    ],
)
async def test_a_part_that_is_over_has_its_days_in_order_and_an_agreement(
    registry: httpx.AsyncClient, past: dict[str, str], pointer: str, code: str
) -> None:
    body = {"name": "Miejsce", "county_terc": "2469", "past": PAST | past}
    answer = await registry.post(f"{URL}/programmes/MWM/sites", json=body)
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in errors}


async def test_two_parts_of_one_county_are_never_at_the_same_time(registry: httpx.AsyncClient) -> None:
    await stand(registry, "WOKRO", past=PAST)
    for past in (PAST, {"started_on": "2023-12-31", "ended_on": "2024-02-01"}):
        body = {"name": "Miejsce", "county_terc": "2469", "past": past}
        assert_problem(await registry.post(f"{URL}/programmes/WOKRO/sites", json=body), 409, "site-already-open")
    await stand(registry, "WOKRO", past={"started_on": "2024-01-01", "ended_on": "2024-02-01"})
    agreement = await agree(registry, signed_on="2024-01-01", valid_from="2024-01-01", valid_to="2024-12-31")
    ended = PAST | {"agreement_id": agreement}
    body = {"name": "Miejsce", "county_terc": "2469", "past": ended}
    refused = assert_problem(await registry.post(f"{URL}/programmes/MWM/sites", json=body), 409, "agreement-not-usable")
    assert refused["missing"] == ["valid_on_day"]
