"""Every figure of a report, computed anew in Python from the same records."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from tests.casework.cases.made import made
from tests.casework.monitoring_reports.figures import expected
from tests.casework.monitoring_reports.seeded import END, START, drawn, store

REPORTS = "/v1/casework/monitoring-reports"
PERIOD = {"starts_on": START.isoformat(), "ends_on": END.isoformat()}


def values_of(items: list[dict[str, Any]]) -> dict[tuple[str, str, str], Decimal]:
    """The values that are there, but for zeros."""
    found = {(one["table"], one["category"], one["measure"]): one["value"] for one in items}
    return {place: Decimal(value) for place, value in found.items() if value is not None and Decimal(value)}


@pytest.mark.parametrize("seed", range(8))
async def test_every_figure_follows_from_the_countys_records(casework: httpx.AsyncClient, seed: int) -> None:
    county = drawn("2469", 60, seed)
    await store(casework, county)
    await store(casework, drawn("2401", 12, 1000 + seed))
    report = await made(casework, "/monitoring-reports", {"county_terc": "2469", **PERIOD})
    wanted = {place: value for place, value in expected(county, clock.today()).items() if value}
    assert values_of(report["figures"]["items"]) == wanted
    tables = {table for table, _, _ in wanted}
    assert len(tables) == 20, "the records drawn have something for every table"
    assert not report["figures"]["is_protected"]


async def test_a_county_without_records_has_zeros_and_no_means(casework: httpx.AsyncClient) -> None:
    report = await made(casework, "/monitoring-reports", {"county_terc": "2469", **PERIOD})
    items = report["figures"]["items"]
    counted = {one["value"] for one in items if one["measure"] in {"records", "children"}}
    assert counted == {"0"}
    assert {one["value"] for one in items if one["measure"] not in {"records", "children"}} == {None}
    assert not any(one["is_suppressed"] for one in items)
