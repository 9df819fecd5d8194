"""How sites come through their processes, what they decide, and what a programme is in numbers."""

from typing import Any

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, change, fetch

URL = "/v1/registry"
MANAGER = call_as("programme_manager")
COORDINATOR = call_as("county_coordinator")
Facts = dict[str, Any]


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


async def stand(client: httpx.AsyncClient, programme: str, **facts: Any) -> Facts:
    body = {"name": "Miejsce", "county_terc": "2469"} | facts
    answer = await client.post(f"{URL}/programmes/{programme}/sites", json=body)
    assert answer.status_code == 201, answer.text
    made: Facts = answer.json()
    return made


async def step(client: httpx.AsyncClient, site: Facts, code: str, **facts: Any) -> httpx.Response:
    path = f"{URL}/sites/{site['id']}/steps"
    seen = await client.get(path)
    tag = {"if-match": seen.headers.get("etag", '"x:1"')}
    return await client.post(path, json={"step": code, "done_on": "2026-01-10"} | facts, headers=tag)


async def decide(client: httpx.AsyncClient, site: Facts, **facts: Any) -> httpx.Response:
    body = {"spheres": [3, 1], "decided_on": "2026-01-15"} | facts
    return await client.post(f"{URL}/sites/{site['id']}/scope-decisions", json=body)


async def sign(client: httpx.AsyncClient, decision: Facts, party: str, who: dict[str, str]) -> httpx.Response:
    decisions = f"{URL}/sites/{decision['site_id']}/scope-decisions"
    rows = (await client.get(decisions)).json()["items"]
    version = next(row["version"] for row in rows if row["id"] == decision["id"])
    tag = {"if-match": f'"{decision["id"]}:{version}"'}
    return await client.post(f"{decisions}/{decision['id']}/sign-for-{party}", headers=who | tag)


async def test_the_first_steps_of_change_come_before_a_county_is_active(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "MWM")
    assert (await step(registry, site, "reasons_shown")).status_code == 200
    early = assert_problem(await step(registry, site, "joint_design"), 409, "step-out-of-order")
    assert early["missing"] == ["agreements_concluded"]
    done = await step(registry, site, "agreements_concluded", done_on="2026-01-11")
    assert (done.json()["state"], done.json()["next"]) == ("agreements_concluded", ["joint_design"])
    shown = (await registry.get(f"{URL}/programmes/MWM/sites")).json()["items"]
    assert [row["step"] for row in shown] == ["agreements_concluded"]
    told = await fetch(registry, "SELECT data FROM events WHERE type = 'registry.site.step-recorded'")
    assert [event.data["step"] for event in told] == ["reasons_shown", "agreements_concluded"]


async def test_a_step_is_taken_back_and_stays_in_the_history(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "WOKRO")
    seen = {"if-match": (await step(registry, site, "coordination")).headers["etag"]}
    body = {"step": "coordination", "reason": "pomyłka"}
    back = await registry.post(f"{URL}/sites/{site['id']}/steps/take-back", json=body, headers=seen)
    assert (back.json()["state"], len(back.json()["history"])) == (None, 1)


