"""The data of studies exported by their jobs, with real transactions and a process of the statistics."""

import httpx
import pytest

from tests.screening.studies.planning import criteria, ended, plan, publish, run
from tests.screening.studies.population import Facts, definition, screened
from tests.screening.studies.records import add_screenings
from tests.support.callers import call_as
from tests.support.files import send_file
from tests.support.problems import assert_problem
from tests.support.records import change, fetch


@pytest.fixture
async def client(working_screening: httpx.AsyncClient) -> httpx.AsyncClient:
    await publish(working_screening)
    working_screening.headers.update(call_as("researcher"))
    return working_screening


async def export(client: httpx.AsyncClient, path: str) -> Facts:
    return await ended(client, await client.post(f"{path}/exports", json={"group_size": 5}))


async def test_an_export_is_files_that_hold_no_reference_of_the_service(client: httpx.AsyncClient) -> None:
    rows = screened(60)
    await add_screenings(client, rows)
    path = await plan(client)
    await ended(client, await run(client, path))
    job = await export(client, path)
    assert (job["state"], job["result"]["rows"]) == ("succeeded", 60)
    contents = [(await client.get(href)).content for href in job["result"]["files"]]
    assert [content[:4] for content in contents] == [b"subj", b"vari", b"$FL2"]
    assert not [one for one in rows if any(one["subject"].encode() in content for content in contents)]
    other = [(await client.get(href)).content for href in (await export(client, path))["result"]["files"]]
    assert other[0] != contents[0]
    told = await fetch(client, "SELECT data::text FROM events WHERE type = 'screening.study.exported'")
    assert not [event for event in told if rows[0]["subject"] in event[0]]


async def test_a_study_of_too_few_children_after_annulments_exports_nothing_and_says_why(
    client: httpx.AsyncClient,
) -> None:
    rows = screened(60)
    await add_screenings(client, rows)
    path = await plan(client)
    await ended(client, await run(client, path))
    minimum = (await client.get(path)).json()["minimum_n"]
    annulled = [row["subject"] for row in rows[minimum - 1 :]]
    sql = """UPDATE screenings SET state = 'annulled', annulled_by = 'somebody', annulled_at = now(),
             annulling_reason = 'pomyłka' WHERE subject_ref = ANY (CAST(:annulled AS uuid[]))"""
    await change(client, sql, annulled=annulled)
    refused = assert_problem(await client.post(f"{path}/exports", json={}), 409, "study-too-small")
    assert (refused["reason"], refused["needed"]) == ("children", minimum)
    assert (await client.get(f"{path}/exports")).json()["items"] == []


async def test_the_text_of_a_non_redistributable_item_leaves_by_no_result_plot_or_file(
    client: httpx.AsyncClient,
) -> None:
    await publish(client, "ZAMKN", definition(redistributable=False))
    rows = screened(60)
    await add_screenings(client, rows, instrument="ZAMKN")
    path = await plan(client, instrument_code="ZAMKN")
    await send_file(client, f"{path}/criterion-imports", criteria(rows))
    assert (await ended(client, await run(client, path)))["state"] == "succeeded"
    places = ["", "/reliability", "/items", "/criterion", "/dif", "/plots/roc", "/plots/item-characteristics"]
    files = (await export(client, path))["result"]["files"]
    found = [await client.get(place) for place in (*(f"{path}{place}" for place in places), *files)]
    assert {answer.status_code for answer in found} == {200}
    assert not [answer.url for answer in found for text in ("treść", "odpowiedź") if text.encode() in answer.content]
