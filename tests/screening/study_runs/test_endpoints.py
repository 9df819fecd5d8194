"""Runs of validation studies, their results and their plots through the API."""

import uuid

import httpx
import pytest

from tests.screening.studies.planning import URL, plan, publish, run, seen
from tests.screening.studies.population import Facts, screened
from tests.screening.studies.records import add_campaign, add_screenings, computed, make_ready
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change

SECTIONS = ("sampling", "reliability", "items", "criterion", "agreement", "dif")


@pytest.fixture(autouse=True)
async def instrument(screening: httpx.AsyncClient) -> None:
    await publish(screening)
    screening.headers.update(call_as("researcher"))


@pytest.mark.parametrize("section", SECTIONS)
async def test_before_a_run_there_are_no_results_and_what_is_missing_is_told(
    screening: httpx.AsyncClient, section: str
) -> None:
    refused = assert_problem(await screening.get(f"{await plan(screening)}/{section}"), 409, "study-not-ready")
    assert (refused["state"], refused["allowed"], refused["missing"]) == ("draft", ["amend", "run"], ["run"])
    assert_problem(await screening.get(f"{URL}/{uuid.uuid4()}/{section}"), 404, "study-not-found")


async def test_a_study_without_a_campaign_takes_no_screening_of_a_stage_two(screening: httpx.AsyncClient) -> None:
    campaign, children = await add_campaign(screening), screened(30)
    await add_screenings(screening, children[:12], campaign=campaign, stage=1)
    await add_screenings(screening, children[12:16])
    await add_screenings(screening, children[16:], campaign=campaign, stage=2)
    assert_problem(await run(screening, await plan(screening, minimum_n=17)), 409, "study-too-small")
    assert (await run(screening, await plan(screening, minimum_n=16))).status_code == 202


async def test_a_study_of_too_few_children_is_not_run_and_does_not_say_how_many_there_are(
    screening: httpx.AsyncClient,
) -> None:
    path = await plan(screening, minimum_n=20)
    children = screened(30)
    await add_screenings(screening, children[:12])
    await add_screenings(screening, children[12:], state="submitted")
    refused = assert_problem(await run(screening, path), 409, "study-too-small")
    assert (refused["reason"], refused["needed"]) == ("children", 20)
    nobody = assert_problem(await run(screening, await plan(screening, counties=["2401"])), 409, "study-too-small")
    shared = ("type", "title", "status", "code", "reason", "detail")
    assert [refused.get(name) for name in shared] == [nobody.get(name) for name in shared]
    assert not {"found", "n"} & {*refused, *nobody}
    assert (await screening.get(path)).json()["state"] == "draft"


@pytest.mark.parametrize(
    ("facts", "enough"),
    [
        ({"counties": ["2469"]}, True),
        ({"counties": ["2401"]}, False),
        ({"age_from": 36, "age_to": 72}, True),
        ({"age_to": 36}, False),
        ({"administered_from": "2026-03-01", "administered_to": "2026-03-01"}, True),
        ({"administered_from": "2026-03-02"}, False),
        ({"administered_to": "2026-02-28"}, False),
    ],
)
async def test_only_the_children_asked_for_are_counted(
    screening: httpx.AsyncClient, facts: Facts, enough: bool
) -> None:
    await add_screenings(screening, screened(12))
    answer = await run(screening, await plan(screening, **facts))
    assert answer.status_code == (202 if enough else 409), answer.text


async def test_a_run_is_a_job_and_until_it_ends_the_study_takes_nothing(screening: httpx.AsyncClient) -> None:
    path = await plan(screening)
    await add_screenings(screening, screened(12))
    answer = await run(screening, path)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer.headers["location"] == f"/v1/screening/jobs/{answer.json()['id']}"
    read = (await screening.get(path)).json()
    assert (read["state"], read["job_id"]) == ("running", answer.json()["id"])
    for refused in (
        await run(screening, path),
        await screening.patch(path, json={"name": "x"}, headers=await seen(screening, path)),
        await screening.post(f"{path}/exports", json={}),
        await screening.post(
            f"{path}/criterion-imports",
            content=b"subject_ref,outcome\n",
            headers={"content-type": "text/csv", "idempotency-key": "k"},
        ),
    ):
        assert assert_problem(refused, 409, "state-conflict")["allowed"] == []
    assert_problem(await screening.get(f"{path}/items"), 409, "study-not-ready")


