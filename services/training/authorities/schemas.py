"""Local authorities on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Flag, Name, QueryFlag, Wire
from services.chassis.web.listing import FileQuery, ListQuery
from services.training.authorities.rules import (
    AuthorityKind,
    AuthorityPreference,
    AuthorityState,
)
from services.training.programmes.schemas import ProgrammeCode
from services.training.rooms.schemas import CountyTerc

# A commune's last digit is its kind: urban, rural, or both.
AuthorityTerc = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[0-9]{4}([0-9]{2}[123])?$")
]
_RISK = "at risk of permanent marginalisation: goes before others"


class AuthorityRecruit(Wire):
    """A commune or county that enters a programme."""

    # The code and not the id: a recruitment is announced for a programme by its code.
    programme_code: ProgrammeCode
    terc: AuthorityTerc = Field(description="TERYT code: four digits or seven")
    name: Name
    is_running_body: Flag = Field(description="it runs schools or other institutions")
    is_at_risk: Flag = Field(default=False, description=_RISK)
    risk_source: Name | None = Field(
        default=None, description="the list or act which says that it is at risk"
    )
    # A field, because recruitments on paper are entered later than they took place.
    recruited_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_code": "FERS",
                    "terc": "2469011",
                    "name": "Gmina Przykładowa",
                    "is_running_body": True,
                    "is_at_risk": True,
                    "risk_source": "KSRR 2030, załącznik 1",
                    "recruited_on": "2024-05-06",
                }
            ]
        }
    )


class AuthorityUpdate(Wire):
    """A merge patch: absent fields stay, null clears a field."""

    name: Name = Field(default_factory=str)
    is_at_risk: Flag = Field(default_factory=bool, description=_RISK)
    risk_source: Name | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Gmina Przykładowa"}]}
    )


class AuthorityRead(BaseModel):
    """An authority, how far it has come, and its windows."""

    id: UUID
    version: int
    programme_code: str
    county_terc: str
    terc: str
    kind: AuthorityKind
    name: str
    is_running_body: bool
    is_at_risk: bool
    risk_source: str | None
    preference: AuthorityPreference | None = Field(
        description="why it goes before others in an open recruitment"
    )
    state: AuthorityState
    recruited_on: date
    advisory_starts_on: date | None = Field(
        description="the day on which the last of its team completed the training"
    )
    advisory_ends_on: date | None
    task_starts_on: date | None = Field(description="of the programme's task")
    task_ends_on: date | None
    monitoring_starts_on: date | None = Field(description="its own twelve months")
    monitoring_ends_on: date | None
    # Shown and not refused: source 003 names six quarters, and no latest beginning.
    outlasts_task: bool | None = Field(
        description="its twelve months end after the task of the programme"
    )
    post_project_starts_on: date | None
    post_project_ends_on: date | None
    withdrawal_reason: str | None
    created_at: datetime
    changed_at: datetime


class AuthorityList(FileQuery):
    """Filters of authorities."""

    programme_code: list[ProgrammeCode] | None = Field(default=None, max_length=50)
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    terc: AuthorityTerc | None = None
    kind: AuthorityKind | None = None
    state: list[AuthorityState] | None = None
    is_at_risk: QueryFlag | None = None


class AuthorityStepRead(BaseModel):
    """A step on an authority's path."""

    id: UUID
    state: AuthorityState
    taken_by: str
    taken_on: date
    taken_at: datetime
    reason: str | None
    evidence: dict[str, str] = Field(description="what the step rests on, by name")


class AuthorityStepList(ListQuery):
    """A page of steps."""
