"""Monitoring reports on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.monitoring_reports.rules.life import ReportState, ReportVerb
from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Date, Note, QueryFlag, Wire
from services.chassis.web.listing import Dialect, ListQuery


class MonitoringReportCreate(Wire):
    """A new report of a county: its figures are computed from the records."""

    # Without figures: they are counted and not typed in.
    county_terc: CountyTerc
    starts_on: Date = Field(description="first day of the period")
    ends_on: Date = Field(
        description="last day; a county's periods follow each other without overlapping"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "county_terc": "2469",
                    "starts_on": "2026-07-01",
                    "ends_on": "2026-09-30",
                }
            ]
        }
    )


class MonitoringReportUpdate(Wire):
    """A merge patch: null clears."""

    # Not sealed: it is about a county, and the programme reads it.
    comment: Note | None = Field(
        default=None,
        description="what people say of the figures; nothing that tells of one person",
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"comment": "Od maja brak logopedy."}]}
    )


class MonitoringReportReturn(Wire):
    """Why a report is returned."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Brak wizyt za wrzesień."}]}
    )


class MonitoringReportSummary(BaseModel):
    """A report, as a list shows it."""

    id: UUID
    version: int
    county_terc: str
    starts_on: date
    ends_on: date
    due_on: date
    state: ReportState
    author: str
    submitted_by: str | None
    submitted_at: datetime | None
    is_late: bool = Field(description="it was first submitted after it was due")
    decided_by: str | None
    computed_at: datetime
    changed_at: datetime


class FigureRead(BaseModel):
    """One value of a report."""

    table: str
    category: str = Field(description="of a total `all`")
    measure: str = Field(
        description="how many `records`, of how many `children`, or another measure"
    )
    value: Decimal | None
    is_suppressed: bool = Field(
        description="not published: whoever may read the county's cases sees it"
    )


class FiguresRead(BaseModel):
    """The figures of a report."""

    is_protected: bool = Field(
        description="as published to who may not read the county's cases: a table is"
        " there whole or not at all, and never of few children"
    )
    items: list[FigureRead]


class MonitoringReportRead(MonitoringReportSummary):
    """A report with its figures, and what may be done next."""

    comment: str | None
    returning_reason: str | None
    figures: FiguresRead
    allowed: list[ReportVerb]


class MonitoringReportList(ListQuery):
    """Filters of reports."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: list[ReportState] | None = None
    starts_from: Date | None = None
    ends_to: Date | None = None
    due_to: Date | None = None
    is_late: QueryFlag | None = None


# No `ListQuery`: the figures of a report are few and are sent at once.
class FileOfFigures(BaseModel):
    """Figures as a file."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    format: Literal["csv", "xlsx", "ndjson"] | None = Field(
        default=None, description="a file in place of JSON"
    )
    dialect: Dialect | None = Field(
        default=None, description="CSV as a Polish Excel reads it"
    )


class TotalsQuery(FileOfFigures):
    """The period to be summed."""

    # Exactly both days of the period: overlapping periods would count a case twice.
    starts_on: Date = Field(examples=["2026-07-01"])
    ends_on: Date = Field(examples=["2026-09-30"])


class SumRead(FigureRead):
    """One sum over the counties for which the value is published."""

    counties: int | None = Field(description="how many counties are in it")


class TotalsRead(BaseModel):
    """The sums over the submitted and accepted reports of one period."""

    starts_on: date
    ends_on: date
    reports: int
    items: list[SumRead]
