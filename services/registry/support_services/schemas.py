"""Support services on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Count, Date, Id, Line, Name, Note, Wire
from services.chassis.web.listing import (
    ByIds,
    Expandable,
    FileQuery,
    ListQuery,
    QueryCount,
)
from services.registry.institutions.rules.kinds import Sector
from services.registry.institutions.schemas import InstitutionRead
from services.registry.legal_acts.rules import ContractingInstrument
from services.registry.support_services.rules import (
    DAYS_UNTIL_STALE,
    AccessibilityFeature,
    EligibilityDocument,
    SupportKind,
    TargetGroup,
)

Months = Annotated[Count, Field(le=12 * 30, description="age in completed months")]
CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]


class _Offer(Wire):
    """The fields of a service besides its name and kind."""

    description: Note | None = None
    sector: Sector | None = Field(
        default=None, description="the institution's own when absent"
    )
    target_groups: list[TargetGroup] = Field(default_factory=list, max_length=10)
    age_from_months: Months | None = Field(
        default=None, description="youngest age, inclusive"
    )
    age_to_months: Months | None = Field(
        default=None, description="oldest age, exclusive"
    )
    eligibility_documents: list[EligibilityDocument] = Field(
        default_factory=list,
        max_length=10,
        description="any one is enough; none needed when empty",
    )
    capacity: Count | None = Field(default=None, description="places in all")
    free_places: Count | None = Field(
        default=None,
        description="places that nobody occupies and no reservation holds; not known when absent",
    )
    waiting_days: Count | None = Field(
        default=None, description="days from asking to the first meeting"
    )
    accessibility: list[AccessibilityFeature] = Field(
        default_factory=list, max_length=20
    )
    offered_from: Date | None = None
    offered_to: Date | None = Field(default=None, description="last day")
    ordered_by_institution_id: Id | None = Field(
        default=None, description="the local authority that orders and pays it"
    )
    contracting_instrument: ContractingInstrument | None = Field(
        default=None, description="by which act it is ordered; with who orders it"
    )


class SupportServiceCreate(_Offer):
    """A service that an institution begins to offer."""

    institution_id: Id
    name: Name
    kind: SupportKind

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "institution_id": "01990000-0000-7000-8000-000000000001",
                    "name": "Wczesne wspomaganie rozwoju",
                    "kind": "therapeutic",
                    "target_groups": ["child", "family"],
                    "age_from_months": 0,
                    "age_to_months": 84,
                    "eligibility_documents": ["early_support_need_opinion"],
                    "capacity": 40,
                    "free_places": 6,
                    "waiting_days": 21,
                }
            ]
        }
    )


class SupportServiceUpdate(_Offer):
    """A merge patch: what is left out stays, null clears."""

    name: Name = Field(default_factory=str)
    kind: SupportKind = Field(default_factory=lambda: SupportKind.INFORMATIONAL)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"free_places": 4, "waiting_days": 30}]}
    )


class SupportServiceRead(BaseModel):
    """A service that an institution offers."""

    id: UUID
    version: int
    institution_id: UUID
    institution_name: str
    county_terc: str
    name: str
    description: str | None
    kind: SupportKind
    sector: Sector
    target_groups: list[TargetGroup]
    age_from_months: int | None
    age_to_months: int | None
    eligibility_documents: list[EligibilityDocument]
    capacity: int | None
    free_places: int | None = Field(
        description="can be reserved now; goes down and up with reservations, and null when not known"
    )
    waiting_days: int | None
    accessibility: list[AccessibilityFeature]
    offered_from: date | None
    offered_to: date | None
    ordered_by_institution_id: UUID | None
    contracting_instrument: ContractingInstrument | None
    verified_at: datetime = Field(
        description="when somebody last confirmed that all this is so"
    )
    verified_by: str
    latitude: float | None = Field(description="of the institution")
    longitude: float | None = Field(description="of the institution")
    distance_km: float | None = Field(
        default=None, description="from `near`, when asked"
    )
    changed_at: datetime


class ListedSupportService(SupportServiceRead):
    """A support service, if asked for with its institution."""

    institution: InstitutionRead | None = Field(
        default=None, description="only with `expand=institution`"
    )


class SupportServiceList(FileQuery, ByIds, Expandable):
    """Filters of support services."""

    q: Line | None = Field(
        default=None, max_length=100, description="words of name or description"
    )
    institution_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    kind: list[SupportKind] | None = None
    sector: list[Sector] | None = None
    target_group: list[TargetGroup] | None = None
    age_months: QueryCount | None = Field(
        default=None, ge=0, le=360, description="serves this age"
    )
    eligibility_document: list[EligibilityDocument] | None = Field(
        default=None, description="what the family has"
    )
    accessibility: list[AccessibilityFeature] | None = Field(
        default=None, description="all of these"
    )
    has_free_places: bool | None = None
    ordered_by_institution_id: Id | None = None
    contracting_instrument: list[ContractingInstrument] | None = None
    near: Line | None = Field(
        default=None,
        max_length=40,
        description="lat,lon in degrees",
        examples=["50.26,19.02"],
    )
    within_km: QueryCount = Field(default=25, ge=1, le=500, description="with `near`")
    as_of: Date | None = Field(
        default=None, description="offered on that day; today when absent"
    )
    include_ended: bool = False


class StaleList(ListQuery):
    """Filters of services that were not verified for long."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    older_than_days: QueryCount = Field(default=DAYS_UNTIL_STALE, ge=0, le=3650)
