"""How sites come through their processes."""

import httpx
import pytest

from tests.registry.sites.moves import conclude, decide, sign, stand, step
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, fetch

URL = "/v1/registry"
MANAGER = call_as("programme_manager")
COORDINATOR = call_as("county_coordinator")


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


async def test_the_first_steps_of_change_come_before_a_county_is_active(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "MWM")
    assert (await step(registry, site, "reasons_shown")).status_code == 200
    early = assert_problem(await step(registry, site, "joint_design"), 409, "step-out-of-order")
    assert early["missing"] == ["agreements_concluded"]
    none = await step(registry, site, "agreements_concluded", done_on="2026-01-11")
    assert assert_problem(none, 409, "conditions-not-met")["missing"] == ["county_agreement"]
    agreement = await conclude(registry, "county_agreement")
    done = await step(registry, site, "agreements_concluded", done_on="2026-01-11")
    assert (done.json()["state"], done.json()["next"]) == ("agreements_concluded", ["joint_design"])
    assert done.json()["steps"][1]["stands_for"] == agreement
    shown = (await registry.get(f"{URL}/programmes/MWM/sites")).json()["items"]
    assert [row["step"] for row in shown] == ["agreements_concluded"]
    told = await fetch(registry, "SELECT data FROM events WHERE type = 'registry.site.step-recorded' ORDER BY id")
    assert [event.data["step"] for event in told] == ["reasons_shown", "agreements_concluded"]


async def test_a_step_is_taken_back_and_stays_in_the_history(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "WOKRO")
    seen = {"if-match": (await step(registry, site, "coordination")).headers["etag"]}
    body = {"step": "coordination", "reason": "pomyłka"}
    back = await registry.post(f"{URL}/sites/{site['id']}/steps/take-back", json=body, headers=seen)
    assert (back.json()["state"], len(back.json()["history"])) == (None, 1)


