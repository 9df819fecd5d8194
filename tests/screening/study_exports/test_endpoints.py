"""Exports of the data of studies through the API."""

import uuid

import httpx
import pytest

from tests.screening.studies.planning import plan, publish
from tests.screening.studies.records import make_ready
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch


@pytest.fixture(autouse=True)
async def instrument(screening: httpx.AsyncClient) -> None:
    await publish(screening)
    screening.headers.update(call_as("researcher"))


async def test_data_of_a_study_without_results_are_not_exported(screening: httpx.AsyncClient) -> None:
    answer = await screening.post(f"{await plan(screening)}/exports", json={})
    assert assert_problem(answer, 409, "state-conflict")["state"] == "draft"


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
