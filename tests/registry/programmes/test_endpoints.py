"""Programmes, through the API."""

import httpx
import pytest

from tests.registry.programmes.asks import new_programme
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory

URL = "/v1/registry"
MANAGER = call_as("programme_manager")
EDITOR = call_as("registry_editor")
START, END = {"started_on": "2026-01-10"}, {"ended_on": "2026-02-10"}


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


async def test_the_programmes_of_the_sources_are_known_from_the_start(registry: httpx.AsyncClient) -> None:
    known = {item["code"]: item for item in (await registry.get(f"{URL}/programmes")).json()["items"]}
    assert {"MWM", "WOKRO", "TMW", "MLW", "FERS"} <= known.keys()
    assert (known["TMW"]["planned_sites"], known["TMW"]["animators_per_site"], known["TMW"]["spheres"]) == (
        30,
        2,
        [1, 2, 3],
    )
    assert (known["MWM"]["needs_agreement"], known["MWM"]["process_code"]) == (True, "change_process")
    assert (known["FERS"]["planned_sites"], known["FERS"]["starts_on"], known["FERS"]["ends_on"]) == (
        50,
        "2023-05-01",
        "2026-12-31",
    )
    assert known["MLW"]["site_level"] == "commune"
    assert [code for code in known if known[code]["needs_coordinator"]] == ["MWM"]


async def test_a_programme_is_changed_by_who_has_read_it(registry: httpx.AsyncClient) -> None:
    path = f"{URL}/programmes/MWM"
    assert_problem(await registry.patch(path, json={"planned_sites": 36}), 428, "precondition-required")
    tag = {"if-match": (await registry.get(path)).headers["etag"]}
    changed = await registry.patch(path, json={"planned_sites": 36}, headers=tag)
    assert (changed.json()["planned_sites"], changed.json()["version"]) == (36, 2)
    assert_problem(await registry.patch(path, json={"planned_sites": 1}, headers=tag), 412, "version-mismatch")
    dates = {"starts_on": "2026-02-01", "ends_on": "2026-01-01"}
    tag = {"if-match": changed.headers["etag"]}
    wrong = assert_problem(await registry.patch(path, json=dates, headers=tag), 422, "validation-failed")
    assert wrong["errors"][0]["pointer"] == "/ends_on"
    assert_problem(await registry.get(f"{URL}/programmes/NONE"), 404, "programme-not-found")
    assert_problem(await registry.get(f"{URL}/programmes/mwm"), 404, "not-found")


async def test_a_code_is_given_to_one_programme_and_a_process_is_known(registry: httpx.AsyncClient) -> None:
    body = new_programme()
    assert (await registry.post(f"{URL}/programmes", json=body)).status_code == 201
    assert_problem(await registry.post(f"{URL}/programmes", json=body), 409, "programme-already-known")
    unknown = await registry.post(f"{URL}/programmes", json=new_programme() | {"process_code": "no_such"})
    assert assert_problem(unknown, 422, "unknown-reference")["errors"][0]["pointer"] == "/process_code"
