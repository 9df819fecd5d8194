"""Bodies, their members, meetings and communiqués on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.listing import FileQuery, ListQuery
from services.chassis.scalars import Date, Id, Line, Name, Note, Wire
from services.registry.bodies.rules import (
    BodyKind,
    MeetingKind,
    MeetingState,
    Recipient,
)
from services.registry.institutions.schemas import CommuneTerc, CountyTerc
from services.registry.processes.schemas import Label, StepCode

VoivodeshipTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{2}$")]
Role = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Account = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
Months = Annotated[int, Strict(), Field(ge=1, le=12)]
Times = Annotated[int, Strict(), Field(ge=1, le=24)]


class BodyCreate(Wire):
    """A body to be founded: a team in a commune, a platform in a county or a voivodeship, a centre in a county."""

    kind: BodyKind
    name: Name
    voivodeship_terc: VoivodeshipTerc | None = Field(
        default=None, description="of a regional platform only"
    )
    county_terc: CountyTerc | None = Field(
        default=None, description="of a county's platform or centre only"
    )
    commune_terc: CommuneTerc | None = Field(
        default=None, description="of a local synergy team only"
    )
    composition_rule: StepCode | None = Field(
        default=None, description="the usual rule of this kind when absent"
    )
    founded_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "county_cooperation_platform",
                    "name": "Regionalna Platforma Współpracy Powiatu",
                    "county_terc": "2408",
                    "founded_on": "2025-01-15",
                }
            ]
        }
    )


class BodyDissolve(Wire):
    """When and why a body is dissolved."""

    dissolved_on: Date = Field(description="first day on which it no longer is")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"dissolved_on": "2025-06-30", "reason": "koniec fazy"}]
        }
    )


class BodyRead(BaseModel):
    """A team or platform of cooperation."""

    id: UUID
    version: int
    kind: BodyKind
    name: str
    voivodeship_terc: str
    county_terc: str | None
    commune_terc: str | None
    composition_rule: str
    process: str | None = Field(
        description="the process by which it comes to be; see its steps"
    )
    state: str | None = Field(description="the last step of that process that was done")
    founded_on: date
    dissolved_on: date | None
    dissolving_reason: str | None
    changed_at: datetime


class BodyList(FileQuery):
    """Filters of bodies."""

    kind: list[BodyKind] | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    voivodeship_terc: VoivodeshipTerc | None = None
    active: bool | None = Field(
        default=None, description="not dissolved; both when absent"
    )


class MemberCreate(Wire):
    """Somebody who represents a group in a body. The person is named by role and account only."""

    group: StepCode
    person_role: Role
    subject: Account | None = Field(
        default=None, description="the account of the person, if there is one"
    )
    institution_id: Id | None = None
    delegating_body_id: Id | None = Field(
        default=None, description="the team or platform that sends them"
    )
    held_from: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "group": "county_employment_council",
                    "person_role": "przewodnicząca",
                    "held_from": "2025-02-01",
                }
            ]
        }
    )


class MemberEnd(Wire):
    """When and why somebody leaves a body."""

    held_to: Date = Field(description="first day on which they are no longer a member")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"held_to": "2025-09-01", "reason": "koniec kadencji"}]
        }
    )


class MemberRead(BaseModel):
    """A seat in a body."""

    id: UUID
    version: int
    body_id: UUID
    group: str
    person_role: str
    subject: str | None
    institution_id: UUID | None
    delegating_body_id: UUID | None
    held_from: date
    held_to: date | None
    ending_reason: str | None


class MemberList(ListQuery):
    """Filters of members."""

    group: StepCode | None = None
    as_of: Date | None = Field(
        default=None, description="members on that day; all when absent"
    )


class CompositionRuleRead(BaseModel):
    """The rule by which a body is composed."""

    code: str
    label: Label
    source: str


class GroupRead(BaseModel):
    """How one group is represented."""

    group: str
    label: Label
    minimum: int
    maximum: int | None = Field(description="null: no head-count")
    present: int = Field(description="members, or institutions where those count")
    missing: int
    surplus: int


class CompositionRead(BaseModel):
    """Who sits in a body on a day, against its rule."""

    body_id: UUID
    as_of: date
    rule: CompositionRuleRead
    valid: bool = Field(description="nobody is missing, nobody is too many")
    members: int
    groups: list[GroupRead]


class MeetingPlan(Wire):
    """A meeting, or a series of them at equal distances."""

    first_on: Date
    topic: Name
    kind: MeetingKind = MeetingKind.CYCLICAL
    every_months: Months | None = Field(
        default=None, description="with `times`: a series"
    )
    times: Times | None = Field(
        default=None, description="how many meetings, the first included"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "first_on": "2025-03-10",
                    "topic": "Ocena współpracy w gminach",
                    "every_months": 3,
                    "times": 4,
                }
            ]
        }
    )


class MeetingHold(Wire):
    """When a meeting took place."""

    held_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"held_on": "2025-03-10"}]}
    )


class MeetingCancel(Wire):
    """Why a meeting does not take place."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "brak kworum"}]}
    )


class MeetingRead(BaseModel):
    """A meeting of a body."""

    id: UUID
    version: int
    body_id: UUID
    planned_on: date
    held_on: date | None
    topic: str
    kind: MeetingKind
    state: MeetingState
    is_overdue: bool = Field(
        description="its day has passed and nobody said what became of it"
    )
    cancelling_reason: str | None


class MeetingsRead(BaseModel):
    """The meetings just planned."""

    items: list[MeetingRead]


class MeetingList(ListQuery):
    """Filters of meetings."""

    state: list[MeetingState] | None = None
    overdue: bool | None = None


class CommuniqueCreate(Wire):
    """What a body tells boards and councils."""

    title: Name
    issued_on: Date
    recipients: list[Recipient] = Field(min_length=1, max_length=20)
    guidance: Note = Field(description="the advice that goes with it")
    document: Name | None = Field(default=None, description="reference of the document")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Stan współpracy w gminach powiatu",
                    "issued_on": "2025-04-01",
                    "recipients": ["commune_boards", "county_board"],
                    "guidance": "Warto uzgodnić wspólny kalendarz szkoleń.",
                }
            ]
        }
    )


class CommuniqueRead(BaseModel):
    """A communiqué."""

    id: UUID
    version: int
    body_id: UUID
    title: str
    issued_on: date
    recipients: list[Recipient]
    guidance: str
    document: str | None
    issued_by: str


class CommuniqueList(ListQuery):
    """Filters of communiqués."""

    recipient: Recipient | None = None
