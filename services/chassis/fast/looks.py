"""A look at people's data and its audit record in one statement.

Apart they are two ways to the database. Together no answer can leave without the record
either: they are written and shown by the same transaction, or not at all.
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
    """What is noted of a look, beside whom it showed."""

    action: str
    subject: Subject
    detail: Mapping[str, Any] = {}


def goes_at_once(
    reading: AuditedReading, terms: ListTerms, query: ListQuery, listed: Listed
) -> bool:
    """Whether a page and its record are one statement: nothing may fail after it."""
    return not (
        reading.records_apart
        or listed.values is None
        or query.fields is not None
        or terms.counting is not None
    )


async def looked_page(
    reading: AuditedReading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    look: tuple[LookRecord, str],
) -> ItemPage:
    """One page; `look`: what is noted, and the field that says whom an item is about."""
    record, person = look

    async def ask(
        _: Reading,
        shape: PageShape,
        marks: Mapping[str, str],
        values: Mapping[str, Any] | None,
    ) -> Sequence[Any]:
        asked = shape._replace(person=person)
        made = _kept_page if shape.is_kept else _page_text
        row = await _fetch(reading, made(asked), {**(values or {}), **marks}, record)
        return tuple(row or ())

    page = await page_of(reading, terms, query, listed, ask)
    # Of nobody the statement notes nothing: the endpoint may find that nothing is there.
    if not page.items:
        detail = {**record.detail, "people": []}
        reading.record(record.action, record.subject, **detail)
    return page


def _page_text(shape: PageShape) -> DriverText:
    return as_text(recorded(page_statement(shape)))


_kept_page = lru_cache(maxsize=256)(_page_text)


async def look_at(
    reading: AuditedReading, question: Rows, values: Mapping[str, Any], look: LookRecord
) -> dict[str, Any] | None:
    """The row of a kept question, and the look at its `people` noted; None without one.

    The record's county is the row's `county_terc`. Of a row without people none is
    written.
    """
    row = await _fetch(reading, _row_text(question), values, look)
    return None if row is None else dict(row.items())


@lru_cache(maxsize=256)
def _row_text(question: Rows) -> DriverText:
    return as_text(recorded(question))


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
    # Past `has_written`: what is written is the record, after which nothing is asked.
    return await driver.fetchrow(text.sql, *text.bound(bound))


_NOTED = (
    "actor",
    "action",
    "subject",
    "outcome",
    "county_terc",
    "institution_id",
    "detail",
    "trace_id",
)


def recorded(question: Rows) -> Rows:
    """A question of one row, with the audit record of the look at its `people`."""
    shown = question.cte("shown")
    given = (
        func.jsonb_to_record(cast(bindparam("look", type_=Text, required=False), JSONB))
        .table_valued(
            *[column(name, Text) for name in _NOTED[:5]],
            column("institution_id", Uuid),
            column("detail", JSONB),
        )
        .render_derived(with_types=True)
    )
    seen = func.unnest(shown.c.people).table_valued("person").render_derived()
    person = seen.c.person
    # In one order, each once: as the record names them that is written apart.
    each = func.jsonb_agg(aggregate_order_by(person.distinct(), person))
    people = select(func.coalesce(each, literal_column("CAST('[]' AS jsonb)")))
    people = people.where(person.is_not(None))
    detail = func.jsonb_set(
        given.c.detail, literal_column("'{people}'"), people.scalar_subquery()
    )
    of_row = shown.c if "county_terc" in shown.c else given.c
    values: dict[str, Any] = {name: given.c[name] for name in _NOTED[:-1]}
    values |= {"county_terc": of_row.county_terc, "detail": detail}
    values["trace_id"] = cast(bindparam("trace", type_=Text, required=False), Text)
    noted = select(*[values[name] for name in _NOTED]).select_from(shown, given)
    writing = insert(AUDIT_RECORDS).from_select(
        _NOTED, noted.where(func.cardinality(shown.c.people) > literal_column("0"))
    )
    rest = [each for each in shown.c if each.name != "people"]
    answer: Rows = select(*rest).add_cte(writing.cte("noted"))
    return answer
