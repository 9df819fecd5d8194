"""Whatever the tables let in of somebody can be erased: each state, with every optional fact and without."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import ARRAY, Boolean, Date, DateTime, Integer, LargeBinary, Numeric, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from services.casework.erasures.actions import Approval, erase_person
from services.casework.person_records.queries import person_tables
from services.casework.person_records.rules import DELETED
from services.casework.restoring import RESTORER
from services.chassis.migrating import asyncpg_url
from tests.casework.people.made import registered
from tests.support.records import app_of

CHECKS = """
SELECT pg_get_constraintdef(c.oid) AS definition, array_agg(a.attname::text) AS columns
FROM pg_constraint AS c JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
WHERE c.contype = 'c' AND c.conrelid = ('casework.' || $1)::regclass GROUP BY c.oid
"""
Admin: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def admin(admin_url: str) -> AsyncIterator[Admin]:
    """A connection that adds rows without what they refer to."""
    connection = await asyncpg.connect(
        asyncpg_url(admin_url), server_settings={"session_replication_role": "replica", "search_path": "casework"}
    )
    yield connection
    await connection.close()


def fact(kind: TypeEngine[Any], place: int) -> Any:
    """Something to stand in a column of a type; days follow each other as the columns do."""
    if isinstance(kind, ARRAY):
        return [fact(kind.item_type, place)]
    made: dict[type, Any] = {
        Uuid: uuid4(),
        Date: datetime(2001 + place, 1, 1, tzinfo=UTC).date(),
        DateTime: datetime(2001 + place, 1, 1, tzinfo=UTC),
        Integer: 1,
        Numeric: 1,
        Boolean: True,
        LargeBinary: uuid4().bytes,
        JSONB: "{}",
    }
    return next((value for each, value in made.items() if isinstance(kind, each)), uuid4().hex)


async def choices(admin: Admin, table: Table) -> dict[str, list[str | bytes | None]]:
    """By column the codes that its CHECKs name; None beside them, or "" for any, where it may be absent."""
    found: dict[str, list[str | bytes | None]] = {}
    for definition, columns in await admin.fetch(CHECKS, table.name):
        for name in columns:
            codes = re.findall(rf"\b{name} = ANY \(ARRAY\[(.*?)\]", definition)
            listed: list[str | None] = [*re.findall(r"'(\w+)'::text", codes[0])] if codes else []
            known = found.setdefault(name, [None] if table.c[name].nullable else [])
            known += listed
            # What was emptied is kept as no bytes.
            if isinstance(table.c[name].type, LargeBinary) and b"" not in known:
                known.append(b"")
    return {name: known if any(known) else ["", *known] for name, known in found.items()}


async def combinations(admin: Admin, table: Table) -> Iterator[dict[str, Any]]:
    """Rows with each code and each fact that a CHECK asks of, present and absent; the tables take some of them."""
    named = await choices(admin, table)
    return (
        {
            column.name: chosen[column.name] if chosen.get(column.name, "") != "" else fact(column.type, place)
            for place, column in enumerate(table.c)
        }
        for picked in product(*named.values())
        for chosen in [dict(zip(named, picked, strict=True))]
    )


async def add_all(admin: Admin, table: Table, **facts: Any) -> list[dict[str, Any]]:
    """Add every such row that the table lets in, with these facts."""
    added = []
    for row in await combinations(admin, table):
        row["county_terc"] = "2469"
        # What refers to somebody who is there may be absent all the same.
        row |= {name: value for name, value in facts.items() if row[name] is not None}
        places = ", ".join(f"${place}" for place, _ in enumerate(row, 1))
        try:
            await admin.execute(f"INSERT INTO {table.name} ({', '.join(row)}) VALUES ({places})", *row.values())
        except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError):
            continue
        added.append(row)
    for column in table.c:
        assert any(row[column.name] is not None for row in added) or column.name in facts, (table.name, column.name)
    return added


async def erase(client: httpx.AsyncClient, person_id: UUID) -> None:
    """As after a restore, without a request."""
    async with app_of(client).state.database.change(RESTORER) as change:
        approval = Approval("GDPR art. 17", "second", datetime.now(UTC))
        await erase_person(change, person_id, approval, is_repeated=True)


async def test_whatever_is_recorded_of_somebody_can_be_erased(racing_casework: httpx.AsyncClient, admin: Admin) -> None:
    child = UUID((await registered(racing_casework))["id"])
    tables = {kept.table: kept.owner for kept in person_tables() if kept.owner is not None}
    about = {table: owner.name for table, owner in tables.items() if table.name not in {"people", *DELETED}}
    for table, owner in about.items():
        assert await add_all(admin, table, **{owner: child}), table.name
    await erase(racing_casework, child)
    for table, owner in about.items():
        for column in table.c:
            if isinstance(column.type, LargeBinary):
                kept = await admin.fetch(f"SELECT DISTINCT {column.name} FROM {table.name} WHERE {owner} = $1", child)
                assert {row[0] for row in kept} <= {b"", None}, (table.name, column.name)


async def test_whoever_is_recorded_can_be_erased_whatever_is_known_of_them(
    racing_casework: httpx.AsyncClient, admin: Admin
) -> None:
    [people] = [kept.table for kept in person_tables() if kept.table.name == "people"]
    other = UUID((await registered(racing_casework))["id"])
    for person in await add_all(admin, people, merged_into=other, erased_at=None):
        await erase(racing_casework, person["id"])
    facts = ("sex", "birth_month", "expected_on", "pregnancy_ended_on", "pesel_index", "mother_id", "expected_with_id")
    left = await admin.fetch(f"SELECT DISTINCT {', '.join(facts)} FROM people WHERE id <> $1", other)
    assert [tuple(row) for row in left] == [(None,) * len(facts)]
