"""How sites come through their processes."""

import httpx
import pytest

from tests.registry.sites.moves import decide, sign, stand, step
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
