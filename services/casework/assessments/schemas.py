"""Assessments on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints
from pydantic.config import JsonDict

from services.casework.assessments.rules.life import (
    AssessmentKind,
    AssessmentState,
    AssessmentVerb,
)
from services.casework.cases.rules import Sector, Subject
from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Date, Id, Line, Note, Wire
from services.chassis.web.listing import ListQuery

# Only the rough form: `rules.icf` checks chapters and levels,
# and names the place of an error.
IcfCode = Annotated[str, Strict(), StringConstraints(pattern=r"^[bsde][0-9]{1,5}$")]
Qualifier = Annotated[str, Strict(), StringConstraints(pattern=r"^\+?[0-9]$")]
_CONTENT: JsonDict = {
    "findings": [
        {
            "subject": "child",
            "code": "d330",
            "qualifiers": {"performance": "3", "capacity": "2"},
        },
        {"subject": "environment", "code": "e310", "qualifiers": {"extent": "+3"}},
    ],
    "strengths": [{"subject": "child", "text": "Chętnie bawi się z siostrą."}],
    "needs": [{"subject": "family", "text": "Ćwiczenia, które da się robić w domu."}],
}


class Qualifiers(Wire):
    """Qualifiers by their kind: 0 none to 4 complete, 8 not specified, 9 not
    applicable; with + a facilitator.
    """

    extent: Qualifier | None = Field(default=None, description="of b, s and e")
    nature: Qualifier | None = Field(default=None, description="of s")
    location: Qualifier | None = Field(default=None, description="of s")
    performance: Qualifier | None = Field(default=None, description="of d")
    capacity: Qualifier | None = Field(default=None, description="of d")


class Finding(Wire):
    """How somebody functions, or what the environment does, by a code of ICF."""

    subject: Subject
    code: IcfCode = Field(
        description="code of ICF, such as `d330`; codes alone are known here, not"
        " their titles"
    )
    qualifiers: Qualifiers
    note: Note | None = None


class Statement(Wire):
    """A strength or a need, in words."""

    subject: Subject
    text: Note


# Bounds far above what one assessor writes down about one child.
Findings = Annotated[list[Finding], Field(max_length=300)]
Statements = Annotated[list[Statement], Field(max_length=100)]


class AssessmentFacts(Wire):
    """The content of an assessment. Findings, strengths and needs are kept sealed."""

    # Only the id: a copy would put a result beside a name,
    # and the services keep these apart.
    screening_id: Id | None = Field(
        default=None,
        description="a screening that it goes on from; its result is read there, by"
        " one's own right",
    )
    findings: Findings = Field(default_factory=list)
    strengths: Statements = Field(default_factory=list)
    needs: Statements = Field(default_factory=list)


class AssessmentCreate(AssessmentFacts):
    """A draft of the caller's own."""

    case_id: Id
    kind: AssessmentKind = AssessmentKind.FUNCTIONAL
    assessed_on: Date
    sector: Sector = Field(description="the sector that the assessor works in")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_id": "01990000-0000-7000-8000-0000000000c2",
                    "assessed_on": "2026-11-05",
                    "sector": "education",
                    **_CONTENT,
                }
            ]
        }
    )


class AssessmentUpdate(AssessmentFacts):
    """A merge patch: what is left out stays; a list replaces the list."""

    # Never stored, because fields missing from a patch are left out. With None as the
    # default, null could clear the field.
    assessed_on: Date = Field(default_factory=lambda: date.min)
    sector: Sector = Field(default_factory=lambda: Sector.EDUCATION)

    model_config = ConfigDict(json_schema_extra={"examples": [_CONTENT]})


class Annulment(Wire):
    """Why an assessment no longer counts."""

    reason: Note = Field(description="kept sealed")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Ocena innego dziecka."}]}
    )


class AssessmentSummary(BaseModel):
    """An assessment, as a list shows it: nothing that is kept sealed."""

    id: UUID
    version: int
    county_terc: str
    case_id: UUID
    person_id: UUID
    kind: AssessmentKind
    state: AssessmentState
    assessed_on: date
    assessor: str = Field(description="account of the assessor")
    sector: Sector
    institution_id: UUID | None
    screening_id: UUID | None
    completed_at: datetime | None
    changed_at: datetime


class AssessmentRead(AssessmentSummary):
    """An assessment, whole."""

    findings: list[Finding]
    strengths: list[Statement]
    needs: list[Statement]
    annulled_because: str | None
    allowed: list[AssessmentVerb] = Field(description="what may be done in this state")


class AssessmentList(ListQuery):
    """Filters of assessments."""

    case_id: Id | None = None
    person_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    kind: AssessmentKind | None = None
    state: AssessmentState | None = None
    sector: Sector | None = None
    assessor: Line | None = Field(default=None, max_length=255)