@pytest.mark.parametrize("state", ["failed", "cancelled"])
async def test_a_run_that_was_broken_off_leaves_the_study_as_it_was(screening: httpx.AsyncClient, state: str) -> None:
    path = await plan(screening)
    await add_screenings(screening, screened(12))
    job = (await run(screening, path)).json()
    await change(screening, "UPDATE jobs SET state = :state WHERE id = CAST(:id AS uuid)", state=state, id=job["id"])
    assert (await screening.get(path)).json()["state"] == "draft"
    assert len((await screening.get(f"{URL}?state=draft")).json()["items"]) == 1
    again = await screening.patch(path, json={"name": "Jeszcze raz"}, headers=await seen(screening, path))
    assert again.status_code == 200
    assert (await run(screening, path)).status_code == 202


@pytest.mark.parametrize("section", SECTIONS)
async def test_every_section_of_a_ready_study_can_be_read(screening: httpx.AsyncClient, section: str) -> None:
    path = await plan(screening)
    await make_ready(screening, path.rsplit("/", 1)[-1])
    answer = await screening.get(f"{path}/{section}")
    read = answer.json()
    assert (answer.status_code, read["run_number"], read["scale_code"]) == (200, 1, "total")
    assert "status" not in read
    known = await screening.get(f"{path}/{section}", headers={"if-none-match": answer.headers["etag"]})
    assert known.status_code == 304


async def test_a_refused_section_says_why_and_the_others_stand(screening: httpx.AsyncClient) -> None:
    path = await plan(screening)
    results = computed()
    refusal = {"status": "refused", "reason": "verified", "needed": 100, "found": 3}  # as former runs were kept
    results = results | {"sections": results["sections"] | {"criterion": refusal}}
    await make_ready(screening, path.rsplit("/", 1)[-1], results)
    for place in ("criterion", "plots/roc"):
        refused = assert_problem(await screening.get(f"{path}/{place}"), 409, "study-too-small")
        assert (refused["section"], refused["reason"], refused["needed"]) == ("criterion", "verified", 100)
        assert "found" not in refused
    assert (await screening.get(f"{path}/reliability")).status_code == 200


async def test_a_study_that_was_run_before_there_was_a_section_is_to_be_run_again(
    screening: httpx.AsyncClient,
) -> None:
    path = await plan(screening)
    results = computed()
    older = {name: section for name, section in results["sections"].items() if name != "sampling"}
    await make_ready(screening, path.rsplit("/", 1)[-1], results | {"sections": older})
    refused = assert_problem(await screening.get(f"{path}/sampling"), 409, "study-not-ready")
    assert (refused["state"], refused["missing"]) == ("ready", ["run"])
    assert (await screening.get(f"{path}/items")).status_code == 200


@pytest.mark.parametrize("plot", ["roc", "item-characteristics", "bland-altman", "ages"])
async def test_a_plot_is_a_document_or_a_picture(screening: httpx.AsyncClient, plot: str) -> None:
    path = await plan(screening)
    await make_ready(screening, path.rsplit("/", 1)[-1])
    document = await screening.get(f"{path}/plots/{plot}")
    assert document.json()["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    english = await screening.get(f"{path}/plots/{plot}", headers={"accept-language": "en"})
    assert [answer.headers["content-language"] for answer in (document, english)] == ["pl", "en"]
    titles = [answer.json()["title"] for answer in (document, english)]
    assert {type(title) for title in titles} == {str}
    assert (titles[0] == titles[1]) == (plot == "bland-altman")
    drawn = await screening.get(f"{path}/plots/{plot}", headers={"accept": "image/svg+xml"})
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg")
    png = await screening.get(f"{path}/plots/{plot}?format=png")
    assert png.content.startswith(b"\x89PNG")
    for accept in ("text/html", "application/json;q=0"):
        assert_problem(await screening.get(f"{path}/plots/{plot}", headers={"accept": accept}), 406, "not-acceptable")
