"""What the migrations of cases say where rows do not fit what they make."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.config import Config

from services.chassis.migrating import ROOT, asyncpg_url, migrate
from tests.support.databases import database_url
from tests.support.template import copy_template

BEFORE = "0031"
CASE = """
INSERT INTO casework.cases (county_terc, person_id, number, track, state, first_contact_on, opened_on,
                            closed_on, sealed)
VALUES ('2469', $1, $2, 'early', $3, '2026-01-05', '2026-01-05', $4, '')
"""


@pytest.fixture
async def older(worker_id: str) -> AsyncIterator[str]:
    """A database of its own, in which casework is as it was before a transferred case counted as open."""
    cluster, name = os.environ["SPLOT_TEST_CLUSTER"], f"splot_older_{worker_id}"
    await copy_template(cluster, name)
    url = database_url(cluster, name)
    config = Config(ROOT / "alembic.ini", ini_section="casework")
    config.attributes["url"] = url
    await asyncio.to_thread(command.downgrade, config, BEFORE)
    yield url
    admin = await asyncpg.connect(asyncpg_url(cluster))
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


async def test_two_pending_cases_of_one_child_are_told_in_words_and_end_with_one_of_them(older: str) -> None:
    """Found in the release before: a child whose case waits for another county could be given a second one."""
    # Of cases alone: whose they are is not what is asked here.
    alone: dict[str, Any] = {"session_replication_role": "replica"}
    database = await asyncpg.connect(asyncpg_url(older), server_settings=alone)
    child = uuid4()
    await database.execute(CASE, child, "1/2026", "transferred", date(2026, 2, 2))
    await database.execute(CASE, child, "2/2026", "opened", None)
    with pytest.raises(Exception, match="people with an open case beside one that waits for another county: 1"):
        await migrate(older, "casework")
    assert await _revision(database) == BEFORE
    await database.execute(
        "UPDATE casework.cases SET state = 'withdrawn', closed_on = opened_on WHERE number = '2/2026'"
    )
    await migrate(older, "casework")
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute(CASE, child, "3/2026", "opened", None)
    await database.close()


async def _revision(database: "asyncpg.Connection[asyncpg.Record]") -> object:
    return await database.fetchval("SELECT version_num FROM casework.alembic_version")
