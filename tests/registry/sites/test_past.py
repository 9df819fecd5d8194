"""Sites of the past: judged by the agreement of their day, and not by what it is today."""

import httpx

from tests.registry.sites.moves import URL, conclude
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory


async def test_an_agreement_carries_a_site_by_the_day_and_not_by_what_it_is_today(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(call_as("programme_manager"))
    agreement = await conclude(registry, "county_agreement", valid_to="2026-01-31")
    made = await registry.post(f"{URL}/programmes/MWM/sites", json={"name": "Miejsce", "county_terc": "2469"})
    path, over = made.headers["location"], {"agreement_id": agreement.rpartition("/")[2]}

    async def move(verb: str, body: dict[str, str]) -> httpx.Response:
        tag = {"if-match": (await registry.get(path)).headers["etag"]}
        return await registry.post(f"{path}/{verb}", json=body, headers=tag)

    for day in ("2025-12-31", "2026-02-01"):
        answer = await move("sign", over | {"signed_on": day})
        assert assert_problem(answer, 409, "agreement-not-usable")["missing"] == ["valid_on_day"]
    future = await move("sign", over | {"signed_on": "2099-01-01"})
    assert assert_problem(future, 422, "validation-failed")["errors"][0]["code"] == "in_future"
    signed = await move("sign", over | {"signed_on": "2026-01-31"})
    assert (signed.json()["status"], signed.json()["signed_on"]) == ("agreement_signed", "2026-01-31")
    late = await move("activate", {"started_on": "2026-02-01"})
    assert assert_problem(late, 409, "agreement-not-usable")["missing"] == ["valid_on_day"]
    active = (await move("activate", {"started_on": "2026-01-10"})).json()
    assert active["started_on"] == "2026-01-10"
    assert active["recorded"].keys() == {"signed_on", "started_on"}
    assert {entry["recorded_by"] for entry in active["recorded"].values()} == {"programme_manager"}