async def test_a_site_that_left_takes_no_steps_and_decides_nothing(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    end, tag = {"ended_on": "2026-02-01", "reason": "x"}, {"if-match": f'"{site["id"]}:1"'}
    assert (await registry.post(f"{URL}/sites/{site['id']}/withdraw", json=end, headers=tag)).status_code == 200
    for answer in (await step(registry, site, "diagnosis"), await decide(registry, site)):
        refused = assert_problem(answer, 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("withdrawn", [])


async def test_sites_of_a_programme_without_a_process_go_through_none(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "FERS")
    assert_problem(await registry.get(f"{URL}/sites/{site['id']}/steps"), 404, "process-run-not-found")
    assert_problem(await step(registry, site, "diagnosis"), 404, "process-run-not-found")
    assert_problem(await registry.get(f"{URL}/programmes/FERS/board"), 404, "process-run-not-found")
    assert (await registry.get(f"{URL}/programmes/FERS/statistics")).json()["steps"] == []


async def test_nothing_is_tested_until_both_parties_have_signed_its_scope_source_002(
    registry: httpx.AsyncClient,
) -> None:
    site = await stand(registry, "TMW")
    assert (await step(registry, site, "diagnosis")).status_code == 200

    async def missing() -> list[str]:
        answer = await step(registry, site, "scope_decision")
        return list(assert_problem(answer, 409, "scope-not-decided")["missing"])

    assert await missing() == ["decision"]
    made = (await decide(registry, site)).json()
    assert (made["spheres"], made["is_valid"]) == ([1, 3], False)
    assert await missing() == ["coalition", "project"]
    assert (await sign(registry, made, "coalition", COORDINATOR)).json()["is_valid"] is False
    assert await missing() == ["project"]
    valid = (await sign(registry, made, "project", MANAGER)).json()
    assert (valid["is_valid"], valid["signed_by_coalition"], valid["signed_by_project"]) == (
        True,
        "county_coordinator",
        "programme_manager",
    )
    assert (await step(registry, site, "scope_decision")).status_code == 200
    assert (await step(registry, site, "testing")).json()["state"] == "testing"


async def test_a_skipped_step_of_decision_does_not_open_the_test(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    await step(registry, site, "diagnosis")
    skipped = await step(registry, site, "scope_decision", outcome="skipped", reason="jak w innej lokalizacji")
    assert skipped.status_code == 200
    assert_problem(await step(registry, site, "testing"), 409, "scope-not-decided")
    abandoned = await step(registry, site, "abandoned", reason="brak warunków")
    assert (abandoned.status_code, abandoned.json()["ended"]) == (200, True)


async def test_one_person_does_not_sign_for_both_parties(registry: httpx.AsyncClient) -> None:
    made = (await decide(registry, await stand(registry, "TMW"))).json()
    both = call_as(scope="registry:write", subject="one person")
    assert (await sign(registry, made, "project", both | {"idempotency-key": "1"})).status_code == 200
    answer = await sign(registry, made, "coalition", both | {"idempotency-key": "2"})
    refused = assert_problem(answer, 409, "same-person-signed")
    assert (refused["state"], refused["missing"]) == ("without_coalition", ["coalition"])
    again = assert_problem(await sign(registry, made, "project", MANAGER), 409, "state-conflict")
    assert (again["state"], again["allowed"]) == ("without_coalition", ["sign-for-coalition"])
    assert (await sign(registry, made, "coalition", COORDINATOR)).json()["is_valid"] is True


async def test_a_new_decision_supersedes_the_one_before_which_stays(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    await step(registry, site, "diagnosis")
    first = (await decide(registry, site)).json()
    await sign(registry, first, "project", MANAGER)
    await sign(registry, first, "coalition", COORDINATOR)
    await decide(registry, site, spheres=[2], decided_on="2026-01-20")
    assert_problem(await step(registry, site, "scope_decision"), 409, "scope-not-decided")
    rows = (await registry.get(f"{URL}/sites/{site['id']}/scope-decisions")).json()["items"]
    assert [(row["spheres"], row["is_valid"], row["superseded_at"] is None) for row in rows] == [
        ([2], False, True),
        ([1, 3], False, False),
    ]
    refused = assert_problem(await sign(registry, first, "project", MANAGER), 409, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("superseded", [])


@pytest.mark.parametrize(
    ("programme", "facts", "pointer", "code"),
    [
        ("TMW", {"spheres": [1, 4]}, "/spheres", "not_listed"),
        ("TMW", {"spheres": [1, 1]}, "/spheres", "repeated"),
        ("TMW", {"spheres": []}, "/spheres", "too_short"),
        ("TMW", {"decided_on": "2099-01-01"}, "/decided_on", "in_future"),
        ("MWM", {}, "/spheres", "not_allowed"),
    ],
)
async def test_a_decision_chooses_from_the_programmes_spheres(
    registry: httpx.AsyncClient, programme: str, facts: Facts, pointer: str, code: str
) -> None:
    answer = await decide(registry, await stand(registry, programme), **facts)
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_board_is_had_as_json_and_as_a_picture_in_two_languages(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "WOKRO", name="Powiat A")
    await stand(registry, "WOKRO", name="Powiat B", county_terc="2401")
    await step(registry, site, "coordination")
    url = f"{URL}/programmes/WOKRO/board"
    board = (await registry.get(url)).json()
    assert [row["name"] for row in board["sites"]] == ["Powiat A", "Powiat B"]
    assert [cell["status"] for cell in board["sites"][0]["cells"]] == ["done", *["pending"] * 3]
    assert [column["code"] for column in board["steps"]] == [cell["step"] for cell in board["sites"][1]["cells"]]
    assert [row["name"] for row in (await registry.get(f"{url}?county_terc=2401")).json()["sites"]] == ["Powiat B"]
    part = (await registry.get(f"{url}?limit=1")).json()
    assert (len(part["sites"]), part["sites_in_all"]) == (1, 2)
    polish = await registry.get(url, headers={"accept": "image/svg+xml"})
    english = await registry.get(f"{url}?format=svg", headers={"accept-language": "en"})
    assert {polish.headers["content-type"], english.headers["content-type"]} == {"image/svg+xml"}
    assert (polish.headers["content-language"], english.headers["content-language"]) == ("pl", "en")
    assert "Koordynacja – 1 z 2" in polish.text
    assert "Coordination – 1 of 2" in english.text
    assert 'role="img"' in polish.text
    refused = assert_problem(await registry.get(url, headers={"accept": "text/html"}), 406, "not-acceptable")
    assert refused["available"] == ["application/json", "image/svg+xml"]


async def add_counties(client: httpx.AsyncClient, number: int) -> list[str]:
    """That many counties of a voivodeship of their own."""
    await change(
        client,
        "INSERT INTO territorial_units (terc, level, kind, name, as_of)"
        " SELECT '99' || to_char(n, 'FM00'), 'county', 'county', 'powiat ' || n, '2026-01-01'"
        " FROM generate_series(0, :last) AS n",
        last=min(number, 100) - 1,
    )
    await change(
        client,
        "INSERT INTO territorial_units (terc, level, kind, name, as_of)"
        " SELECT '98' || to_char(n, 'FM00'), 'county', 'county', 'powiat inny ' || n, '2026-01-01'"
        " FROM generate_series(0, :last) AS n",
        last=number - 101,
    )
    return [f"{99 - n // 100}{n % 100:02d}" for n in range(number)]


@pytest.mark.parametrize(("shared", "distinct"), [(0, 105), (9, 96)])
async def test_n2_source_000_the_counties_of_two_implementers_are_105_only_when_they_are_disjoint(
    registry: httpx.AsyncClient, shared: int, distinct: int
) -> None:
    counties = await add_counties(registry, 105)
    for county in counties[:36]:
        await stand(registry, "MWM", county_terc=county)
    for county in counties[36 - shared : 105 - shared]:
        await stand(registry, "MWM", county_terc=county, implementer="nursery_association")
    found = (await registry.get(f"{URL}/programmes/MWM/statistics")).json()
    parts = {part["implementer"]: part["distinct_counties"] for part in found["by_implementer"]}
    assert parts == {"project": 36, "nursery_association": 69}
    assert (found["sites"], found["distinct_counties"]) == (105, distinct)


async def test_statistics_count_plans_statuses_locations_and_steps(registry: httpx.AsyncClient) -> None:
    sites = [await stand(registry, "TMW", name=f"Lokalizacja {number}") for number in range(3)]
    for site, verb, body in zip(
        sites,
        ("activate", "withdraw"),
        ({"started_on": "2026-01-01"}, {"ended_on": "2026-01-01", "reason": "x"}),
        strict=False,
    ):
        tag = {"if-match": f'"{site["id"]}:1"'}
        assert (await registry.post(f"{URL}/sites/{site['id']}/{verb}", json=body, headers=tag)).is_success
    await step(registry, sites[0], "diagnosis")
    found = (await registry.get(f"{URL}/programmes/TMW/statistics")).json()
    assert (found["planned_sites"], found["sites"], found["locations"], found["distinct_counties"]) == (30, 2, 2, 1)
    by_status = {part["status"]: part["sites"] for part in found["by_status"]}
    assert by_status == {"active": 1, "candidate": 1, "withdrawn": 1}
    reached = {part["code"]: (part["done"], part["skipped"]) for part in found["steps"]}
    assert reached["diagnosis"] == (1, 0)
    assert reached["testing"] == (0, 0)
