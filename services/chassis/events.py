"""The transactional outbox.

An event is inserted in the transaction of its change. After commit it gets a dense sequence number; readers go by that
number, so a transaction that commits late is never skipped, and two changes of one subject keep their order: whoever
sees the later one committed also sees the earlier one, and numbering goes by insertion among what is visible.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from services.chassis.database import Database
from services.chassis.work import Change

_NUMBERING_LOCK = 7_305_801

_PENDING = text("SELECT EXISTS (SELECT FROM events WHERE sequence IS NULL)")
_LOCK = text("SELECT pg_advisory_xact_lock(:name, hashtext(current_schema()))")
_NUMBER = text("""
WITH last AS (SELECT coalesce(max(sequence), 0) AS number FROM events),
     pending AS (SELECT position, row_number() OVER (ORDER BY position) AS place FROM events WHERE sequence IS NULL)
UPDATE events SET sequence = last.number + pending.place FROM last, pending WHERE events.position = pending.position
""")
_READ = text("""
SELECT coalesce(json_agg(json_build_object(
           'specversion', '1.0', 'id', id, 'source', '/v1/' || current_schema(), 'type', type, 'subject', subject,
           'time', occurred_at, 'datacontenttype', 'application/json', 'sequence', sequence::text,
           'subjectversion', subject_version, 'countyterc', county_terc, 'traceid', trace_id, 'data', data
       ) ORDER BY sequence)::text, '[]'), count(*), max(sequence)
FROM (
    SELECT * FROM events WHERE sequence > :after AND (:kind = '' OR type = :kind) ORDER BY sequence LIMIT :limit
) AS part
""")


def emit(
    change: Change,
    type_: str,
    subject: str,
    version: int,
    *,
    county: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell of a change of `subject` (`institutions/<id>`). `data` holds ids, codes and links, never personal data."""
    change.effects.events.append(
        {"type": type_, "subject": subject, "subject_version": version, "county_terc": county, "data": dict(data or {})}
    )


async def number_events(database: Database) -> None:
    """Give every committed event its place in the sequence; one transaction at a time does so."""
    async with database.change() as change:
        if await change.scalar(_PENDING):
            await change.execute(_LOCK, {"name": _NUMBERING_LOCK})
            await change.execute(_NUMBER)


async def read_events(database: Database, after: str, kind: str, limit: int) -> tuple[str, int] | None:
    """The events after a cursor as a JSON array, and the new cursor; None where there are none."""
    await number_events(database)
    values = {"after": int(after), "kind": kind, "limit": limit}
    async with database.reading() as reading:
        items, count, last = await reading.one(_READ, values=values)
    return (items, last) if count else None
