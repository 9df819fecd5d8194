"""Task teams on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Wire
from services.training.task_teams.rules import LeavingReason, TeamNeed
from services.training.trainers.schemas import Account


class TaskTeamJoin(Wire):
    """The trainee who joins a team: staff of the authority, with an account."""

    trainee_id: Id

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"trainee_id": "01990000-0000-7000-8000-0000000000e1"}]
        }
    )


class TaskTeamLeave(Wire):
    """Why a member leaves a team."""

    reason: LeavingReason

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "replaced"}]})


class AdviserAppoint(Wire):
    """The adviser of an authority."""

    account: Account | None = Field(
        description="`sub` of the tokens that the adviser signs in with; null: nobody"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": "anna"}]})


# No names: they are read from the trainees, where the access is audited.
class TaskTeamMemberRead(BaseModel):
    """A member of a team, without a name, and their training."""

    id: UUID
    version: int
    trainee_id: UUID
    has_account: bool
    joined_on: date
    completed_on: date | None = Field(description="the training of the programme")
    missed_sessions: list[UUID] = Field(
        description="held, and by the signed list this person was not there"
    )
    unsigned_sessions: list[UUID] = Field(
        description="held, and no signed list proves yet who was there"
    )


class TaskTeamRead(BaseModel):
    """The team of an authority, and what it lacks to count as trained."""

    authority_id: UUID
    version: int = Field(description="of the authority, for If-Match")
    smallest: int
    largest: int
    # Here and not in the authority, which is public.
    adviser_account: str | None
    members: list[TaskTeamMemberRead]
    missing: list[TeamNeed] = Field(description="before the authority is trained")
