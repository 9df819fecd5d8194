"""/monitoring-reports."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.casework.demands import (
    CanDecideMonitoringReports,
    CanReadMonitoringReports,
    CanWriteMonitoringReports,
)
from services.casework.monitoring_reports import actions, queries
from services.casework.monitoring_reports.rules.life import ReportVerb
from services.casework.monitoring_reports.schemas import (
    FigureRead,
    FiguresRead,
    FileOfFigures,
    MonitoringReportCreate,
    MonitoringReportList,
    MonitoringReportRead,
    MonitoringReportReturn,
    MonitoringReportSummary,
    MonitoringReportUpdate,
    SumRead,
    TotalsQuery,
    TotalsRead,
)
from services.casework.problems import (
    DecidedByAuthor,
    MonitoringReportNotFound,
    MonitoringReportNotReady,
    ReportOutOfOrder,
)
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import Export, chosen_format, files
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Change, Reading

router = slice_router(prefix="/monitoring-reports", tags=["monitoring-reports"])
_FILES = files("csv", "xlsx", "ndjson")
# No ETag either: sums come from many reports,
# and the visible figures depend on the caller.
_NO_CACHE = {"cache-control": "no-cache"}
_MOVE = (
    MonitoringReportNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[MonitoringReportSummary]))
async def list_monitoring_reports(
    caller: CanReadMonitoringReports,
    reading: Reading,
    terms: Terms,
    query: Annotated[MonitoringReportList, Query()],
) -> Answer:
    """Reports of the caller's counties; for callers who decide on reports, submitted
    ones of every county.
    """
    # Not audited: reports are counts of a county and name no child.
    listed = queries.list_reports(query, caller)
    return page_answer(await page_of(reading, terms, query, listed), terms)


# Before `/{report_id}`: the word would be taken for the id of a report.
@router.get("/totals", responses=answers(TotalsRead, NotAcceptable, files=_FILES))
async def get_monitoring_totals(
    caller: CanReadMonitoringReports,
    reading: Reading,
    request: Request,
    terms: Terms,
    query: Annotated[TotalsQuery, Query()],
) -> Response:
    """The sums over the submitted and accepted reports of one period, of the figures
    that the caller may see.

    Each sum has the number of counties in it. Means,
    medians and quartiles are not summed.
    """
    format_ = chosen_format(terms.accept, query.format)
    totals = await queries.get_totals(reading, query)
    if format_ is None:
        return Answer(totals.model_dump_json(), headers=_NO_CACHE)
    # `Accept` may ask for GeoJSON, which only lists of institutions have.
    if format_ == "geojson":
        raise NotAcceptable(reason="no_point")
    rows = queries.rows_of_lines(totals.items, SumRead.model_fields)
    name = "monitoring-totals"
    return Export(request, caller, rows, name, format_, query.dialect)


@router.post(
    "",
    status_code=201,
    responses=answers(MonitoringReportRead, OutsideScope, ReportOutOfOrder, status=201),
)
async def draft_monitoring_report(
    caller: CanWriteMonitoringReports, change: Change, new: MonitoringReportCreate
) -> Answer:
    """Draft the report of a county and a period, with figures computed
    from the present records.
    """
    report = await actions.draft_report(change, new, clock.now())
    return created_answer(report, f"/v1/casework/monitoring-reports/{report.key}")


@router.get(
    "/{report_id}", responses=answers(MonitoringReportRead, MonitoringReportNotFound)
)
async def get_monitoring_report(
    caller: CanReadMonitoringReports, reading: Reading, terms: Terms, report_id: Id
) -> Answer:
    """One report with its figures: exact for callers who may read the county's cases,
    as published for all others.

    A table is published whole or not at all: not where one of its categories has few
    records or few children (below the disclosure limit, but not 0). A published table
    is not replaced where a change is that small.
    """
    report = await queries.get_report(reading, report_id)
    return stored_answer(queries.stored_report(reading, report), terms)


@router.get(
    "/{report_id}/figures",
    responses=answers(
        FiguresRead, MonitoringReportNotFound, NotAcceptable, files=_FILES
    ),
)
async def get_monitoring_figures(
    caller: CanReadMonitoringReports,
    reading: Reading,
    request: Request,
    terms: Terms,
    report_id: Id,
    query: Annotated[FileOfFigures, Query()],
) -> Response:
    """Only the figures of a report, as JSON or as a file; protected like the report."""
    format_ = chosen_format(terms.accept, query.format)
    figures = queries.figures_for(await queries.get_report(reading, report_id), caller)
    if format_ is None:
        return Answer(figures.model_dump_json(), headers=_NO_CACHE)
    # `Accept` may ask for GeoJSON, but figures have no place on a map.
    if format_ == "geojson":
        raise NotAcceptable(reason="no_point")
    rows = queries.rows_of_lines(figures.items, FigureRead.model_fields)
    name = "monitoring-report"
    return Export(request, caller, rows, name, format_, query.dialect)


# Only the comment: figures that people can edit would prove nothing.
@router.patch("/{report_id}", responses=answers(MonitoringReportRead, *_MOVE))
async def comment_on_monitoring_report(
    caller: CanWriteMonitoringReports,
    change: Change,
    report_id: Id,
    patch: MonitoringReportUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Comment on the figures of a draft or a returned report. The figures themselves
    cannot be edited.
    """
    version = expected_version(if_match, report_id)
    return stored_answer(
        await actions.comment_on_report(change, report_id, patch, version)
    )


@router.post("/{report_id}/recompute", responses=answers(MonitoringReportRead, *_MOVE))
async def recompute_monitoring_report(
    caller: CanWriteMonitoringReports,
    change: Change,
    report_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Compute the figures of a draft or a returned report again,
    from the present records.
    """
    version = expected_version(if_match, report_id)
    return stored_answer(
        await actions.recompute_report(change, report_id, version, clock.now())
    )


@router.post(
    "/{report_id}/submit",
    responses=answers(MonitoringReportRead, MonitoringReportNotReady, *_MOVE),
)
async def submit_monitoring_report(
    caller: CanWriteMonitoringReports,
    change: Change,
    report_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Submit a draft or a returned report once its period is over, its figures cover
    the whole period, and the county's report before it is accepted. A report submitted
    after its due day is marked as late.
    """
    version = expected_version(if_match, report_id)
    return stored_answer(
        await actions.submit_report(change, report_id, version, clock.now())
    )


@router.post(
    "/{report_id}/accept",
    responses=answers(MonitoringReportRead, DecidedByAuthor, *_MOVE),
)
async def accept_monitoring_report(
    caller: CanDecideMonitoringReports,
    change: Change,
    report_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Accept a submitted report, as somebody who neither wrote nor submitted it."""
    version = expected_version(if_match, report_id)
    return stored_answer(
        # One action for `accept` and `return`, the two possible decisions.
        await actions.decide_report(change, report_id, ReportVerb.ACCEPT, version)
    )


@router.post(
    "/{report_id}/return",
    responses=answers(MonitoringReportRead, DecidedByAuthor, *_MOVE),
)
async def return_monitoring_report(
    caller: CanDecideMonitoringReports,
    change: Change,
    report_id: Id,
    returning: MonitoringReportReturn,
    if_match: IfMatch = None,
) -> Answer:
    """Return a submitted report, with a reason. Then it may be computed again,
    commented on and submitted again.
    """
    version = expected_version(if_match, report_id)
    return stored_answer(
        await actions.decide_report(
            change, report_id, ReportVerb.RETURN, version, returning.reason
        )
    )
