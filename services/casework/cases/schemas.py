"""Cases on the wire."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import CaseState, CaseVerb
from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Date, Id, Line, Note, QueryFlag, Wire
from services.chassis.web.listing import ByIds


class Track(StrEnum):
    """The kind of support of a case."""

    EARLY = "early"
    PUPIL = "pupil"
    WOKRO = "wokro"


# The identity provider's name of an account, in any form.
Account = Line


class CaseCreate(Wire):
    """A new case of a child: a draft until there is a basis to work on it."""

    person_id: Id
    track: Track = Field(
        description="early development support, a pupil's support, or a lead"
        " coordination centre's"
    )
    referral_id: Id | None = Field(
        default=None, description="the inbound referral that it follows from"
    )
    coordinator: Account | None = Field(
        default=None,
        max_length=255,
        description="account of the person who answers for it; the caller's own when"
        " absent",
    )
    institution_id: Id | None = Field(
        default=None, description="the coordinating institution"
    )
    # Monitoring reports count the days to the first support from this day.
    first_contact_on: Date = Field(
        description="the day on which the family was first in touch"
    )
    reason: Note = Field(description="why the family came; kept sealed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "01990000-0000-7000-8000-0000000000c1",
                    "track": "early",
                    "first_contact_on": "2026-11-02",
                    "reason": "Opóźniony rozwój mowy, rodzice proszą o wsparcie.",
                }
            ]
        }
    )


class CaseUpdate(Wire):
    """A merge patch: what is left out stays, null clears."""

    coordinator: Account | None = Field(default=None, max_length=255)
    institution_id: Id | None = None
    # Not when the case is opened: who organises early support is decided later.
    organiser_institution_id: Id | None = Field(
        default=None,
        description="where early development support is organised: one institution at"
        " a time",
    )
    review_due_on: Date | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"review_due_on": "2027-05-04"}]}
    )


class CaseSummary(BaseModel):
    """A case, as a list shows it. The child's name is in `GET /people?id=`."""

    id: UUID
    version: int
    number: str
    county_terc: str
    person_id: UUID
    track: Track
    state: CaseState
    coordinator: str | None
    institution_id: UUID | None
    organiser_institution_id: UUID | None
    referral_id: UUID | None
    first_contact_on: date
    first_support_on: date | None
    opened_on: date
    review_due_on: date | None
    closed_on: date | None
    closing_reason: str | None
    changed_at: datetime


class CaseRead(CaseSummary):
    """A case, with why the family came and what may be done next."""

    reason: str
    allowed: list[CaseVerb] = Field(description="what may be done in this state")


class CaseList(ByIds):
    """Filters of cases."""

    # There are 380 counties.
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: list[CaseState] | None = None
    track: Track | None = None
    person_id: Id | None = None
    coordinator: Line | None = Field(default=None, max_length=255)
    institution_id: Id | None = None
    review_due_to: Date | None = Field(
        default=None, description="to be reviewed on that day or before"
    )
    is_open: QueryFlag | None = None
