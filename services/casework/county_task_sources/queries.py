"""The tasks of a county: transfers, requests, emergency accesses, merges and reports
that wait for a decision.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, cast, literal, or_

from services.casework.break_glass.models import BreakGlass
from services.casework.break_glass.rules import REVIEWED_WITHIN
from services.casework.case_transfers.models import CaseTransfer
from services.casework.data_subject_requests.models import DataSubjectRequest
from services.casework.merges.models import Merge
from services.casework.monitoring_reports.models import MonitoringReport
from services.casework.permissions import Permission
from services.casework.task_sources.queries import (
    SUBJECT,
    Part,
    Scopes,
    day_of,
    is_reached,
    part_of,
)
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Rows

_TRANSFERS = rows_of(CaseTransfer)
_REQUESTS = rows_of(DataSubjectRequest)
_GLASSES = rows_of(BreakGlass)
_MERGES = rows_of(Merge)
_REPORTS = rows_of(MonitoringReport)


# Without the caller's own emergency accesses and merges:
# somebody else decides on these.
def of_county(scopes: Scopes) -> Iterator[Rows]:
    """Transfers, requests, emergency accesses, merges and reports to decide on."""

    def after(instant: ColumnElement[Any], days: str) -> ColumnElement[Any]:
        number = bindparam(days, type_=Integer, required=False)
        return cast(day_of(instant) + number, Date)

    # A task for the receiving county, which has to decide.
    to_county = _TRANSFERS.c.to_county_terc
    due_on = after(_TRANSFERS.c.created_at, "transfer_days")
    transfer = Part("case_transfer", _TRANSFERS, due_on, "case-transfers")
    yield part_of(transfer, county_terc=to_county).where(
        _TRANSFERS.c.state == "proposed",
        is_reached(scopes, Permission.TRANSFER_CASES, to_county),
    )
    request = Part(
        "data_subject_request", _REQUESTS, _REQUESTS.c.due_on, "data-subject-requests"
    )
    yield part_of(request).where(
        _REQUESTS.c.ended_on.is_(None),
        is_reached(scopes, Permission.DECIDE_REQUESTS, _REQUESTS.c.county_terc),
    )
    due_on = day_of(_GLASSES.c.opened_at + literal(REVIEWED_WITHIN))
    glass = Part("break_glass_review", _GLASSES, due_on, "break-glass")
    yield part_of(glass).where(
        _GLASSES.c.reviewed_at.is_(None),
        _GLASSES.c.subject != SUBJECT,
        is_reached(scopes, Permission.REVIEW_BREAK_GLASS, _GLASSES.c.county_terc),
    )
    due_on = after(_MERGES.c.created_at, "merge_days")
    merge = Part("merge", _MERGES, due_on, "merges")
    yield part_of(merge, person_id=_MERGES.c.kept_id).where(
        _MERGES.c.state == "proposed",
        _MERGES.c.proposed_by != SUBJECT,
        is_reached(scopes, Permission.MERGE_PEOPLE, _MERGES.c.county_terc),
    )
    yield _of_reports(scopes)


def _of_reports(scopes: Scopes) -> Rows:
    """Reports that a county is still writing, and those that wait
    for the programme's decision.
    """
    columns = _REPORTS.c
    writes, decides = (
        is_reached(scopes, permission, columns.county_terc)
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
