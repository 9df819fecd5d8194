"""Yearly reports, coverage, reconciliation and statistics on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import (
    Count,
    Date,
    Flag,
    Id,
    Line,
    Name,
    Note,
    Wire,
)
from services.chassis.web.listing import FileQuery, ListQuery, QueryCount
from services.registry.institutions.schemas import CountyTerc
from services.registry.register_reports.rules.facts import (
    FIRST_YEAR,
    Coverage,
    EntityKind,
    Reconciliation,
    Register,
)

# A later year can only be a typing error.
Year = Annotated[Count, Field(ge=FIRST_YEAR, le=2100)]
QueryYear = Annotated[QueryCount, Field(ge=FIRST_YEAR, le=2100)]
EntityKey = Annotated[Line, StringConstraints(min_length=1, max_length=64)]
VoivodeshipTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{2}$")]


class StatisticalReportCreate(Wire):
    """The entry of a register about an entity in a year."""

    kind: EntityKind
    year: Year
    register_: Register = Field(alias="register")
    entity_key: EntityKey = Field(
        description="its number with the voivode, or another lasting code; joins the registers"
    )
    entity_name: Name = Field(description="of the organisation")
    county_terc: CountyTerc
    registered: Flag = Field(
        default=True,
        description="stands in the voivode's register that year, as this register says",
    )
    report_submitted_on: Date | None = Field(default=None, description="CAS only")
    institution_id: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "kis",
                    "year": 2013,
                    "register": "cas",
                    "entity_key": "24/KIS/17",
                    "entity_name": "Klub Integracji Społecznej w Katowicach",
                    "county_terc": "2469",
                    "report_submitted_on": "2014-01-30",
                }
            ]
        }
    )


class StatisticalReportUpdate(Wire):
    """A merge patch: what is left out stays, null clears. Entity, year and register
    cannot be changed.
    """

    entity_name: Name = Field(default_factory=str)
    county_terc: CountyTerc = Field(default_factory=str)
    registered: Flag = Field(default=True)
    report_submitted_on: Date | None = None
    institution_id: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"report_submitted_on": "2014-02-03"}]}
    )


class StatisticalReportRead(BaseModel):
    """The entry of a register about an entity in a year."""

    id: UUID
    version: int
    kind: EntityKind
    year: int
    register_: Register = Field(alias="register")
    entity_key: str
    entity_name: str
    voivodeship_terc: str
    county_terc: str
    registered: bool
    report_submitted_on: date | None
    due_on: date = Field(description="last day on which the year's report is not late")
    late: bool | None = Field(
        description="submitted after its deadline; null while there is no report"
    )
    reconciliation: Reconciliation | None = Field(
        description="where the entity stands; null when in neither register"
    )
    institution_id: UUID | None
    changed_at: datetime


class StatisticalReportList(FileQuery):
    """Filters of yearly reports."""

    kind: list[EntityKind] | None = None
    year: list[QueryYear] | None = Field(default=None, max_length=20)
    register_: Register | None = Field(default=None, alias="register")
    voivodeship_terc: list[VoivodeshipTerc] | None = Field(default=None, max_length=16)
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    reconciliation: list[Reconciliation] | None = None
    submitted: bool | None = Field(
        default=None, description="with a report, or without one"
    )
    late: bool | None = Field(
        default=None, description="with a report that came late, or in time"
    )


class CoverageState(Wire):
    """Whether a register's own list for a year was obtained."""

    kind: EntityKind
    year: Year
    register_: Register = Field(alias="register")
    coverage: Coverage
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "kis",
                    "year": 2012,
                    "register": "voivode",
                    "coverage": "none",
                    "reason": "urzędy wojewódzkie nie przekazały wykazów",
                }
            ]
        }
    )


class RegisterCoverageRead(BaseModel):
    """A statement of which list was obtained."""

    id: UUID
    kind: EntityKind
    year: int
    register_: Register = Field(alias="register")
    coverage: Coverage
    reason: str
    stated_by: str
    recorded_at: datetime
    holds: bool = Field(description="no later statement replaced it")


class CoverageList(ListQuery):
    """Filters of statements."""

    kind: EntityKind | None = None
    year: list[QueryYear] | None = Field(default=None, max_length=20)
    register_: Register | None = Field(default=None, alias="register")
    holds: bool | None = None


class ReconciledEntity(BaseModel):
    """An entity, and in which registers it is."""

    entity_key: str
    entity_name: str
    voivodeship_terc: str
    county_terc: str
    reconciliation: Reconciliation
    report_submitted_on: date | None
    institution_id: UUID | None


class ReconciliationCounts(BaseModel):
    """How many entities are in which registers."""

    both: int
    cas_only: int
    voivode_only: int


class ReconciliationRead(BaseModel):
    """The two registers compared for one year, for the entities in the caller's reach."""

    kind: EntityKind
    year: int
    counts: ReconciliationCounts
    items: list[ReconciledEntity]
    next_cursor: str | None
    total: int | None = None


class ReconciliationList(ListQuery):
    """Which entities to list."""

    year: QueryYear = Field(examples=["2013"])
    voivodeship_terc: list[VoivodeshipTerc] | None = Field(default=None, max_length=16)
    reconciliation: Reconciliation | None = Field(
        default=None, description="only this class; the counts are of all"
    )
