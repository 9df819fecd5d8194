"""Assessors side by side, on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.assessments.rules.comparisons import ComparisonVerdict
from services.casework.assessments.rules.icf import QualifierKind
from services.casework.assessments.rules.life import AssessmentKind
from services.casework.cases.rules import Sector, Subject
from services.chassis.ground.scalars import Date


class ComparisonQuery(BaseModel):
    """Which assessments of a case are compared."""

    kind: AssessmentKind | None = None
    assessed_from: Date | None = None
    assessed_to: Date | None = None

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ComparedAssessment(BaseModel):
    """One side of the comparison."""

    id: UUID
    assessor: str
    sector: Sector
    kind: AssessmentKind
    assessed_on: date


class ComparedFinding(BaseModel):
    """The rating of one code by each assessor."""

    subject: Subject
    code: str
    # Performance and capacity of one code are compared separately.
    kind: QualifierKind
    qualifiers: dict[UUID, str | None] = Field(
        description="by the assessment's id; null where nothing is said"
    )
    verdict: ComparisonVerdict = Field(
        description="`not_comparable` where fewer than two have specified"
    )
    distance: int | None = Field(
        description="between the two that are furthest apart, 0 to 8"
    )
    is_opposite: bool = Field(
        description="a barrier to one assessor, a facilitator to another"
    )


class AgreementRead(BaseModel):
    """How many codes assessors agree about."""

    agreed: int
    comparable: int
    not_comparable: int
    # Null and not 1 where nothing can be compared: that is no agreement.
    share: float | None = Field(
        description="agreed of comparable; null where nothing can be compared"
    )


class ComparisonRead(BaseModel):
    """The newest completed assessment of each assessor, side by side."""

    assessments: list[ComparedAssessment]
    findings: list[ComparedFinding]
    agreement: AgreementRead
