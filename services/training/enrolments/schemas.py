"""Enrolments on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, QueryFlag, Wire
from services.chassis.web.listing import ByIds, Expandable, ListQuery
from services.training.enrolments.rules import (
    EndReason,
    EnrolmentPreference,
    EnrolmentState,
)
from services.training.groups.schemas import GroupRead
from services.training.rooms.schemas import CountyTerc


# No state and no sequence: group and rule decide both.
class EnrolmentCreate(Wire):
    """The trainee who is to enter a group."""

    trainee_id: Id

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"trainee_id": "01990000-0000-7000-8000-000000000001"}]
        }
    )


class EnrolmentRead(BaseModel):
    """One person in one group: with a seat, or waiting for one."""

    id: UUID
    version: int
    county_terc: str = Field(description="the trainee's")
    group_id: UUID
    trainee_id: UUID
    state: EnrolmentState = Field(
        description="`applied` until the group is open: then seats are given"
    )
    sequence: int = Field(
        description="in this order they came; the preferred go before"
    )
    is_preferred: bool
    preference: EnrolmentPreference | None = Field(description="why")
    preference_source: str | None = Field(
        description="the list or act by which it was so when the person was enrolled"
    )
    accepted_at: datetime | None
    ended_at: datetime | None
    reason: EndReason | None = Field(description="why it was rejected or withdrawn")
    created_at: datetime
    changed_at: datetime


# A separate schema: only answers with names are audited.
class GroupMember(EnrolmentRead):
    """An enrolment with the person's name; without one where it was erased."""

    given_name: str | None
    family_name: str | None
    organisation_name: str | None


class ListedEnrolment(EnrolmentRead):
    """An enrolment, with its group where `expand=group` is sent."""

    group: GroupRead | None = Field(
        default=None, description="only with `expand=group`"
    )


class EnrolmentList(ByIds, Expandable):
    """Filters of enrolments."""

    group_id: Id | None = None
    trainee_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: list[EnrolmentState] | None = None
    is_preferred: QueryFlag | None = None


class MemberList(ListQuery):
    """Filters of the enrolments in a group."""

    state: list[EnrolmentState] | None = None
