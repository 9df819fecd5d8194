"""Criteria of studies taken from files by their jobs, with real transactions."""

import uuid

import httpx
import pytest

from tests.screening.studies.planning import plan, publish
from tests.screening.studies.population import screened
from tests.screening.studies.records import add_screenings
from tests.support.callers import call_as
from tests.support.files import send_file


@pytest.fixture
async def client(working_screening: httpx.AsyncClient) -> httpx.AsyncClient:
    await publish(working_screening)
    working_screening.headers.update(call_as("researcher"))
    return working_screening


async def test_a_criterion_of_unknown_children_is_reported_by_line(client: httpx.AsyncClient) -> None:
    rows = screened(12)
    await add_screenings(client, rows)
    path = await plan(client)
    known = rows[0]["subject"]
    lines = ["subject_ref,outcome", f"{known},positive", f"{uuid.uuid4()},negative", f"{known}x,negative", ",perhaps"]
    sent = await send_file(client, f"{path}/criterion-imports", "\n".join([*lines, ""]).encode())
    assert sent.counts == (1, 0, 0, 3)
    assert sent.problems == [
        (3, "/subject_ref", "not_found"),
        (4, "/subject_ref", "wrong_format"),
        (5, "/outcome", "not_listed"),
        (5, "/subject_ref", "missing"),
    ]
    changed = await send_file(client, f"{path}/criterion-imports", f"subject_ref,outcome\n{known},negative\n".encode())
    assert changed.counts == (0, 1, 0, 0)
