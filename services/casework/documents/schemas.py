"""Documents on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints
from pydantic.config import JsonDict

from services.casework.documents.rules.deadlines import DeadlineCode
from services.casework.documents.rules.kinds import DocumentKind, DocumentOutcome
from services.casework.documents.rules.life import DocumentState, DocumentVerb
from services.casework.laws.rules.values import LegalBasis
from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Date, Flag, Id, Name, Note, Wire
from services.chassis.web.listing import ListQuery

# Only the form: the rules verify the check digits, with their own error code.
Regon = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{9}([0-9]{5})?$")]
_EXAMPLE: JsonDict = {
    "person_id": "01990000-0000-7000-8000-0000000000c1",
    "kind": "special_education_ruling",
    "outcome": "need_found",
    "issuer_regon": "123456785",
    "number": "12/2026",
    "issued_on": "2026-02-02",
    "valid_to": "2029-08-31",
}


class DocumentFacts(Wire):
    """The facts of a document, and of the steps that follow from it."""

    case_id: Id | None = Field(default=None, description="the child's case")
    outcome: DocumentOutcome | None = Field(
        default=None, description="whether the panel has found a need"
    )
    issuer_regon: Regon | None = Field(
        default=None, description="REGON of the counselling centre or other issuer"
    )
    number: Name | None = Field(default=None, max_length=100)
    applied_on: Date | None = Field(
        default=None, description="the day of the application"
    )
    is_complex: Flag = Field(
        default=False, description="a complex matter: the panel has 60 days, not 30"
    )
    issued_on: Date | None = Field(
        default=None, description="absent while it is only applied for"
    )
    delivered_on: Date | None = Field(
        default=None, description="the day on which the guardian received it"
    )
    handed_in_on: Date | None = Field(
        default=None, description="the day on which the school received it"
    )
    begins_with_school_year: Flag = Field(
        default=False, description="the pupil begins there with the school year"
    )
    ipet_on: Date | None = Field(
        default=None, description="the day of the pupil's programme (IPET)"
    )
    wopfu_on: list[Date] = Field(
        default_factory=list,
        # Two a year for as long as somebody goes to school, and some more.
        max_length=50,
        description="the days of the assessments of functioning (WOPFU), of every year",
    )
    valid_to: Date | None = None
    # Sealed from here on.
    has_multiple_disabilities: Flag = False
    multiple_disabilities_reason: Note | None = None
    remarks: Note | None = None


class DocumentCreate(DocumentFacts):
    """A document, or an application for one. Its number, disabilities and remarks are
    kept sealed.
    """

    person_id: Id
    kind: DocumentKind

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


# Flags have defaults here as well, because fields
# that a patch does not name are left out.
class DocumentUpdate(DocumentFacts):
    """A merge patch: what is left out stays, null clears. `appealed_on` is first
    recorded by `…/appeal`, and can be corrected here.
    """

    appealed_on: Date | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ipet_on": "2026-09-28"}]}
    )


class NotedDay(Wire):
    """The day that is recorded."""

    on: Date

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2026-02-06"}]})


class HandIn(NotedDay):
    """The day on which a school received a document."""

    begins_with_school_year: Flag = Field(
        default=False, description="the pupil begins there with the school year"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2026-02-12"}]})


class DeadlineSource(BaseModel):
    """The act that sets a deadline."""

    act: str
    paragraph: str
    # So that nobody mistakes a default of the platform for law.
    basis: LegalBasis


class DeadlineRead(BaseModel):
    """A deadline: what is still to be done, and by which day."""

    code: DeadlineCode
    due_on: date
    is_overdue: bool
    source: DeadlineSource | None = Field(
        description="the act that sets it; null where the document itself does"
    )


class DocumentSummary(BaseModel):
    """A document, as a list shows it: without sealed fields except its number."""

    id: UUID
    version: int
    county_terc: str
    person_id: UUID
    case_id: UUID | None
    kind: DocumentKind
    outcome: DocumentOutcome | None
    issuer_regon: str | None
    number: str | None
    applied_on: date | None
    is_complex: bool
    issued_on: date | None
    delivered_on: date | None
    appealed_on: date | None
    handed_in_on: date | None
    begins_with_school_year: bool
    ipet_on: date | None
    wopfu_on: list[date]
    valid_to: date | None
    recorded_by: str
    created_at: datetime
    changed_at: datetime


class DocumentRead(DocumentSummary):
    """A whole document, with its deadlines."""

    has_multiple_disabilities: bool
    multiple_disabilities_reason: str | None
    remarks: str | None
    state: DocumentState
    allowed: list[DocumentVerb] = Field(description="what can still be noted")
    deadlines: list[DeadlineRead] = Field(
        description="what is still to be done, in order of the last days"
    )


class DocumentList(ListQuery):
    """Filters of documents."""

    person_id: Id | None = None
    case_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    kind: list[DocumentKind] | None = None
    outcome: DocumentOutcome | None = None
    valid_to_to: Date | None = Field(
        default=None, description="valid to that day or less long"
    )


class DocumentQuery(BaseModel):
    """The day for which deadlines are computed."""

    on: Date | None = Field(
        default=None, description="count deadlines as of that day; today when absent"
    )

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
