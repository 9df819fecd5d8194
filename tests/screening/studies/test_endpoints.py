"""Validation studies through the API."""

import uuid
from typing import Any

import httpx
import pytest

from tests.screening.studies.population import definition, screened
from tests.screening.studies.records import INSTRUMENT, STUDY, add_campaign, add_screenings, computed, make_ready
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch

URL = "/v1/screening/studies"
Facts = dict[str, Any]
SECTIONS = ("sampling", "reliability", "items", "criterion", "agreement", "dif")


@pytest.fixture(autouse=True)
async def instrument(screening: httpx.AsyncClient) -> None:
    await publish(screening)
    screening.headers.update(call_as("researcher"))


async def publish(client: httpx.AsyncClient, code: str = "PROBA", document: Facts | None = None) -> None:
    """The made-up instrument. What migrations fill is not emptied after a test, so it may be there already."""
    manager = call_as(scope="screening:write", counties=["*"], institution=None)
    if (await client.get(f"/v1/screening/instruments/{code}/versions/1", headers=manager)).is_success:
        return

    async def make(path: str, body: Facts, **headers: str) -> httpx.Response:
        key = {"idempotency-key": str(uuid.uuid4())}
        answer = await client.post(f"/v1/screening/instruments{path}", json=body, headers=manager | key | headers)
        assert answer.is_success, answer.text
        return answer

    await make("", INSTRUMENT | {"code": code})
    version = await make(f"/{code}/versions", document or definition())
    await make(f"/{code}/versions/1/publish", {}, **{"if-match": version.headers["etag"]})


async def plan(client: httpx.AsyncClient, **facts: Any) -> str:
    """The address of a study."""
    answer = await client.post(URL, json=STUDY | facts)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def seen(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    return {"if-match": (await client.get(path)).headers["etag"]}


async def run(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(f"{path}/run", headers=await seen(client, path))


async def test_a_study_is_planned_found_and_amended_while_it_is_a_draft(screening: httpx.AsyncClient) -> None:
    path = await plan(screening, dif_by=["sex", "age"], prevalences=[0.03], counties=["2469"])
    read = (await screening.get(path)).json()
    assert (read["state"], read["run_number"], read["created_by"], read["dif_by"]) == (
        "draft",
        0,
        "researcher",
        ["sex", "age"],
    )
    changed = await screening.patch(path, json={"minimum_n": 300}, headers=await seen(screening, path))
    assert (changed.json()["minimum_n"], changed.json()["version"], changed.json()["counties"]) == (300, 2, ["2469"])
    for query, found in {"instrument_code=PROBA": 1, "state=ready": 0, "state=draft": 1}.items():
        assert len((await screening.get(f"{URL}?{query}")).json()["items"]) == found


@pytest.mark.parametrize(
    ("facts", "slug", "pointer", "code"),
    [
        ({"form_code": "X"}, "unknown-reference", "/form_code", "not_found"),
        ({"scale_code": "X"}, "unknown-reference", "/scale_code", "not_found"),
        ({"instrument_version": 9}, "unknown-reference", "/instrument_version", "not_found"),
        ({"campaign_id": str(uuid.uuid4())}, "unknown-reference", "/campaign_id", "not_found"),
        ({"criterion_source": "stage_two"}, "validation-failed", "/campaign_id", "missing"),
        ({"criterion_instrument": "AKU"}, "validation-failed", "/criterion_instrument", "not_allowed"),
        ({"age_from": 60, "age_to": 60}, "validation-failed", "/age_to", "wrong_order"),
        (
            {"administered_from": "2026-02-01", "administered_to": "2026-01-31"},
            "validation-failed",
            "/administered_to",
            "wrong_order",
        ),
        ({"minimum_n": 9}, "validation-failed", "/minimum_n", "too_small"),
        ({"prevalences": [1.0]}, "validation-failed", "/prevalences/0", "too_large"),
    ],
)
async def test_what_does_not_go_together_is_named(
    screening: httpx.AsyncClient, facts: Facts, slug: str, pointer: str, code: str
) -> None:
    [error] = assert_problem(await screening.post(URL, json=STUDY | facts), 422, slug)["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


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
    assert_problem(await screening.get(f"{path}/plots/{plot}", headers={"accept": "text/html"}), 406, "not-acceptable")


async def test_a_ready_study_is_not_amended_and_may_be_run_again(screening: httpx.AsyncClient) -> None:
    path = await plan(screening)
    await add_screenings(screening, screened(12))
    await make_ready(screening, path.rsplit("/", 1)[-1])
    answer = await screening.patch(path, json={"name": "x"}, headers=await seen(screening, path))
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["run", "export"]
    assert (await run(screening, path)).status_code == 202


async def test_data_of_a_study_without_results_are_not_exported(screening: httpx.AsyncClient) -> None:
    answer = await screening.post(f"{await plan(screening)}/exports", json={})
    assert assert_problem(answer, 409, "state-conflict")["state"] == "draft"


async def test_a_criterion_is_uploaded_only_where_one_is_wanted(screening: httpx.AsyncClient) -> None:
    path = await plan(screening)
    await change(screening, "UPDATE studies SET criterion_source = 'stage_two', campaign_id = uuidv7()")
    headers = {"content-type": "text/csv", "idempotency-key": "k"}
    answer = await screening.post(f"{path}/criterion-imports", content=b"subject_ref,outcome\n", headers=headers)
    assert assert_problem(answer, 409, "state-conflict")["criterion_source"] == "stage_two"


async def test_every_reading_of_an_exported_file_is_recorded(screening: httpx.AsyncClient) -> None:
    path = await plan(screening)
    export = await make_ready(screening, path.rsplit("/", 1)[-1])
    [listed] = (await screening.get(f"{path}/exports")).json()["items"]
    assert [file["name"] for file in listed["files"]] == ["data.csv", "codebook.csv", "data.sav"]
    for file in listed["files"]:
        answer = await screening.get(file["href"])
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.headers["content-disposition"] == f'attachment; filename="{file["name"]}"'
    read = await fetch(screening, "SELECT detail FROM audit_records WHERE action = 'read_study_export'")
    assert [row.detail for row in read] == [{"export_id": export}] * 3
    gone = await screening.get(f"{path}/exports/{uuid.uuid4()}/data.csv")
    assert_problem(gone, 404, "study-export-not-found")
