"""Sessions on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Id, Instant, Name, Whole, Wire
from services.chassis.web.listing import ByIds, Expandable, FileQuery
from services.training.groups.schemas import GroupRead
from services.training.sessions.rules import SessionMode, SessionState
from services.training.trainees.rules import AudienceRole

# A text: as a number the code would lose its leading zeros.
CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
Minutes = Annotated[Whole, Field(ge=1, le=1440)]
# A larger event is a conference.
TrainerIds = Annotated[list[Id], Field(max_length=20)]


class SessionCreate(Wire):
    """A new session of a group, or a meeting of coordinators."""

    group_id: Id | None = Field(
        default=None, description="absent of a meeting of coordinators"
    )
    module_id: Id | None = Field(
        default=None, description="a module of the version that the group follows"
    )
    makes_up_for_id: Id | None = Field(
        default=None,
        description="a session of the same group and module with a signed list, given"
        " again for those who missed it",
    )
    programme_id: Id | None = Field(default=None, description="of a meeting alone")
    county_terc: CountyTerc | None = Field(
        default=None, description="of a meeting alone: a group has its own"
    )
    audience_role: AudienceRole | None = Field(
        default=None, description="for which coordinators; required of a meeting"
    )
    title: Name
    starts_at: Instant
    ends_at: Instant
    minutes: Minutes = Field(description="of training, without breaks")
    mode: SessionMode
    room_id: Id | None = None
    trainer_ids: TrainerIds = Field(
        default=[], description="of a group at least one, among those who train it"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_id": "01990000-0000-7000-8000-0000000000d1",
                    "county_terc": "2469",
                    "audience_role": "cross_sector_support_coordinator",
                    "title": "Spotkanie koordynatorów",
                    "starts_at": "2026-09-15T09:00:00+02:00",
                    "ends_at": "2026-09-15T13:00:00+02:00",
                    "minutes": 225,
                    "mode": "online",
                }
            ]
        }
    )


# Both times are required.
class SessionMove(Wire):
    """The new time of a session, and other changes. Absent fields stay."""

    starts_at: Instant
    ends_at: Instant
    # Absent, the planned minutes stay.
    minutes: Minutes | None = None
    mode: SessionMode | None = None
    room_id: Id | None = Field(default=None, description="null: without a room")
    trainer_ids: TrainerIds | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "starts_at": "2026-09-16T09:00:00+02:00",
                    "ends_at": "2026-09-16T13:00:00+02:00",
                }
            ]
        }
    )


class SessionCancel(Wire):
    """Why a session is cancelled."""

    reason: Name = Field(description="shown to everybody: it names nobody")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "awaria ogrzewania"}]}
    )


class SessionRead(BaseModel):
    """A session."""

    id: UUID
    version: int
    programme_id: UUID
    group_id: UUID | None
    module_id: UUID | None
    makes_up_for_id: UUID | None = Field(description="the session that it makes up for")
    county_terc: str
    audience_role: AudienceRole | None
    title: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    mode: SessionMode
    room_id: UUID | None
    trainer_ids: list[UUID]
    state: SessionState
    reason: str | None = Field(description="why it was cancelled")
    # Without the account that signed: sessions are public, accounts are not.
    attendance_signed_at: datetime | None = Field(
        description="when a trainer signed who attended"
    )
    created_at: datetime
    changed_at: datetime


class ListedSession(SessionRead):
    """A session, with its group where `expand=group` is sent."""

    group: GroupRead | None = Field(
        default=None, description="only with `expand=group`"
    )


class SessionList(FileQuery, ByIds, Expandable):
    """Filters of sessions."""

    programme_id: Id | None = None
    group_id: Id | None = None
    module_id: Id | None = None
    makes_up_for_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    audience_role: list[AudienceRole] | None = None
    trainer_id: Id | None = None
    room_id: Id | None = None
    state: list[SessionState] | None = None
    starts_from: Date | None = Field(default=None, description="first civil day")
    starts_to: Date | None = Field(default=None, description="last civil day")
