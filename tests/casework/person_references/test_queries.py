"""What leads to a person is known whole: compared with what the database says of itself."""

import uuid
from typing import Any

import httpx
import pytest

from services.casework.person_references.queries import (
    LISTS_OF_PEOPLE,
    OWN_OF_A_RECORD,
    UNSEALED_BYTES,
    references,
)
from services.chassis.migrating import import_models
from tests.casework.people.test_endpoints import rows

import_models("services.casework")
_COLUMNS = """
    SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
           EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'f'
                   AND k.confrelid = 'casework.people'::regclass AND a.attnum = ANY (k.conkey)) AS refers
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'casework'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname !~ '^pgqueuer'
"""
OF_OTHERS = {
    "people.sealed",
    "idempotency_keys.fingerprint",
    "idempotency_keys.body",
    "job_files.content",
    "audit_leaves.leaf_hash",
    "audit_seals.peaks",
    "webhooks.secret",
    "webhooks.earlier_secret",
}
"""Bytes that are not a row's about somebody: sealed by a keyring itself, a person's own record, or hashes."""


async def columns(client: httpx.AsyncClient) -> list[Any]:
    return await rows(client, _COLUMNS)


async def test_every_column_that_leads_to_people_is_moved_or_stays_for_a_reason(casework: httpx.AsyncClient) -> None:
    known = {reference.name for reference in references()}
    leading = {
        row["name"]
        for row in await columns(casework)
        if row["refers"] or row["type"] == "uuid[]" or row["name"].endswith(".person_id")
    }
    assert len(leading) > 30
    assert known == leading - OWN_OF_A_RECORD
    assert {row["name"] for row in await columns(casework) if row["type"] == "uuid[]"} == LISTS_OF_PEOPLE


async def test_every_sealed_column_is_sealed_anew(casework: httpx.AsyncClient) -> None:
    known = {f"{reference.table.name}.{column.name}" for reference in references() for column in reference.sealed}
    kept = {row["name"] for row in await columns(casework) if row["type"] == "bytea"}
    assert known == {name for name in kept if name.split(".")[1] not in UNSEALED_BYTES} - OF_OTHERS


def test_a_part_comes_after_what_it_is_a_part_of() -> None:
    tables = [reference.table.name for reference in references()]
    for part in ("plans", "case_steps", "support_events", "assessments"):
        assert tables.index("cases") < tables.index(part)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("attachments", {"sealed": "attachments|{}", "content": "attachments|{}|content"}),
        ("case_transfers", {"kept": "case_transfers|{}"}),
        ("guardianships", {"sealed": "guardianships|{}"}),
    ],
)
def test_a_second_sealed_column_has_a_place_of_its_own(table: str, expected: dict[str, str]) -> None:
    [owner] = [reference for reference in references() if reference.table.name == table and reference.sealed]
    row_id = uuid.UUID("01990000-0000-7000-8000-000000000001")
    places = {column.name: owner.place(column, row_id) for column in owner.sealed}
    assert places == {name: place.format(row_id) for name, place in expected.items()}
