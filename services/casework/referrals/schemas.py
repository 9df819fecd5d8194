"""Referrals on the wire."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.casework.people.rules import PersonKind, Sex
from services.casework.people.schemas import CountyTerc, Identity
from services.casework.reads import Category
from services.casework.referrals.rules import (
    ReferralDirection,
    ReferralOrigin,
    ReferralReason,
    ReferralState,
    ReferralVerb,
)
from services.chassis.ground.scalars import Date, Id, Note, QueryFlag, Wire
from services.chassis.web.listing import ByIds


class ReferredPerson(Identity):
    """A person described by the sender. The answer does not show whether the person had
    a record already.
    """

    county_terc: CountyTerc = Field(description="one of the caller's own counties")
    kind: PersonKind = PersonKind.BORN
    sex: Sex | None = None
    expected_on: Date | None = Field(
        default=None, description="of an expected child, the day of the expected birth"
    )


class ReferralCreate(Wire):
    """A person who needs the county's help: named by an id, or described."""

    # Not `screening`: those come only by its event feed, with the consent given there.
    source: Literal[
        ReferralOrigin.COUNSELLING_CENTRE,
        ReferralOrigin.PARENT,
        ReferralOrigin.EXPECTING_FAMILY,
        ReferralOrigin.INSTITUTION,
    ] = Field(description="who refers; a guardian is a parent or an expecting family")
    person_id: Id | None = None
    person: ReferredPerson | None = None
    note: Note | None = Field(default=None, description="why; kept sealed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "counselling_centre",
                    "person": {
                        "county_terc": "2469",
                        "given_name": "Zofia",
                        "family_name": "Przykładowa",
                        "born_on": "2023-02-28",
                        "telephone": "+48 600 000 000",
                    },
                    "note": "Opóźniony rozwój mowy, rodzice proszą o wsparcie.",
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _is_about_somebody(self) -> Self:
        # Both fields could name two people, and without either there is no person.
        if (self.person_id is None) == (self.person is None):
            raise PydanticCustomError("exactly_one", "exactly one")
        return self


class ReferralSummary(BaseModel):
    """A referral, as a list shows it. Only callers with access to the child see whom it
    is about.
    """

    id: UUID
    version: int
    direction: ReferralDirection
    source: ReferralOrigin
    county_terc: str
    state: ReferralState
    reason: ReferralReason | None
    person_id: UUID | None
    subject_ref: UUID | None = Field(
        description="of a screening whose child nobody has identified yet"
    )
    screening_id: UUID | None
    case_id: UUID | None
    recommendation_id: UUID | None
    institution_id: UUID | None = Field(
        description="outbound: the institution that is asked; inbound: the one that"
        " sent it"
    )
    support_service_id: UUID | None
    sent_on: date
    due_on: date = Field(description="last day of the step that it waits for")
    scheduled_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime


class ReferralStepRead(BaseModel):
    """One change of a referral's state."""

    number: int
    state: ReferralState
    reason: ReferralReason | None
    by: str = Field(description="account of who did it")
    at: datetime


# No PESEL: the name and a way to reach the family are enough (GDPR, art. 5(1)(c)).
class DisclosedPerson(BaseModel):
    """The referred person, as the receiving institution may see it."""

    kind: PersonKind
    given_name: str | None
    family_name: str | None
    born_on: date | None
    expected_on: date | None
    address: str | None
    telephone: str | None
    email: str | None


# Ids without contents: the contents are read by separate requests,
# with their own audit records.
class Reference(BaseModel):
    """A disclosed record of the child: its category and its id."""

    category: Category
    id: UUID


class ReferralRead(ReferralSummary):
    """A referral, with the data of the child that the caller may see, and what may be
    done next.
    """

    days_overdue: int
    allowed: list[ReferralVerb] = Field(
        description="what the caller may do in this state"
    )
    steps: list[ReferralStepRead]
    note: str | None = None
    answer: str | None = Field(
        default=None, description="what whoever ended it said in words"
    )
    pesel: str | None = Field(
        default=None,
        description="for coordinators: a number in the sender's description that"
        " somebody here has already",
    )
    service_county_terc: str | None = Field(
        default=None,
        description="outbound: the county of the service, which may be another one",
    )
    categories: list[Category] = Field(
        default_factory=list, description="outbound: what is disclosed of the child"
    )
    person: DisclosedPerson | None = Field(
        default=None,
        description="for the institution that is asked, once received, while the"
        " consent holds",
    )
    references: list[Reference] = Field(default_factory=list)


class ReferralList(ByIds):
    """Filters of referrals."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    direction: ReferralDirection | None = None
    state: list[ReferralState] | None = None
    source: ReferralOrigin | None = None
    person_id: Id | None = None
    case_id: Id | None = None
    institution_id: Id | None = None
    support_service_id: Id | None = None
    screening_id: Id | None = None
    is_identified: QueryFlag | None = Field(
        default=None, description="whether it is known whom it is about"
    )
    overdue: QueryFlag | None = Field(
        default=None, description="open, and the last day of its step is over"
    )
