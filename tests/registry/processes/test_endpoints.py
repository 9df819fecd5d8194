"""The catalogue of processes, through the API."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

URL = "/v1/registry/processes"
CHANGE = [
    "reasons_shown",
    "agreements_concluded",
    "joint_design",
    "implementation",
    "good_practice_communicated",
    "evaluation",
    "model_developed",
    "change_consolidated",
]


async def test_the_catalogue_holds_every_process_of_the_sources(registry: httpx.AsyncClient) -> None:
    items = (await registry.get(URL)).json()["items"]
    found = {item["code"]: [step["code"] for step in item["steps"]] for item in items}
    assert {code: len(steps) for code, steps in found.items()} == {
        "change_process": 8,
        "mlw": 6,
        "pckz_formation": 5,
        "rpwp_formation": 5,
        "tmw_location": 7,
        "wokro_pilot": 4,
    }
    assert found["change_process"] == CHANGE
    for item in items:
        assert item["label"]["pl"] != item["label"]["en"]
        assert all(step["label"]["pl"] != step["label"]["en"] for step in item["steps"])
        last = max(step["position"] for step in item["steps"])
        assert {step["position"] for step in item["steps"]} == {*range(1, last + 1)}
        assert all(step["is_ending"] == (step["position"] == last) for step in item["steps"])


async def test_a_test_location_ends_extended_or_abandoned_and_may_be_abandoned_early(
    registry: httpx.AsyncClient,
) -> None:
    steps = (await registry.get(f"{URL}/tmw_location")).json()["steps"]
    assert [step["code"] for step in steps if step["position"] == 6] == ["abandoned", "extended"]
    assert [step["code"] for step in steps if step["comes_any_time"]] == ["abandoned"]


async def test_a_process_is_answered_once_until_it_changes(registry: httpx.AsyncClient) -> None:
    first = await registry.get(f"{URL}/mlw")
    assert first.headers["etag"] == '"mlw:1"'
    again = await registry.get(f"{URL}/mlw", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


async def test_an_unknown_process_is_not_found(registry: httpx.AsyncClient) -> None:
    assert_problem(await registry.get(f"{URL}/nothing"), 404, "process-not-found")


async def test_the_catalogue_is_public_to_whoever_is_known(registry: httpx.AsyncClient) -> None:
    assert (await registry.get(URL, headers=call_as("guardian"))).status_code == 200
    assert_problem(await registry.get(URL, headers=call_as("operator")), 403, "forbidden")


async def test_the_service_may_write_runs(registry: httpx.AsyncClient) -> None:
    granted = await fetch(
        registry,
        "SELECT bool_and(has_table_privilege(name, 'SELECT, INSERT, UPDATE'))"
        " FROM unnest(ARRAY['process_runs', 'process_run_steps']) AS name",
    )
    assert granted == [(True,)]
