"""The audit trail, read: who did what to what, when and where, without content."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field, Strict, StringConstraints
from sqlalchemy import ColumnElement, select

from services.chassis.data import work
from services.chassis.data.effects import Subject
from services.chassis.data.tables import AUDIT_RECORDS
from services.chassis.data.work import Rows
from services.chassis.ground.problems import NotAcceptable
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Instant, Line
from services.chassis.serving.routes import SliceRouter, router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.chassis.web.listing import FileQuery, Listed, Page
from services.chassis.web.pages import Listing
from services.chassis.web.units import Change

CountyCode = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]


class AuditRecordRead(BaseModel):
    """One action on one subject, or one that was refused. Never its content."""

    id: int
    recorded_at: datetime
    actor: str = Field(description="`sub` of the caller")
    action: str
    subject: str = Field(description="as in the address; `access` of what was refused")
    outcome: str = Field(description="done, what became of the subject, or the refusal")
    county_terc: str | None
    trace_id: str = Field(description="leads to the log lines and to the event")


class AuditRecordList(FileQuery):
    """Filters of audit records."""

    actor: list[Line] | None = Field(default=None, max_length=20)
    action: list[Line] | None = Field(default=None, max_length=20)
    subject: list[Line] | None = Field(default=None, max_length=20)
    county_terc: list[CountyCode] | None = Field(default=None, max_length=400)
    recorded_from: Instant | None = None
    recorded_to: Instant | None = Field(default=None, description="not included")


_RECORDS = AUDIT_RECORDS.c
# `detail` is not shown: names of fields and counts may reveal content.
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _RECORDS[name] for name in AuditRecordRead.model_fields
}
_LISTING = Listing(
    _WIRE, {"recorded_at": _RECORDS.recorded_at}, "-recorded_at", _RECORDS.id
)
_ONE_OF = ("actor", "action", "subject", "county_terc")


def audit_trail(service: str, read: StrEnum) -> SliceRouter:
    """`GET …/audit-records` of a service, as far as the permission reaches."""
    trail = router(prefix="/audit-records", tags=["audit-records"])

    @trail.get(
        "",
        name=f"list_{service}_audit_records",
        responses=answers(
            Page[AuditRecordRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
        ),
    )
    async def list_audit_records(
        request: Request,
        caller: Annotated[Caller, requires(read)],
        change: Change,
        query: Annotated[AuditRecordList, Query()],
    ) -> Response:
        """Who did what to what, and when, newest first; reading it is recorded too.

        Records of the caller's counties. Records of no county are for auditors who may
        read every county.
        """
        _record_reading(change, query)
        listed = Listed(_LISTING, _matching(caller, read, query))
        return await list_answer(request, change, query, listed)

    return trail


def _record_reading(change: work.Change, query: AuditRecordList) -> None:
    """Record who read the trail, and with which filters."""
    # Paging says nothing about what was searched for.
    paging = {"limit", "cursor", "sort", "fields"}
    filters = query.model_dump(mode="json", exclude_none=True, exclude=paging)
    counties = query.county_terc or []
    # Reading one county is recorded in that county; reading several, in none.
    county = counties[0] if len(counties) == 1 else None
    subject = Subject("audit-records", county=county)
    change.record("read_audit_records", subject, **filters)


def _matching(caller: Caller, read: StrEnum, query: AuditRecordList) -> Rows:
    rows: Rows = select(AUDIT_RECORDS).where(
        # NULL equals no county: such records are for auditors of every county.
        within(caller, read, county=_RECORDS.county_terc)
    )
    for name in _ONE_OF:
        if values := getattr(query, name):
            rows = rows.where(_RECORDS[name].in_(values))
    if query.recorded_from is not None:
        rows = rows.where(_RECORDS.recorded_at >= query.recorded_from)
    if query.recorded_to is not None:
        rows = rows.where(_RECORDS.recorded_at < query.recorded_to)
    return rows
