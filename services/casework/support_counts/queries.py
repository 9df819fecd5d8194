"""Counts of support: one query over the records within the caller's reach."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    distinct,
    func,
    literal_column,
    select,
    tuple_,
)

from services.casework.permissions import Permission
from services.casework.support_counts.schemas import CountsQuery, CountsRead
from services.casework.support_events.queries import COUNTS, EVENTS, reach
from services.chassis.data.work import Reading


def _presences(query: CountsQuery) -> Select[Any]:
    """SELECT of each presence at a meeting: kind, form, meeting, and person."""
    columns = EVENTS.c
    present = func.unnest(columns.present).label("person_id")
    # A group meeting has one record for each child, but counts as one meeting.
    meeting = func.coalesce(columns.group_id, columns.id).label("meeting_id")
    statement = select(columns.kind, columns.form, meeting, present).where(COUNTS)
    filters = {
        columns.county_terc: query.county_terc,
        columns.institution_id: query.institution_id,
    }
    statement = statement.where(*[c == v for c, v in filters.items() if v is not None])
    if query.from_ is not None:
        statement = statement.where(columns.occurred_on >= query.from_)
    if query.to is not None:
        statement = statement.where(columns.occurred_on <= query.to)
    return statement


def _grouped(reached: ColumnElement[bool], query: CountsQuery) -> Select[Any]:
    """SELECT of forms and beneficiaries: in total, by kind, by form, and by both."""
    columns = _presences(query).where(reached).subquery().c
    sets: tuple[Any, ...] = (
        tuple_(columns.kind, columns.form),
        tuple_(columns.kind),
        tuple_(columns.form),
        # SQLAlchemy has no construct for the empty set, which is the total.
        literal_column("()"),
    )
    statement = select(
        columns.kind,
        columns.form,
        func.count(distinct(columns.meeting_id)).label("forms"),
        func.count(distinct(columns.person_id)).label("beneficiaries"),
    )
    grouped = statement.group_by(func.grouping_sets(*sets))
    return grouped.order_by(columns.kind, columns.form)


async def get_counts(reading: Reading, query: CountsQuery) -> CountsRead:
    """Forms and beneficiaries by the definitions of SIO.

    Source: the instruction of the education information system for counselling centres.
    """
    reached = reach(reading.caller, Permission.READ_SUPPORT_EVENTS)
    rows = [row._mapping for row in await reading.rows(_grouped(reached, query))]
    # Every event has a kind and a form, so NULL means the sum over all.
    [total] = [row for row in rows if not (row["kind"] or row["form"])]
    return CountsRead.model_validate(
        {
            **total,
            "county_terc": query.county_terc,
            "institution_id": query.institution_id,
            "starts_on": query.from_,
            "ends_on": query.to,
            "by_kind": [row for row in rows if row["kind"] and not row["form"]],
            "by_form": [row for row in rows if row["form"] and not row["kind"]],
            "by_kind_and_form": [row for row in rows if row["kind"] and row["form"]],
        }
    )
