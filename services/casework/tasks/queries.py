"""The list of tasks: one statement over everything with a due day,
computed at each request.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from services.casework.cases.queries import CASES
from services.casework.cases.rules import ENDED
from services.casework.county_task_sources.queries import of_county
from services.casework.document_deadlines.queries import list_deadlines
from services.casework.document_deadlines.schemas import DeadlineList, DocumentDeadline
from services.casework.documents.rules.deadlines import DeadlineCode
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.permissions import Permission
from services.casework.task_sources.queries import (
    OF_PLANS,
    SUBJECT,
    TODAY,
    Part,
    Scopes,
    is_visible,
    of_cases,
    of_plans,
    of_referrals,
    part_of,
)
from services.casework.tasks.rules import TITLES, soon_until
from services.casework.tasks.schemas import TaskList, TaskRead
from services.chassis.data.work import Reading, Rows
from services.chassis.trust.access import RowScope, reach_values, row_scope_of
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing


class TaskDate(NamedTuple):
    """A task with the fields that a calendar needs."""

    task: str
    title: str
    due_on: date
    starts_at: datetime | None
    person_id: UUID | None
    case_number: str | None


class TaskRows(NamedTuple):
    """The union of all tasks, with the columns computed for each row."""

    rows: Rows
    listing: Listing


_PERMISSIONS = (
    Permission.APPROVE_PLANS,
    Permission.DECIDE_MONITORING_REPORTS,
    Permission.DECIDE_REQUESTS,
    Permission.HANDLE_REFERRALS,
    Permission.MERGE_PEOPLE,
    Permission.READ_CASES,
    Permission.READ_DOCUMENTS,
    Permission.READ_PLANS,
    Permission.READ_REFERRALS,
    Permission.REVIEW_BREAK_GLASS,
    Permission.TRANSFER_CASES,
    Permission.WRITE_MONITORING_REPORTS,
)
# The filters of a query, with the types of their values.
_FILTERS: dict[str, TypeEngine[Any]] = {
    "is_overdue": Boolean(),
    "is_mine": Boolean(),
    "case_id": Uuid(),
    "kind": ARRAY(Text),
    "county_terc": ARRAY(Text),
}


def _of_documents(scopes: Scopes) -> Rows:
    """Deadlines of documents.

    The rules compute the deadlines in Python, so the rows are passed
    as one JSON parameter.
    """
    deadlines = bindparam("deadlines", type_=Text, required=False)
    rows = (
        func.jsonb_to_recordset(cast(deadlines, JSONB))
        .table_valued(
            column("id", Uuid),
            column("person_id", Uuid),
            column("case_id", Uuid),
            column("county_terc", Text),
            column("code", Text),
            column("due_on", Date),
            name="deadlines",
        )
        .render_derived(with_types=True)
    )
    title = literal("document_") + rows.c.code
    part = Part("document", rows, rows.c.due_on, "documents", title=title)
    # The two assessments of a school year have the same code but different days.
    is_second = rows.c.code == DeadlineCode.WOPFU.value
    day = case((is_second, literal(":") + cast(rows.c.due_on, Text)), else_="")
    key = literal("document:") + cast(rows.c.id, Text) + ":" + rows.c.code + day
    reads = Permission.READ_DOCUMENTS
    reach = is_visible(scopes, reads, rows, case_id=rows.c.case_id)
    return part_of(part, id=key).where(reach)


def _deadlines_json(deadlines: Sequence[DocumentDeadline]) -> str:
    """The JSON of the rows of `_of_documents`."""
    names = {"person_id", "case_id", "county_terc", "code", "due_on"}
    rows = [
        {"id": each.document_id, **each.model_dump(include=names)} for each in deadlines
    ]
    return to_json(rows).decode()


@lru_cache(maxsize=64)
def _task_rows(shape: tuple[RowScope, ...]) -> TaskRows:
    """All tasks that callers of one shape can see, up to a day."""
    scopes = dict(zip(_PERMISSIONS, shape, strict=True))
    parts = [
        *of_plans(scopes),
        of_referrals(scopes),
        *of_cases(scopes),
        *of_county(scopes),
        _of_documents(scopes),
    ]
    # `ALL`: keys are unique, and removing duplicates would sort all rows.
    tasks = union_all(*parts).subquery("tasks")
    responsible = func.coalesce(tasks.c.assignee, CASES.c.coordinator)
    computed = {
        "case_number": CASES.c.number,
        "is_overdue": tasks.c.due_on < TODAY,
        "responsible": responsible,
        # NULL where nobody is responsible counts as False.
        "is_mine": func.coalesce(responsible == SUBJECT, False),
        "title_pl": _titled(tasks.c.title, "pl"),
        "title_en": _titled(tasks.c.title, "en"),
    }
    wire = {
        name: computed[name] if name in computed else tasks.c[name]
        for name in TaskRead.model_fields
    }
    with_cases = tasks.outerjoin(CASES, CASES.c.id == tasks.c.case_id)
    due_to = bindparam("due_to", type_=Date, required=False)
    rows: Rows = select(tasks).select_from(with_cases).where(tasks.c.due_on <= due_to)
    # A plan stays active when its case ends, but nobody carries it out any more.
    is_over = tasks.c.kind.in_(OF_PLANS) & CASES.c.state.in_(sorted(ENDED))
    rows = rows.where(is_over.is_not(True))
    return TaskRows(
        rows, Listing(wire, {"due_on": wire["due_on"]}, "due_on", wire["id"])
    )


@lru_cache(maxsize=256)
def _narrowed(shape: tuple[RowScope, ...], names: tuple[str, ...]) -> TaskRows:
    """The rows of `_task_rows`, with the filters of these names."""
    # Rows and listing come from the same union: columns of another one would be joined
    # to these rows.
    rows, listing = _task_rows(shape)
    for name in names:
        type_ = _FILTERS[name]
        parameter = bindparam(name, type_=type_, required=False)
        several = isinstance(type_, ARRAY)
        rows = rows.where(
            listing.wire[name] == (any_(parameter) if several else parameter)
        )
    return TaskRows(rows, listing)


def _shape_of(caller: Caller) -> tuple[RowScope, ...]:
    return tuple(row_scope_of(caller, permission) for permission in _PERMISSIONS)


async def _values(
    reading: Reading, shape: tuple[RowScope, ...], today: date, due_to: date
) -> dict[str, Any]:
    """The parameters of the rows."""
    caller, days = reading.caller, in_force(LAWS.attention, today)
    deadlines = await list_deadlines(reading, DeadlineList(due_to=due_to), today)
    values: dict[str, Any] = {
        "subject": caller.subject,
        "today": today,
        "due_to": due_to,
        "deadlines": _deadlines_json(deadlines),
        "transfer_days": days.transfer_days,
        "merge_days": days.merge_days,
        "stuck_days": days.stuck_days,
    }
    for scope in shape:
        values |= reach_values(caller, scope)
    return values


def _titled(code: ColumnElement[Any], language: str) -> ColumnElement[str]:
    titles = {name: getattr(title, language) for name, title in TITLES.items()}
    return case(titles, value=code)


async def list_tasks(reading: Reading, query: TaskList, today: date) -> Listed:
    """The tasks that a list shows, the longest overdue first."""
    shape = _shape_of(reading.caller)
    filters = {name: getattr(query, name) for name in _FILTERS}
    # An empty list does not filter.
    filters = {
        name: value for name, value in filters.items() if value not in (None, [])
    }
    due_to = query.due_to or soon_until(today)
    values = await _values(reading, shape, today, due_to)
    rows, listing = _narrowed(shape, (*filters,))
    return Listed(listing, rows, values | filters)


async def list_dates(reading: Reading, today: date, due_to: date) -> Sequence[TaskDate]:
    """The caller's own dates: their own tasks, tasks without a responsible person, and
    for a guardian those of the child.
    """
    shape = _shape_of(reading.caller)
    rows, listing = _task_rows(shape)
    wire = listing.wire
    # A guardian also gets tasks of others for the child.
    if "guardian" not in reading.caller.roles:
        rows = rows.where(or_(wire["is_mine"], wire["responsible"].is_(None)))
    title = rows.selected_columns["title"]
    columns = (
        wire["id"],
        title,
        *[wire[name] for name in ("due_on", "starts_at", "person_id", "case_number")],
    )
    statement = rows.with_only_columns(*columns, maintain_column_froms=True)
    values = await _values(reading, shape, today, due_to)
    dates = await reading.rows(statement.order_by(wire["due_on"], wire["id"]), values)
    return [TaskDate(*row) for row in dates]
