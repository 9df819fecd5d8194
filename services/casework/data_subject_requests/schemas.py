"""Requests of data subjects on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from services.casework.access_log.schemas import AccessLogEntry
from services.casework.data_subject_requests.rules import (
    RequestKind,
    RequestState,
    RequestVerb,
)
from services.chassis.ground.scalars import Date, Id, Note, Wire
from services.chassis.web.listing import ListQuery


class DataSubjectRequestCreate(Wire):
    """A request, made directly or on paper."""

    person_id: Id = Field(description="whose data it is about")
    kind: RequestKind
    details: Note | None = Field(
        default=None, description="in their words; kept sealed"
    )
    # None and not today as the default: a guardian must not send a day at all.
    received_on: Date | None = Field(
        default=None,
        description="of a request on paper, when it came; today when absent",
    )
    requested_by_id: Id | None = Field(
        default=None,
        description="of a request on paper, who asks: the person, or whoever acts for"
        " the child",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "01990000-0000-7000-8000-0000000000c1",
                    "kind": "access",
                    "details": "Proszę o kopię wszystkich danych dziecka.",
                }
            ]
        }
    )


class Reasoned(Wire):
    """The reason, in words for the person who asked; kept sealed."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Wniosek obejmuje akta z 6 lat."}]}
    )


class DataSubjectRequestSummary(BaseModel):
    """A request, as a list shows it."""

    id: UUID
    version: int
    county_terc: str
    person_id: UUID
    requested_by_id: UUID | None
    kind: RequestKind
    state: RequestState
    received_on: date
    due_on: date = Field(description="last day of the answer (GDPR, art. 12(3))")
    ended_on: date | None
    lifted_at: datetime | None = Field(
        description="of a restriction, when it was lifted again"
    )
    # Absent in a list once the person is erased: the key of the text is gone.
    details: str | None = None
    reason: str | None = None


class DataSubjectRequestRead(DataSubjectRequestSummary):
    """A request, with what may be done next and where."""

    allowed: list[RequestVerb]
    href: str | None = Field(description="where what is asked for is had or done")


class DataSubjectRequestList(ListQuery):
    """Filters of requests."""

    person_id: Id | None = None
    kind: RequestKind | None = None
    state: list[RequestState] | None = None
    due_to: Date | None = Field(default=None, description="due that day or before")


class RecordMention(BaseModel):
    """A row about somebody else that mentions the person.
    It does not show whose row it is.
    """

    table: str
    column: str = Field(description="as what the person stands there")
    id: UUID


class PersonExport(BaseModel):
    """All data kept about a person, opened, and without data about others."""

    person_id: UUID
    made_at: datetime
    # Rows of any table with all columns: a model for each table could miss a new one.
    records: dict[str, list[dict[str, JsonValue]]] = Field(description="by table")
    # To check against the tables that a copy is complete.
    counts: dict[str, int] = Field(description="rows by table")
    mentions: list[RecordMention]
    accesses: list[AccessLogEntry] = Field(
        description="who looked and who changed something, the oldest first"
    )
    left_out: dict[str, str] = Field(
        description="tables that are in no copy, with the reason"
    )
