"""Studies computed by their jobs, with real transactions and a process of the statistics."""

from typing import Any

import httpx
import pytest

from services.screening.study_runs import actions
from tests.screening.studies.planning import URL, criteria, ended, plan, publish, run, seen
from tests.screening.studies.population import Facts, again, row, screened
from tests.screening.studies.records import add_campaign, add_screenings, count_in_campaign
from tests.support.callers import call_as
from tests.support.files import send_file
from tests.support.problems import assert_problem
from tests.support.records import fetch


@pytest.fixture
async def client(working_screening: httpx.AsyncClient) -> httpx.AsyncClient:
    await publish(working_screening)
    working_screening.headers.update(call_as("researcher"))
    return working_screening


async def test_a_study_of_two_stages_is_computed_and_its_correction_told(client: httpx.AsyncClient) -> None:
    campaign = await add_campaign(client)
    first = screened(300, verified=0.4, cut=40)
    chosen = [one for one in first if one["criterion"]]
    second = [row(one["answers"], **facts_of(one)) for one in chosen]
    await add_screenings(client, first, campaign=campaign, stage=1)
    await add_screenings(client, second, campaign=campaign, stage=2)
    await count_in_campaign(client, campaign, 400)
    path = await plan(client, campaign_id=campaign, criterion_source="stage_two", minimum_n=50)
    job = await ended(client, await run(client, path))
    assert (job["state"], job["result"]["n"], job["result"]["refused"]) == ("succeeded", 300, {"agreement": "pairs"})
    study = (await client.get(path)).json()
    assert (study["state"], study["run_number"]) == ("ready", 1)
    [county] = (await client.get(f"{path}/sampling")).json()["counties"]
    assert (county["county_terc"], county["subjects"], county["with_criterion"]) == ("2469", 300, len(chosen))
    assert [band["age_from"] for band in county["by_age"]] == [None, 36]
    assert (county["campaign_subjects"], county["share_of_campaign"]) == (400, 0.75)
    found = (await client.get(f"{path}/criterion")).json()
    assert (found["n"], found["verified"], found["criterion_source"]) == (300, len(chosen), "stage_two")
    both = found["partial_verification"]
    assert both["naive"]["sensitivity"]["value"] > both["corrected"]["sensitivity"]["value"]
    refused = assert_problem(await client.get(f"{path}/agreement"), 409, "study-too-small")
    assert (refused["reason"], refused["needed"]) == ("pairs", 30)


def facts_of(first: Facts) -> Facts:
    """Stage two of a child: the outcome is what its criterion says."""
    kept: dict[str, Any] = {name: first[name] for name in ("subject", "age", "sex")}
    return kept | {"outcome": first["criterion"], "on": "2026-04-01"}


async def test_an_uploaded_criterion_and_a_second_time_are_compared(client: httpx.AsyncClient) -> None:
    rows = screened(120)
    await add_screenings(client, [*rows, *(again(one, number) for number, one in enumerate(rows[:40]))])
    path = await plan(client, minimum_n=60)
    sent = await send_file(client, f"{path}/criterion-imports", criteria(rows))
    assert (sent.job["state"], sent.counts) == ("succeeded", (120, 0, 0, 0))
    repeated = await send_file(client, f"{path}/criterion-imports", criteria(rows))
    assert repeated.counts == (0, 0, 120, 0)
    assert (await ended(client, await run(client, path)))["state"] == "succeeded"
    assert (await client.get(f"{path}/criterion")).json()["verified"] == 120
    agreement = (await client.get(f"{path}/agreement")).json()
    assert agreement["test_retest"]["n"] == 40
    assert agreement["between_informants"]["refused"]["reason"] == "pairs"


async def test_a_study_is_run_again_and_the_former_results_are_kept(client: httpx.AsyncClient) -> None:
    await add_screenings(client, screened(30))
    path = await plan(client)
    await ended(client, await run(client, path))
    await add_screenings(client, screened(20, seed=2))
    await ended(client, await run(client, path))
    assert (await client.get(f"{path}/items")).json()["n"] == 50
    assert [tuple(kept) for kept in await fetch(client, "SELECT number, n FROM study_runs ORDER BY number")] == [
        (1, 30),
        (2, 50),
    ]


async def test_a_study_of_the_same_children_is_not_told_when_few_records_have_changed(
    client: httpx.AsyncClient,
) -> None:
    rows = screened(20)
    await add_screenings(client, rows)
    path = await plan(client)
    assert (await ended(client, await run(client, path)))["state"] == "succeeded"
    await add_screenings(client, [again(rows[0], 1)])
    job = await ended(client, await run(client, path))
    assert (job["state"], job["problem"]["code"]) == ("failed", "sample_too_close")
    assert (await client.get(path)).json()["run_number"] == 1
    await add_screenings(client, [again(one, 2) for one in rows[1:5]])
    assert (await ended(client, await run(client, path)))["state"] == "succeeded"


async def test_a_computation_that_fails_leaves_the_study_a_draft(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = screened(12)
    await add_screenings(client, rows)
    path = await plan(client)
    monkeypatch.setattr(actions, "_WORKER", "services.screening.study_runs.rules.nowhere")
    job = await ended(client, await run(client, path))
    assert (job["state"], job["problem"]["code"]) == ("failed", "internal")
    assert (await client.get(path)).json()["state"] == "draft"
    assert_problem(await client.get(f"{path}/items"), 409, "study-not-ready")


async def test_of_two_who_run_a_study_at_once_one_is_told_that_it_runs(client: httpx.AsyncClient) -> None:
    await add_screenings(client, screened(12))
    path = await plan(client)
    tag = await seen(client, path)
    first = await client.post(f"{path}/run", headers=tag)
    second = await client.post(f"{path}/run", headers=tag)
    assert first.status_code == 202
    assert_problem(second, 412, "version-mismatch")
    assert URL in path
    await ended(client, first)
