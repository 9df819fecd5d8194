"""People are locked before cases, and these before their parts: whoever waits for a child holds nothing of it."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from services.casework.person_records.queries import person_tables
from services.chassis.migrating import asyncpg_url
from tests.casework.support_events.made import EVENTS, long_open, support
from tests.casework.test_permissions import MATRIX
from tests.support.databases import pause
from tests.support.holders import Place

CHANGES = [
    "accept_case_transfer",
    "activate_plan",
    "amend_case",
    "annul_support_event",
    "decline_merge",
    "draft_plan",
    "fulfil_request",
    "join_household",
    "leave_household",
    "lift_restriction",
    "make_request",
    "receive_referral",
    "record_chain_step",
    "record_support_event",
    "release_entries",
    "release_hold",
    "review_break_glass",
    "undo_merge",
    "withdraw_consent",
    "withdraw_referral",
    "withhold_entries",
]
"""One for each way in which rows are locked: a case, a plan, a referral, what several people share."""
WAITS = """
SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
async def admin(admin_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection of its own, to which every row is visible."""
    connection = await asyncpg.connect(asyncpg_url(admin_url), server_settings={"search_path": "casework"})
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", CHANGES)
async def test_whoever_waits_for_a_child_holds_nothing_of_it(
    racing_casework: httpx.AsyncClient, admin: "asyncpg.Connection[asyncpg.Record]", name: str
) -> None:
    target = await MATRIX.make_target(racing_casework, Place.OWN_INSTITUTION, name)
    asked = MATRIX.requests[name](target)
    transaction = admin.transaction()
    await transaction.start()
    await admin.execute("SELECT FROM people FOR UPDATE")
    asking = asyncio.create_task(MATRIX.send(racing_casework, asked, MATRIX.everything))
    while not await admin.fetchval(WAITS):
        assert not asking.done(), f"{asking.result()} without a look at the child"
        await pause()
    for kept in person_tables():
        # Whoever asked holds a row where this is refused.
        await admin.execute(f"SELECT FROM {kept.table.name} FOR UPDATE NOWAIT")
    await transaction.rollback()
    await asking


async def test_a_batch_locks_its_children_in_the_order_of_their_ids_whatever_its_own(
    racing_casework: httpx.AsyncClient, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    cases = [await long_open(racing_casework) for _ in range(2)]
    first, second = sorted(cases, key=lambda case: str(case["person_id"]))
    transaction = admin.transaction()
    await transaction.start()
    await admin.execute("SELECT FROM people WHERE id = $1 FOR UPDATE", uuid.UUID(first["person_id"]))
    body, headers = {"items": [support(second), support(first)]}, {"idempotency-key": str(uuid.uuid4())}
    asking = asyncio.create_task(racing_casework.post(f"{EVENTS}:batch", json=body, headers=headers))
    while not await admin.fetchval(WAITS):
        assert not asking.done(), asking.result().text
        await pause()
    await admin.execute("SELECT FROM people WHERE id = $1 FOR UPDATE NOWAIT", uuid.UUID(second["person_id"]))
    await transaction.rollback()
    await asking
