"""What a service tells when it is measured: how full its pools are, and what waits in its database."""

import asyncio

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.chassis.data.database import Database
from services.chassis.data.work import NOBODY
from services.chassis.serving import figures
from services.chassis.trust.callers import Caller
from tests.chassis import depot
from tests.chassis.conftest import Admin
from tests.chassis.counting_jobs import count
from tests.chassis.webhooks_tried import create, tell

POOL = "splot_database_connections"


async def measured(client: httpx.AsyncClient) -> dict[str, float]:
    text = (await client.get("/metrics")).text
    families = text_string_to_metric_families(text)
    return {
        f"{one.name} {one.labels['pool']}" if "pool" in one.labels else one.name: one.value
        for family in families
        for one in family.samples
        if {*one.labels} <= {"pool"}
    }


async def test_a_pool_says_what_is_in_use_and_who_waits(
    idle_depot: httpx.AsyncClient, depot_database: Database
) -> None:
    size = depot_database.pools()[0].size
    before = await measured(idle_depot)
    assert (before[f"{POOL}_limit requests"], before[f"{POOL}_in_use requests"]) == (size, 0)
    held = [await depot_database.take(NOBODY) for _ in range(size)]
    waiting = asyncio.create_task(depot_database.take(NOBODY))
    await asyncio.sleep(0)
    full = {pool.name: pool for pool in depot_database.pools()}
    assert (full["requests"].in_use, full["requests"].waiting) == (size, 1)
    assert (full["searches"].in_use, full["searches"].waiting) == (0, 0)
    held.pop().release()
    (await waiting).release()
    for each in held:
        each.release()
    assert [(pool.in_use, pool.waiting) for pool in depot_database.pools()] == [(0, 0), (0, 0)]


async def test_what_waits_is_counted_with_its_age(
    idle_depot: httpx.AsyncClient, depot_database: Database, admin: Admin
) -> None:
    await count(idle_depot)
    await count(idle_depot)
    await create(idle_depot, "http://127.0.0.1:9/hook")
    await tell(depot_database, "goods/1")
    await admin.execute(
        "UPDATE pgqueuer SET created = now() - interval '1 hour' WHERE id = (SELECT min(id) FROM pgqueuer)"
    )
    await admin.execute("UPDATE webhooks SET failing_since = now() - interval '2 hours'")
    await admin.execute("UPDATE events SET occurred_at = now() - interval '3 hours' WHERE sequence IS NULL")
    told = await measured(idle_depot)
    assert (told["splot_jobs_waiting"], told["splot_jobs_running"], told["splot_webhooks_active"]) == (2, 0, 1)
    ages = ("jobs_waiting_oldest", "webhooks_failing_oldest", "events_unnumbered_oldest")
    assert [round(told[f"splot_{name}_seconds"] / 3600, 1) for name in ages] == [1, 2, 3]
    assert told["splot_database_answers"] == 1


async def test_a_silent_database_is_told_and_its_numbers_are_not(
    idle_depot: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleeting = [figure._replace(seconds=0) for figure in depot.app.state.figures]
    depot.app.state.measured = figures.Figures(depot.app.state.database, fleeting)
    assert (await measured(idle_depot))["splot_jobs_waiting"] == 0
    monkeypatch.setattr(figures, "SECONDS_TO_ANSWER", 0)
    told = await measured(idle_depot)
    assert (told["splot_database_answers"], f"{POOL}_limit requests" in told) == (0, True)
    assert "splot_jobs_waiting" not in told


async def test_whoever_scrapes_often_asks_the_database_no_more_often(
    idle_depot: httpx.AsyncClient, depot_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await measured(idle_depot)
    asked: list[Caller] = []
    reading = Database.reading

    def noted(self: Database, caller: Caller = NOBODY) -> object:
        asked.append(caller)
        return reading(self, caller)

    monkeypatch.setattr(Database, "reading", noted)
    await asyncio.gather(*[measured(idle_depot) for _ in range(3)])
    assert asked == []
    fleeting = figures.Figure("splot_fleeting", "Fleeting.", "SELECT 1", seconds=0)
    depot.app.state.measured = figures.Figures(depot_database, [fleeting])
    await asyncio.gather(*[measured(idle_depot) for _ in range(3)])
    assert len(asked) == 3
