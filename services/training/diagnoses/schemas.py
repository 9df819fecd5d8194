"""Diagnoses on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Note, Wire
from services.chassis.web.listing import ListQuery
from services.training.authorities.rules import WorkState
from services.training.diagnoses.rules.content import DiagnosisContent, Section
from services.training.diagnoses.rules.figures import DiagnosisFigures

DIAGNOSIS_EXAMPLE: dict[str, Any] = {
    "equipment": [
        {"kind": "laptop", "good": 120, "worn": 60, "unusable": 20},
        {"kind": "interactive_board", "good": 15, "worn": 5, "unusable": 0},
    ],
    "availability": {
        "schools": 6,
        "pupils": 900,
        "schools_with_broadband": 4,
        "schools_with_wireless": 3,
        "schools_lending_devices": 2,
    },
    "it_staff": {"people": 2, "hours_a_week": 60, "people_with_qualification": 1},
    "competences": {
        "teachers": {"assessed": 110, "sufficient": 66},
        "heads": {"assessed": 6, "sufficient": 5},
        "pupils": {"assessed": 400, "sufficient": 250},
    },
    "collection_methods": ["inventory", "survey", "competence_test"],
    "digital_exclusion": {
        "children": {
            "people": 300,
            "excluded": 45,
            "causes": {"equipment": 30, "internet": 20, "poverty": 15, "disability": 4},
        },
        "pupils": {
            "people": 900,
            "excluded": 90,
            "causes": {"equipment": 50, "internet": 40, "poverty": 30, "disability": 9},
        },
        "parents": {
            "people": 1200,
            "excluded": 240,
            "causes": {"equipment": 99, "internet": 99, "poverty": 80, "disability": 9},
        },
    },
    "recommendations": [
        {
            "code": "R1",
            "section": "availability",
            "text": "Łącze szerokopasmowe w każdej szkole.",
        }
    ],
}


class DiagnosisWrite(DiagnosisContent):
    """The whole content of a diagnosis, in place of the old one."""

    model_config = ConfigDict(json_schema_extra={"examples": [DIAGNOSIS_EXAMPLE]})


class WorkReturn(Wire):
    """Why work is returned for changes."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Brakuje danych o dwóch szkołach."}]}
    )


class DiagnosisEntry(BaseModel):
    """A version of a diagnosis without its content."""

    id: UUID
    version: int = Field(description="of this record, for If-Match")
    authority_id: UUID
    number: int
    state: WorkState
    submitted_at: datetime | None
    submitted_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    returning_reason: str | None
    created_at: datetime
    changed_at: datetime


class DiagnosisRead(DiagnosisEntry):
    """A version of a diagnosis, with its figures and missing sections."""

    content: DiagnosisContent
    # Computed at each read (domain.md N3): a stored rate could contradict its parts.
    figures: DiagnosisFigures
    missing: list[Section] = Field(description="before it is submitted")


class DiagnosisList(ListQuery):
    """Filters of an authority's diagnoses."""

    state: list[WorkState] | None = None
