"""Support events on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import SupportKind
from services.casework.people.schemas import CountyTerc
from services.casework.support_events.rules import AnnullingReason, SupportForm
from services.chassis.ground.scalars import Date, Flag, Id, Note, QueryFlag, Whole, Wire
from services.chassis.web.listing import ListQuery

# At most a day.
Minutes = Annotated[Whole, Field(ge=1, le=1440)]


class Participation(Wire):
    """One child's part in a meeting: its case, and the family members who were present."""

    case_id: Id
    present: list[Id] = Field(
        min_length=1,
        max_length=20,
        description="the child, its guardians, and others of its household",
    )
    referral_id: Id | None = Field(
        default=None,
        description="the accepted referral by which the institution supports the child;"
        " required of who records by it",
    )
    recommendation_id: Id | None = Field(
        default=None, description="the recommendation that it carries out"
    )
    notes: Note | None = Field(default=None, description="kept sealed")


class SupportEventCreate(Participation):
    """A meeting. For a group, the other children are in `others`."""

    occurred_on: Date
    kind: SupportKind
    form: SupportForm
    minutes: Minutes
    is_early_support: Flag = Field(
        default=False,
        description="counts to the child's hours of early development support (WWR)",
    )
    institution_id: Id | None = Field(
        default=None,
        description="who gave it; the caller's own institution when absent, and always"
        " for who does not coordinate the county's cases",
    )
    # Thirty children with the first one; for early support the law allows fewer.
    others: list[Participation] = Field(
        default=[],
        max_length=29,
        description="the other children of the group, each in its own case",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_id": "01990000-0000-7000-8000-0000000000b1",
                    "present": ["01990000-0000-7000-8000-0000000000c1"],
                    "occurred_on": "2026-11-20",
                    "kind": "therapeutic",
                    "form": "individual_classes",
                    "minutes": 45,
                    "is_early_support": True,
                }
            ]
        }
    )


class SupportEventAnnul(Wire):
    """Why a record does not count."""

    reason: AnnullingReason

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "entered_twice"}]}
    )


class SupportEventRead(BaseModel):
    """The support of one child. A meeting of several children has one record for each."""

    id: UUID
    version: int
    county_terc: str
    case_id: UUID
    person_id: UUID
    occurred_on: date
    kind: SupportKind
    form: SupportForm
    minutes: int
    is_early_support: bool
    group_id: UUID | None = Field(
        description="shared by the children of one meeting; null where there was one"
    )
    present: list[UUID]
    institution_id: UUID
    referral_id: UUID | None
    recommendation_id: UUID | None
    consent_document_id: UUID | None = Field(
        description="the running body's consent that lets the month have more hours"
    )
    delivered_by: str = Field(description="account of who recorded it")
    annulled_by: str | None
    annulling_reason: AnnullingReason | None
    created_at: datetime
    changed_at: datetime
    # None once the child is erased: its key is gone.
    notes: str | None = None


class SupportEventList(ListQuery):
    """Filters of support events."""

    case_id: Id | None = None
    person_id: Id | None = None
    institution_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    group_id: Id | None = None
    referral_id: Id | None = None
    kind: SupportKind | None = None
    form: SupportForm | None = None
    occurred_from: Date | None = None
    occurred_to: Date | None = None
    is_early_support: QueryFlag | None = None
    is_annulled: QueryFlag | None = None