async def test_a_site_that_left_takes_steps_and_decisions_of_its_own_time_alone(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    end, tag = {"ended_on": "2026-02-01", "reason": "x"}, {"if-match": f'"{site["id"]}:1"'}
    assert (await registry.post(f"{URL}/sites/{site['id']}/withdraw", json=end, headers=tag)).status_code == 200
    late = {"done_on": "2026-02-02"}
    for answer in (
        await step(registry, site, "diagnosis", **late),
        await decide(registry, site, decided_on="2026-02-02"),
    ):
        refused = assert_problem(answer, 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("withdrawn", [])
    in_time = {"done_on": "2026-02-01"}
    assert (await step(registry, site, "diagnosis", **in_time)).status_code == 200
    assert (await decide(registry, site, decided_on="2026-02-01")).status_code == 201


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


async def test_audit_and_event_of_a_skipped_step_say_that_it_was_skipped(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    await step(registry, site, "diagnosis")
    await step(registry, site, "scope_decision", outcome="skipped", reason="jak w innej lokalizacji")
    audited = await fetch(
        registry, "SELECT outcome, detail FROM audit_records WHERE action = 'record_site_step' ORDER BY id"
    )
    assert [(record.outcome, record.detail) for record in audited] == [
        ("done", {"step": "diagnosis", "outcome": "done"}),
        ("done", {"step": "scope_decision", "outcome": "skipped"}),
    ]
    told = await fetch(registry, "SELECT data FROM events WHERE type = 'registry.site.step-recorded' ORDER BY position")
    assert [event.data["outcome"] for event in told] == ["done", "skipped"]


@pytest.mark.parametrize(
    ("facts", "day", "stands"),
    [
        ({}, "2026-01-10", True),
        ({"commune_terc": "2469011"}, "2026-01-10", True),
        ({"valid_to": "2026-01-09"}, "2026-01-10", False),
        ({"valid_to": "2026-01-09"}, "2026-01-09", True),
        ({}, "2025-12-31", False),
    ],
)
async def test_the_step_of_the_pact_is_tied_to_a_pact_of_its_day(
    registry: httpx.AsyncClient, facts: dict[str, str], day: str, stands: bool
) -> None:
    site = await stand(registry, "MLW", commune_terc="2469011")
    for code in ("stakeholder_cooperation", "cooperation_rules", "diagnosis", "variant_analysis", "entity_creation"):
        skipped = await step(registry, site, code, done_on="2025-12-01", outcome="skipped", reason="było wcześniej")
        assert skipped.status_code == 200, skipped.text
    await conclude(registry, "county_agreement")
    pact = await conclude(registry, "local_cooperation_pact", **facts)
    answer = await step(registry, site, "pact", done_on=day)
    if not stands:
        assert assert_problem(answer, 409, "conditions-not-met")["missing"] == ["local_cooperation_pact"]
        return
    tied = answer.json()["steps"][-1]
    assert (tied["stands_for"], tied["recorded_by"], tied["done_on"]) == (pact, "programme_manager", day)
    assert answer.json()["history"][-1]["stands_for"] == pact


async def test_a_step_names_what_it_stands_for_among_what_there_is(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "MWM")
    first = await conclude(registry, "county_agreement")
    latest = await conclude(registry, "county_agreement", title="Inne")
    other = await conclude(registry, "local_cooperation_pact")
    untied = await step(registry, site, "reasons_shown", stands_for=first)
    assert assert_problem(untied, 422, "validation-failed")["errors"][0]["code"] == "not_allowed"
    await step(registry, site, "reasons_shown")
    unknown = await step(registry, site, "agreements_concluded", stands_for=other)
    assert assert_problem(unknown, 422, "unknown-reference")["errors"][0]["pointer"] == "/stands_for"
    named = (await step(registry, site, "agreements_concluded", stands_for=first)).json()
    assert named["steps"][1]["stands_for"] == first != latest


async def test_a_skipped_step_is_done_later_and_taking_one_back_leaves_its_neighbours(
    registry: httpx.AsyncClient,
) -> None:
    site = await stand(registry, "WOKRO")
    path = f"{URL}/sites/{site['id']}/steps"
    await step(registry, site, "coordination", done_on="2026-01-10")
    await step(registry, site, "resource_analysis", done_on="2026-01-11", outcome="skipped", reason="brak danych")
    await step(registry, site, "network_building", done_on="2026-01-12", outcome="skipped", reason="jest")
    await step(registry, site, "implementation_and_verification", done_on="2026-01-13")
    later = (await step(registry, site, "resource_analysis", done_on="2026-03-01")).json()
    assert (later["state"], later["ended"]) == ("implementation_and_verification", True)
    assert [each["status"] for each in later["steps"]] == ["done", "done", "skipped", "done"]
    board = (await registry.get(f"{URL}/programmes/WOKRO/board")).json()["sites"][0]["cells"]
    days = [cell["done_on"] for cell in board]
    assert days == ["2026-01-10", "2026-03-01", "2026-01-12", "2026-01-13"]
    counted = (await registry.get(f"{URL}/programmes/WOKRO/statistics")).json()["steps"]
    assert [(each["done"], each["skipped"]) for each in counted] == [(1, 0), (1, 0), (0, 1), (1, 0)]

    async def take_back(code: str) -> httpx.Response:
        seen = {"if-match": (await registry.get(path)).headers["etag"]}
        return await registry.post(f"{path}/take-back", json={"step": code, "reason": "pomyłka"}, headers=seen)

    again = (await take_back("resource_analysis")).json()
    assert [each["status"] for each in again["steps"]] == ["done", "skipped", "skipped", "done"]
    back = (await take_back("coordination")).json()
    assert [each["status"] for each in back["steps"]] == ["pending", "skipped", "skipped", "done"]
    assert (back["next"], len(back["history"])) == (["coordination"], 5)
    wrong = assert_problem(await take_back("coordination"), 409, "step-not-recorded")
    assert wrong["allowed"] == ["resource_analysis", "network_building", "implementation_and_verification"]
    late = await step(registry, site, "coordination", done_on="2026-01-12")
    assert assert_problem(late, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    assert (await step(registry, site, "coordination", done_on="2026-01-11")).json()["next"] == []
