"""Every operation of the registry's API document, asked with whatever the document allows and with what it forbids."""

import asyncio
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from services.chassis.migrating import asyncpg_url
from tests.registry.test_permissions import MATRIX
from tests.support.asks import Ask
from tests.support.callers import claims, token
from tests.support.fuzz import EXAMPLES, Fuzz, aim_at
from tests.support.holders import Place
from tests.support.records import add_territory

FUZZ = Fuzz("registry")
EVERYBODY = claims(counties=["*"]) | {"roles": ["county_coordinator", "programme_manager", "operator"]}


STREAM = "watch_registry_job"
"""A stream that never ends while its job waits; asked about jobs that are not there."""


@pytest.fixture(autouse=True, scope="module")
def own_programmes(admin_url: str) -> Iterator[None]:
    """Programmes that were made here go again: their table holds what the migrations filled, and is never emptied."""
    known = asyncio.run(_of_database(admin_url, "SELECT array_agg(code) FROM registry.programmes"))
    yield
    asyncio.run(_of_database(admin_url, "DELETE FROM registry.programmes WHERE code <> ALL ($1::text[])", known))


async def _of_database(url: str, sql: str, *values: Any) -> Any:
    admin = await asyncpg.connect(asyncpg_url(url))
    try:
        return await admin.fetchval(sql, *values)
    finally:
        await admin.close()


@pytest.fixture
async def known(racing_registry: httpx.AsyncClient, request: pytest.FixtureRequest) -> Ask | None:
    """A valid request to the operation that is asked, about what was made for it; none where all is to be wrong."""
    await add_territory(racing_registry)
    racing_registry.headers["authorization"] = f"Bearer {token(EVERYBODY)}"
    name = FUZZ.operations[request.getfixturevalue("label")].definition.raw["operationId"]
    if name == STREAM or request.getfixturevalue("mode") is GenerationMode.NEGATIVE:
        return None
    return MATRIX.requests[name](await MATRIX.make_target(racing_registry, Place.OWN_COUNTY, name))


@pytest.mark.parametrize(("label", "mode"), FUZZ.asked, ids=[f"{label} {mode}" for label, mode in FUZZ.asked])
@EXAMPLES
@given(data=st.data())
async def test_every_answer_is_as_documented_whatever_is_asked(
    racing_registry: httpx.AsyncClient, known: Ask | None, label: str, mode: GenerationMode, data: st.DataObject
) -> None:
    case = data.draw(FUZZ.cases(label, mode))
    if known is not None and data.draw(st.booleans()):
        aim_at(case, known, data)
    await FUZZ.ask(racing_registry, case)
