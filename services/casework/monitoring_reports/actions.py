"""Every change of a monitoring report: figures are computed, people comment and decide."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.monitoring_reports import queries, statements
from services.casework.monitoring_reports.models import MonitoringReport
from services.casework.monitoring_reports.rules.life import (
    TRANSITIONS,
    ReportFacts,
    ReportState,
    ReportVerb,
    allowed_verbs,
    due_on,
    missing,
    period_errors,
)
from services.casework.monitoring_reports.rules.releases import Earlier, next_figures
from services.casework.monitoring_reports.schemas import (
    MonitoringReportCreate,
    MonitoringReportUpdate,
)
from services.casework.permissions import Permission
from services.casework.problems import (
    DecidedByAuthor,
    MonitoringReportNotReady,
    ReportOutOfOrder,
)
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand

_WRITE = Permission.WRITE_MONITORING_REPORTS
_DECIDE = Permission.DECIDE_MONITORING_REPORTS


def _record(change: Change, action: str, report: MonitoringReport, event: str) -> None:
    path = f"monitoring-reports/{report.id}"
    subject = Subject(path, report.version, report.county_terc)
    change.record(action, subject, f"monitoring-report.{event}")


def _day(moment: datetime) -> date:
    return moment.astimezone(CIVIL_TIME).date()


async def draft_report(
    change: Change, new: MonitoringReportCreate, now: datetime
) -> Stored:
    """Draft the next report of a county, with the figures of this moment."""
    county, today = new.county_terc, _day(now)
    demand(change.caller, _WRITE, county=county)
    refuse(*period_errors(new.starts_on, new.ends_on, today))
    # Two drafts at once would both follow the same last report.
    await change.run(statements.ONE_COUNTY_AT_A_TIME, county)
    last = await queries.find_last_report(change, county)
    if last is not None and new.starts_on <= last.ends_on:
        raise ReportOutOfOrder(last_ends_on=last.ends_on.isoformat())
    figures = await queries.get_figures(
        change, county, new.starts_on, new.ends_on, today
    )
    values = new.model_dump() | {
        "due_on": due_on(new.ends_on),
        "state": ReportState.DRAFT,
        "figures": figures,
        "computed_at": now,
        "author": change.caller.subject,
    }
    statement = insert(MonitoringReport).values(**values).returning(*queries.REPORTS.c)
    report = MonitoringReport(**(await change.one(statement))._mapping)
    _record(change, "draft_monitoring_report", report, "drafted")
    return queries.stored_report(change, report)


async def _lock(
    change: Change, report_id: UUID, verb: ReportVerb, version: int
) -> MonitoringReport:
    """A report on which the verb is carried out, locked; StateConflict where its state
    does not allow it.
    """
    # Two roles act on a report: the county writes it, and the programme decides on it.
    decides = verb in {ReportVerb.ACCEPT, ReportVerb.RETURN}
    permission = _DECIDE if decides else _WRITE
    report = await queries.lock_report(change, report_id, permission)
    require_version(report.version, version)
    state = ReportState(report.state)
    if verb not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    return report


async def _change(
    change: Change, report: MonitoringReport, verb: ReportVerb, **values: Any
) -> Stored:
    """Give a report these values and the state that the verb leads to, and write the
    audit record and event.
    """
    state = TRANSITIONS[ReportState(report.state)][verb]
    statement = (
        update(MonitoringReport)
        .where(col(MonitoringReport.id) == report.id)
        .values(
            **values,
            state=state,
            version=MonitoringReport.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.REPORTS.c)
    )
    changed = MonitoringReport(**(await change.one(statement))._mapping)
    is_move = state != report.state
    event = state.value if is_move else "changed"
    _record(change, f"{verb.value}_monitoring_report", changed, event)
    return queries.stored_report(change, changed)


async def recompute_report(
    change: Change, report_id: UUID, version: int, now: datetime
) -> Stored:
    """Compute the figures of a draft or a returned report again."""
    report = await _lock(change, report_id, ReportVerb.RECOMPUTE, version)
    period = (report.county_terc, report.starts_on, report.ends_on)
    # Always counted from the beginning: corrected records must not count twice.
    figures = await queries.get_figures(change, *period, _day(now))
    values = {"figures": figures, "computed_at": now}
    return await _change(change, report, ReportVerb.RECOMPUTE, **values)


async def comment_on_report(
    change: Change, report_id: UUID, patch: MonitoringReportUpdate, version: int
) -> Stored:
    """Write the comment on a report's figures."""
    report = await _lock(change, report_id, ReportVerb.COMMENT, version)
    values = patch.model_dump(exclude_unset=True)
    return await _change(change, report, ReportVerb.COMMENT, **values)


async def submit_report(
    change: Change, report_id: UUID, version: int, now: datetime
) -> Stored:
    """Submit a report, and release the tables that may be published.

    MonitoringReportNotReady unless the period is over, the figures cover all of it, and
    the county's report before it is accepted.
    """
    report = await _lock(change, report_id, ReportVerb.SUBMIT, version)
    # Read without a lock: only an accepted report counts,
    # and accepted reports do not change.
    earlier = await queries.find_last_report(
        change, report.county_terc, report.starts_on
    )
    state = None if earlier is None else ReportState(earlier.state)
    facts = ReportFacts(report.ends_on, _day(report.computed_at), state)
    lacking = missing(facts, _day(now))
    if lacking:
        raise MonitoringReportNotReady(missing=[need.value for need in lacking])
    before = None
    if earlier is not None:
        follows_on = earlier.ends_on + timedelta(days=1)
        before = Earlier(earlier.released, report.starts_on == follows_on)
    is_first = report.submitted_at is None
    return await _change(
        change,
        report,
        ReportVerb.SUBMIT,
        # Released before the decision: the programme must see the tables
        # on which it decides.
        released=next_figures(report.figures, report.released, before),
        submitted_at=now,
        submitted_by=change.caller.subject,
        # By the first submission: a returned report is not late
        # because it was corrected.
        is_late=_day(now) > report.due_on if is_first else report.is_late,
        # The former decision was on other figures.
        decided_by=None,
        returning_reason=None,
    )


async def decide_report(
    change: Change,
    report_id: UUID,
    verb: ReportVerb,
    version: int,
    reason: str | None = None,
) -> Stored:
    """Accept a report, or return it with a reason; DecidedByAuthor where the caller has
    written or submitted it.
    """
    report = await _lock(change, report_id, verb, version)
    caller = change.caller.subject
    # Also for callers with both roles: nobody accepts their own figures.
    if caller in {report.author, report.submitted_by}:
        raise DecidedByAuthor()
    return await _change(
        change, report, verb, decided_by=caller, returning_reason=reason
    )
