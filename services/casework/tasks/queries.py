"""The list of tasks: one question over everything that has a day,
computed anew at each look.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.casework.break_glass.models import BreakGlass
from services.casework.break_glass.rules import REVIEWED_WITHIN
from services.casework.case_transfers.models import CaseTransfer
from services.casework.cases.queries import CASES
from services.casework.data_subject_requests.models import DataSubjectRequest
from services.casework.document_deadlines.queries import list_deadlines
from services.casework.document_deadlines.schemas import DeadlineList, DocumentDeadline
from services.casework.documents.rules.deadlines import DeadlineCode
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.merges.models import Merge
from services.casework.monitoring_reports.models import MonitoringReport
from services.casework.permissions import Permission
from services.casework.task_sources.queries import (
    Part,
    day_of,
    of_cases,
    of_plans,
    of_referrals,
    part_of,
    seen,
)
from services.casework.tasks.rules import TITLES, soon_until
from services.casework.tasks.schemas import TaskList, TaskRead
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

_TRANSFERS = rows_of(CaseTransfer)
_REQUESTS = rows_of(DataSubjectRequest)
_GLASSES = rows_of(BreakGlass)
_MERGES = rows_of(Merge)
_REPORTS = rows_of(MonitoringReport)


class TaskDate(NamedTuple):
    """A task as a calendar needs it."""

    task: str
    title: str
    due_on: date
    starts_at: datetime | None
    person_id: UUID | None
    case_number: str | None


class TaskRows(NamedTuple):
    """The union with what is computed of each row."""

    rows: Rows
    wire: dict[str, ColumnElement[Any]]


# Without own emergency accesses and own merges: somebody else decides on these.
def _of_county(caller: Caller, today: date) -> Iterator[Rows]:
    """Transfers, requests, emergency accesses, merges and reports to decide on."""
    days = in_force(LAWS.attention, today)

    def after(instant: ColumnElement[Any], number: int) -> ColumnElement[Any]:
        return cast(day_of(instant) + literal(number), Date)

    # A task of the county that is to answer; the other one has done its part.
    to_county = _TRANSFERS.c.to_county_terc
    due_on = after(_TRANSFERS.c.created_at, days.transfer_days)
    transfer = Part("case_transfer", _TRANSFERS, due_on, "case-transfers")
    yield part_of(transfer, county_terc=to_county).where(
        _TRANSFERS.c.state == "proposed",
        within(caller, Permission.TRANSFER_CASES, county=to_county),
    )
    request = Part(
        "data_subject_request", _REQUESTS, _REQUESTS.c.due_on, "data-subject-requests"
    )
    county = _REQUESTS.c.county_terc
    yield part_of(request).where(
        _REQUESTS.c.ended_on.is_(None),
        within(caller, Permission.DECIDE_REQUESTS, county=county),
    )
    due_on = day_of(_GLASSES.c.opened_at + literal(REVIEWED_WITHIN))
    glass = Part("break_glass_review", _GLASSES, due_on, "break-glass")
    county = _GLASSES.c.county_terc
    yield part_of(glass).where(
        _GLASSES.c.reviewed_at.is_(None),
        _GLASSES.c.subject != caller.subject,
        within(caller, Permission.REVIEW_BREAK_GLASS, county=county),
    )
    due_on = after(_MERGES.c.created_at, days.merge_days)
    merge = Part("merge", _MERGES, due_on, "merges")
    county = _MERGES.c.county_terc
    yield part_of(merge, person_id=_MERGES.c.kept_id).where(
        _MERGES.c.state == "proposed",
        _MERGES.c.proposed_by != caller.subject,
        within(caller, Permission.MERGE_PEOPLE, county=county),
    )
    yield _of_reports(caller)


def _of_reports(caller: Caller) -> Rows:
    """Reports that a county still writes,
    and those that wait for the programme's decision.
    """
    columns = _REPORTS.c
    writes, decides = (
        within(caller, permission, county=columns.county_terc)
        for permission in (
            Permission.WRITE_MONITORING_REPORTS,
            Permission.DECIDE_MONITORING_REPORTS,
        )
    )
    part = Part("monitoring_report", _REPORTS, columns.due_on, "monitoring-reports")
    return part_of(part).where(
        or_(
            and_(columns.state.in_(("draft", "returned")), writes),
            and_(columns.state == "submitted", decides),
        )
    )


def _of_documents(caller: Caller, found: Sequence[DocumentDeadline]) -> Rows:
    """What falls due by documents.

    The law is counted by the rules, so the rows arrive as one value, however many.
    """
    names = {"person_id", "case_id", "county_terc", "code", "due_on"}
    told = to_json(
        [{"id": each.document_id, **each.model_dump(include=names)} for each in found]
    )
    rows = (
        func.jsonb_to_recordset(cast(literal(told.decode(), Text), JSONB))
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
    # Both assessments of a school year have the same code, and days of their own.
    is_second = rows.c.code == DeadlineCode.WOPFU.value
    day = case((is_second, literal(":") + cast(rows.c.due_on, Text)), else_="")
    key = literal("document:") + cast(rows.c.id, Text) + ":" + rows.c.code + day
    reads = Permission.READ_DOCUMENTS
    reach = seen(caller, reads, rows, case_id=rows.c.case_id)
    return part_of(part, id=key).where(reach)


async def get_task_rows(reading: Reading, today: date, due_to: date) -> TaskRows:
    """Everything that the caller has to do, or to see done, up to a day."""
    caller = reading.caller
    found = await list_deadlines(reading, DeadlineList(due_to=due_to), today)
    parts = [
        *of_plans(caller),
        of_referrals(caller),
        *of_cases(caller, today),
        *_of_county(caller, today),
    ]
    if found:
        parts.append(_of_documents(caller, found))
    # `ALL`: every key is there once, and to look for doubles would sort everything.
    tasks = union_all(*parts).subquery("tasks")
    responsible = func.coalesce(tasks.c.assignee, CASES.c.coordinator)
    computed = {
        "case_number": CASES.c.number,
        "is_overdue": tasks.c.due_on < literal(today, Date),
        "responsible": responsible,
        # Null where nobody is responsible, which is not the caller.
        "is_mine": func.coalesce(responsible == caller.subject, False),
        "title_pl": _titled(tasks.c.title, "pl"),
        "title_en": _titled(tasks.c.title, "en"),
    }
    wire = {
        name: computed[name] if name in computed else tasks.c[name]
        for name in TaskRead.model_fields
    }
    with_cases = tasks.outerjoin(CASES, CASES.c.id == tasks.c.case_id)
    rows: Rows = select(tasks).select_from(with_cases)
    return TaskRows(rows.where(tasks.c.due_on <= literal(due_to, Date)), wire)


def _titled(code: ColumnElement[Any], language: str) -> ColumnElement[str]:
    titles = {name: getattr(title, language) for name, title in TITLES.items()}
    return case(titles, value=code)


async def list_tasks(reading: Reading, query: TaskList, today: date) -> Listed:
    """The tasks that a list shows, the longest overdue first."""
    due_to = query.due_to or soon_until(today)
    rows, wire = await get_task_rows(reading, today, due_to)
    for name in ("is_overdue", "is_mine", "case_id"):
        if (value := getattr(query, name)) is not None:
            rows = rows.where(wire[name] == value)
    for name in ("kind", "county_terc"):
        if several := getattr(query, name):
            rows = rows.where(wire[name].in_([*several]))
    sortable = {"due_on": wire["due_on"]}
    return Listed(Listing(wire, sortable, "due_on", wire["id"]), rows)


async def list_dates(reading: Reading, today: date, due_to: date) -> Sequence[TaskDate]:
    """The caller's own dates: what they are to do, what nobody is named for, and as a
    guardian their child's.
    """
    rows, wire = await get_task_rows(reading, today, due_to)
    # A guardian also gets what others are to do for the child.
    if "guardian" not in reading.caller.roles:
        rows = rows.where(or_(wire["is_mine"], wire["responsible"].is_(None)))
    title = rows.selected_columns["title"]
    columns = (
        wire["id"],
        title,
        *[wire[name] for name in ("due_on", "starts_at", "person_id", "case_number")],
    )
    chosen = rows.with_only_columns(*columns, maintain_column_froms=True)
    found = await reading.rows(chosen.order_by(wire["due_on"], wire["id"]))
    return [TaskDate(*row) for row in found]
