"""The audit log of a service in a test: its key, its sealer, and the file of it."""

import json
from typing import Any

import httpx

from services.chassis.audit_verifying import Entry
from services.chassis.background.sealer import Sealer
from services.chassis.data.database import Database
from services.chassis.trails.checkpoints import SigningKey
from tests.support.callers import call_as
from tests.support.records import app_of, change

SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"  # RFC 8032, 7.1, the first test
KEY = SigningKey("splot/registry", SEED)
OTHER_KEY = SigningKey("splot/registry", "TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs")  # the second
AUDITOR = call_as("auditor", counties=["*"])
ADD = """
INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id, detail, trace_id)
SELECT 'actor', 'act', 'things/' || number, 'done', CASE number % 2 WHEN 0 THEN '2469' END,
       CASE number % 3 WHEN 0 THEN '01990000-0000-7000-8000-000000000001'::uuid END, '{"name": "KANAREK"}', '0'
FROM generate_series(1, :count) AS number
"""


def sealer_of(client: httpx.AsyncClient, key: SigningKey = KEY) -> Sealer:
    """A sealer of the service, that has sealed nothing yet."""
    database: Database = app_of(client).state.database
    return Sealer(database, key)


async def add_sealed(client: httpx.AsyncClient, *counts: int) -> None:
    """So many more records, with a checkpoint after each of these counts."""
    sealer = sealer_of(client)
    for count in counts:
        await change(client, ADD, count=count)
        await sealer.seal()


async def lines_of(client: httpx.AsyncClient) -> list[str]:
    """The file of the audit log, as whoever audits every county gets it."""
    answer = await client.get("/v1/registry/audit-log", headers=AUDITOR)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return answer.text.removesuffix("\n").split("\n")


async def entries_of(client: httpx.AsyncClient) -> list[Entry]:
    """The file, line by line."""
    return [json.loads(line) for line in await lines_of(client)]


async def checkpoints_of(client: httpx.AsyncClient) -> list[Any]:
    """The checkpoints, newest first."""
    answer = await client.get("/v1/registry/audit-checkpoints", headers=AUDITOR)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items
