"""A read of people's data and its audit record in one statement.

Two statements would be two round trips to the database. In one, no answer can leave
without its record either: one transaction writes the record and returns the rows.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import asyncpg
from pydantic_core import to_json
from sqlalchemy import (
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.chassis.data.effects import Subject
from services.chassis.data.tables import AUDIT_RECORDS
from services.chassis.data.texts import DriverText, as_text
from services.chassis.data.work import AuditedReading, Reading, Rows
from services.chassis.ground.correlation import trace_id
from services.chassis.web.listing import (
    ItemPage,
    Listed,
    ListQuery,
    ListTerms,
    page_of,
)
from services.chassis.web.pages import PageShape, page_statement


class LookRecord(NamedTuple):
    """The audit record of a read, without the people whom it showed."""

    action: str
    subject: Subject
    detail: Mapping[str, Any] = {}


def fits_one_statement(
    reading: AuditedReading, terms: ListTerms, query: ListQuery, listed: Listed
) -> bool:
    """Whether a page and its record fit one statement: nothing may fail after it."""
    return not (
        reading.records_apart
        or listed.values is None
        or query.fields is not None
        or terms.counting is not None
    )


async def audited_page(
    reading: AuditedReading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    look: tuple[LookRecord, str],
) -> ItemPage:
    """One page; `look`: its record, and the field that names an item's person."""
    record, person = look

    async def ask(
        _: Reading,
        shape: PageShape,
        marks: Mapping[str, str],
        values: Mapping[str, Any] | None,
    ) -> Sequence[Any]:
        personal = shape._replace(person=person)
        text_of = _kept_page if shape.is_kept else _page_text
        row = await _fetch(
            reading, text_of(personal), {**(values or {}), **marks}, record
        )
        return tuple(row or ())

    page = await page_of(reading, terms, query, listed, ask)
    # Without people the statement writes no record: the unit does at its end, unless
    # the endpoint refuses.
    if not page.items:
        detail = {**record.detail, "people": []}
        reading.record(record.action, record.subject, **detail)
    return page


def _page_text(shape: PageShape) -> DriverText:
    return as_text(recorded(page_statement(shape)))


_kept_page = lru_cache(maxsize=256)(_page_text)


async def audited_row(
    reading: AuditedReading, query: Rows, values: Mapping[str, Any], look: LookRecord
) -> dict[str, Any] | None:
    """The row of a long-lived query, with a record of its `people`; None without a row.

    The record's county is the row's `county_terc`. No people, no record.
    """
    row = await _fetch(reading, _row_text(query), values, look)
    return None if row is None else dict(row.items())


@lru_cache(maxsize=256)
def _row_text(query: Rows) -> DriverText:
    return as_text(recorded(query))


async def _fetch(
    reading: AuditedReading,
    text: DriverText,
    values: Mapping[str, Any],
    look: LookRecord,
) -> asyncpg.Record | None:
    detail = {**look.detail, "people": []}
    record = reading.record_of(look.action, look.subject, "done", detail)
    bound = {**values, "look": to_json(record).decode(), "trace": trace_id()}
    driver = await reading.driver(searches=" @@ " in text.sql)
    # Past `has_written`: only the record is written, and no peer is asked after it.
    return await driver.fetchrow(text.sql, *text.bound(bound))


_COLUMNS = (
    "actor",
    "action",
    "subject",
    "outcome",
    "county_terc",
    "institution_id",
    "detail",
    "trace_id",
)


def recorded(query: Rows) -> Rows:
    """A query of one row, with the audit record of reading its `people`."""
    shown = query.cte("shown")
    record = (
        func.jsonb_to_record(cast(bindparam("look", type_=Text, required=False), JSONB))
        .table_valued(
            *[column(name, Text) for name in _COLUMNS[:5]],
            column("institution_id", Uuid),
            column("detail", JSONB),
        )
        .render_derived(with_types=True)
    )
    unnested = func.unnest(shown.c.people).table_valued("person").render_derived()
    person = unnested.c.person
    # Sorted, each once: as in records that are statements of their own.
    each = func.jsonb_agg(aggregate_order_by(person.distinct(), person))
    people = select(func.coalesce(each, literal_column("CAST('[]' AS jsonb)")))
    people = people.where(person.is_not(None))
    detail = func.jsonb_set(
        record.c.detail, literal_column("'{people}'"), people.scalar_subquery()
    )
    of_row = shown.c if "county_terc" in shown.c else record.c
    values: dict[str, Any] = {name: record.c[name] for name in _COLUMNS[:-1]}
    values |= {"county_terc": of_row.county_terc, "detail": detail}
    values["trace_id"] = cast(bindparam("trace", type_=Text, required=False), Text)
    new_record = select(*[values[name] for name in _COLUMNS]).select_from(shown, record)
    writing = insert(AUDIT_RECORDS).from_select(
        _COLUMNS,
        new_record.where(func.cardinality(shown.c.people) > literal_column("0")),
    )
    rest = [each for each in shown.c if each.name != "people"]
    answer: Rows = select(*rest).add_cte(writing.cte("noted"))
    return answer
