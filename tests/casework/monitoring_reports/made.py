"""Monitoring reports of the tests."""

from typing import Any

import httpx

from tests.casework.cases.made import made
from tests.casework.people.made import tag
from tests.support.callers import call_as

REPORTS = "/v1/casework/monitoring-reports"
MANAGER = call_as("programme_manager", counties=[], institution=None)
FIRST = {"starts_on": "2026-01-01", "ends_on": "2026-03-31"}
SECOND = {"starts_on": "2026-04-01", "ends_on": "2026-06-30"}
THIRD = {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}


async def drafted(client: httpx.AsyncClient, period: dict[str, str], county: str = "2469") -> dict[str, Any]:
    """A draft of a county's report."""
    return await made(client, "/monitoring-reports", {"county_terc": county, **period})


async def moved(
    client: httpx.AsyncClient, report: dict[str, Any], verb: str, body: Any = None, **headers: str
) -> dict[str, Any]:
    """The report after that verb."""
    path = f"{REPORTS}/{report['id']}/{verb}"
    answer = await client.post(path, json=body, headers={**tag(report), **headers})
    assert answer.status_code == 200, answer.text
    after: dict[str, Any] = answer.json()
    return after


async def submitted(client: httpx.AsyncClient, period: dict[str, str], county: str = "2469") -> dict[str, Any]:
    """A submitted report."""
    return await moved(client, await drafted(client, period, county), "submit")


async def read(client: httpx.AsyncClient, report: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The report as it is now."""
    answer = await client.get(f"{REPORTS}/{report['id']}", headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def table_of(report: dict[str, Any], table: str, measure: str = "records") -> dict[str, str | None]:
    """A table of a report by category."""
    lines = [one for one in report["figures"]["items"] if (one["table"], one["measure"]) == (table, measure)]
    return {one["category"]: one["value"] for one in lines}
