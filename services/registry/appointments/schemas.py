"""Appointments and coverage on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Id, Note, Wire
from services.chassis.web.listing import ByIds, Expandable, FileQuery
from services.registry.appointments.rules.roles import Contract, Role
from services.registry.processes.schemas import Label
from services.registry.programmes.schemas import ProgrammeCode
from services.registry.sites.rules import SiteStatus
from services.registry.sites.schemas import SiteRead
from services.registry.tables import RECORDED, Recorded

CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
# Neither `@` nor a space: an address or a name cannot get in by mistake.
Account = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:|/-]{0,254}$")
]

_FIRST_FREE_DAY = "first day on which it is no longer held"


class AppointmentCreate(Wire):
    """A person who takes a role at a site."""

    role: Role
    site_id: Id
    subject: Account = Field(
        description="the person's account, the `sub` of their tokens; never a name or an address"
    )
    institution_id: Id | None = Field(
        default=None, description="required for a KIK: the coordinating institution"
    )
    contract: Contract | None = Field(
        default=None, description="an animator works by an employment contract"
    )
    held_from: Date
    held_to: Date | None = Field(default=None, description=_FIRST_FREE_DAY)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "role": "cross_sector_support_coordinator",
                    "site_id": "01990000-0000-7000-8000-000000000001",
                    "subject": "5f1c2a9e",
                    "held_from": "2025-09-01",
                }
            ]
        }
    )


class AppointmentEnd(Wire):
    """When and why somebody leaves a role."""

    held_to: Date = Field(description=_FIRST_FREE_DAY)
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"held_to": "2025-11-03", "reason": "resigned"}]
        }
    )


class AppointmentRead(BaseModel):
    """A person in a role at a site."""

    id: UUID
    version: int
    role: Role
    role_code: str | None = Field(
        description="KWM, KIK, KBWWR, KBU; none for animators"
    )
    programme_code: str
    site_id: UUID
    county_terc: str
    institution_id: UUID | None
    subject: str
    contract: Contract | None
    held_from: date
    held_to: date | None = Field(description=_FIRST_FREE_DAY)
    ending_reason: str | None
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class ListedAppointment(AppointmentRead):
    """An appointment, if asked for with its site."""

    site: SiteRead | None = Field(default=None, description="only with `expand=site`")


class Warned(BaseModel):
    """Days on which a site is left without the people that it has to have."""

    code: str = Field(description="`without_coordinator` or `too_few_animators`")
    role: Role
    # `from` is a keyword of Python.
    from_: date = Field(alias="from")
    to: date | None = Field(description="first day after; null when it does not end")
    detail: Label


class AppointmentChanged(AppointmentRead):
    """An appointment, and what its beginning or end leaves open."""

    warnings: list[Warned]


class AppointmentList(FileQuery, ByIds, Expandable):
    """Filters of appointments."""

    role: list[Role] | None = None
    site_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    programme: ProgrammeCode | None = None
    subject: Account | None = None
    as_of: Date | None = Field(
        default=None,
        description="held on that day; all, past and future too, when absent",
    )


class CoverageQuery(BaseModel):
    """Which programme's sites, on which day."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    programme: ProgrammeCode = Field(examples=["MWM"])
    as_of: Date | None = Field(default=None, description="today when absent")
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)


class PersonPresent(BaseModel):
    """Somebody who holds a role on the day asked for."""

    appointment_id: UUID
    role: Role
    subject: str
    held_from: date
    held_to: date | None


class CoverageGap(BaseModel):
    """Days on which fewer people hold a role than the programme needs."""

    role: Role
    from_: date = Field(alias="from")
    to: date | None = Field(description="first day after; null when it does not end")
    days: int = Field(
        description="up to the day asked for, that day included, when it does not end"
    )
    required: int
    present: int


class CoverageSite(BaseModel):
    """A site, its people of the day, and every gap."""

    site_id: UUID
    name: str
    county_terc: str
    status: SiteStatus
    people: list[PersonPresent]
    gaps: list[CoverageGap]


class CoverageTotals(BaseModel):
    """Totals of the roles that every site needs, on the day asked for."""

    sites: int
    required: int = Field(description="people that all these sites have to have")
    present: int = Field(description="of these, people there")
    missing: int
    lacking_sites: int = Field(description="sites where somebody is missing")


class AppointmentCoverageRead(BaseModel):
    """Where a programme has its people and where it lacks them."""

    programme_code: str
    as_of: date
    required_per_site: dict[Role, int]
    totals: CoverageTotals
    sites: list[CoverageSite]
