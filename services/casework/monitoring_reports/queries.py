"""Every query on the monitoring reports."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Numeric,
    Text,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.casework.monitoring_reports import statements
from services.casework.monitoring_reports.models import MonitoringReport
from services.casework.monitoring_reports.rules.life import ReportState, allowed_verbs
from services.casework.monitoring_reports.rules.tables import (
    Cell,
    Figures,
    Line,
    lines_of,
    lines_of_sum,
    published,
    tabulate,
)
from services.casework.monitoring_reports.schemas import (
    FiguresRead,
    MonitoringReportList,
    MonitoringReportRead,
    MonitoringReportSummary,
    SumRead,
    TotalsQuery,
    TotalsRead,
)
from services.casework.permissions import Permission
from services.casework.problems import MonitoringReportNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import reaches, within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

REPORTS = rows_of(MonitoringReport)
_LIST = Filtered(
    Listing(
        {name: REPORTS.c[name] for name in MonitoringReportSummary.model_fields},
        {
            "starts_on": REPORTS.c.starts_on,
            "county_terc": REPORTS.c.county_terc,
            "changed_at": REPORTS.c.changed_at,
        },
        "-starts_on,county_terc",
        REPORTS.c.id,
    ),
    REPORTS,
    {
        "county_terc": Filter(REPORTS.c.county_terc),
        "state": Filter(REPORTS.c.state),
        "starts_from": Filter(REPORTS.c.starts_on, "from"),
        "ends_to": Filter(REPORTS.c.ends_on, "to"),
        "due_to": Filter(REPORTS.c.due_on, "to"),
        "is_late": Filter(REPORTS.c.is_late),
    },
    county=REPORTS.c.county_terc,
)
# Without returned reports: their figures are being corrected.
_PUBLISHED = (ReportState.SUBMITTED, ReportState.ACCEPTED)


def sees_records(caller: Caller, county_terc: str) -> bool:
    """Whether the caller may read the county's cases,
    and therefore sees the exact figures.
    """
    # Not by the permission for reports: a caller
    # who may read the cases can count them anyway.
    return reaches(caller, Permission.READ_CASES, county=county_terc)


def _is_shown(caller: Caller) -> ColumnElement[bool]:
    """SQL condition: drafts are visible only to their own county."""
    own = within(caller, Permission.READ_CASES, county=REPORTS.c.county_terc)
    return or_(REPORTS.c.state != ReportState.DRAFT, own)


def list_reports(query: MonitoringReportList, caller: Caller) -> Listed:
    """The reports that a list shows, without their figures."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    listed = filtered(_LIST, values, caller, Permission.READ_MONITORING_REPORTS)
    return listed.where(_is_shown(caller))


def _select(report_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(REPORTS)
    reach = within(caller, permission, county=REPORTS.c.county_terc)
    return statement.where(REPORTS.c.id == report_id, reach, _is_shown(caller))


async def get_report(reading: Reading, report_id: UUID) -> MonitoringReport:
    """One report within the caller's reach."""
    permission = Permission.READ_MONITORING_REPORTS
    statement = _select(report_id, reading.caller, permission)
    return await reading.instance(MonitoringReport, statement, MonitoringReportNotFound)


async def lock_report(
    change: Change, report_id: UUID, permission: Permission
) -> MonitoringReport:
    """One report within the caller's reach, locked until the transaction ends."""
    statement = _select(report_id, change.caller, permission).with_for_update()
    return await change.instance(MonitoringReport, statement, MonitoringReportNotFound)


async def find_last_report(
    reading: Reading, county_terc: str, before: date | None = None
) -> MonitoringReport | None:
    """The last report of a county; with `before`,
    the last one that begins before that day.
    """
    # In any state: a draft occupies its period as well.
    statement = select(REPORTS).where(REPORTS.c.county_terc == county_terc)
    if before is not None:
        statement = statement.where(REPORTS.c.starts_on < before)
    row = await reading.find(statement.order_by(REPORTS.c.starts_on.desc()).limit(1))
    return None if row is None else MonitoringReport(**row._mapping)


async def get_figures(
    reading: Reading, county_terc: str, starts_on: date, ends_on: date, today: date
) -> Figures:
    """The figures of a county and a period, from the present records."""
    period = (county_terc, starts_on, ends_on)
    rows = []
    for statement in statements.OF_PERIOD:
        rows += await reading.fetch(statement, *period)
    # "Overdue" also depends on today, which may be within the period.
    rows += await reading.fetch(statements.RECOMMENDATIONS, *period, today)
    return tabulate(
        Cell(name, category, records, children, from_json(measures))
        for name, category, records, children, measures in rows
    )


def lines_for(report: MonitoringReport, caller: Caller) -> Sequence[Line]:
    """The figures of a report as the caller may see them."""
    return lines_of(_visible_figures(report, caller))


def _visible_figures(report: MonitoringReport, caller: Caller) -> Figures:
    # Other callers see only released tables: the newest figures may differ from these
    # by one child.
    own = sees_records(caller, report.county_terc)
    return report.figures if own else published(report.released)


def figures_for(report: MonitoringReport, caller: Caller) -> FiguresRead:
    """The figures of a report as the caller may see them,
    with a flag whether they are protected.
    """
    items = [line._asdict() for line in lines_for(report, caller)]
    is_protected = not sees_records(caller, report.county_terc)
    return FiguresRead.model_validate({"is_protected": is_protected, "items": items})


def stored_report(reading: Reading, report: MonitoringReport) -> Stored:
    """A report as the caller is shown it."""
    # These two are computed below: figures depend on the caller, verbs on the state.
    field_names = {*MonitoringReportRead.model_fields} - {"figures", "allowed"}
    body = MonitoringReportRead(
        **report.model_dump(include=field_names),
        figures=figures_for(report, reading.caller),
        allowed=allowed_verbs(ReportState(report.state)),
    )
    return Stored(report.id, report.version, body.model_dump_json())


async def get_totals(reading: Reading, query: TotalsQuery) -> TotalsRead:
    """The sums over the submitted and accepted reports of one period, of what the
    caller may see of each.
    """
    caller = reading.caller
    permission = Permission.READ_MONITORING_REPORTS
    statement = select(REPORTS).where(
        REPORTS.c.starts_on == query.starts_on,
        REPORTS.c.ends_on == query.ends_on,
        REPORTS.c.state.in_(_PUBLISHED),
        within(caller, permission, county=REPORTS.c.county_terc),
    )
    rows = await reading.rows(statement.order_by(REPORTS.c.county_terc))
    reports = [MonitoringReport(**row._mapping) for row in rows]
    figures = [_visible_figures(each, caller) for each in reports]
    items = [SumRead(**line._asdict()) for line in lines_of_sum(figures)]
    return TotalsRead(
        starts_on=query.starts_on,
        ends_on=query.ends_on,
        reports=len(reports),
        items=items,
    )


# Column types of a file: numbers written as text could not be summed.
_TYPES: dict[str, Any] = {
    "value": Numeric,
    "is_suppressed": Boolean,
    "counties": Integer,
}


def rows_of_lines(lines: Iterable[Any], names: Iterable[str]) -> Rows:
    """Lines as a SELECT, because files are written from SELECTs."""
    columns = [column(name, _TYPES.get(name, Text)) for name in names]
    lines_json = json.dumps([line.model_dump(mode="json") for line in lines])
    # Bound as text: a parameter of type JSONB would be made JSON a second time.
    records = func.jsonb_to_recordset(cast(bindparam("rows", lines_json, Text), JSONB))
    table = records.table_valued(*columns).render_derived(with_types=True)
    statement: Rows = select(table)
    return statement
