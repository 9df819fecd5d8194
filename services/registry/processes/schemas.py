"""Processes, runs and their steps on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Id, Name, Note, Wire
from services.registry.processes.rules import StepOutcome, StepStatus

CatalogueCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[a-z][a-z_]{0,63}$")
]
"""The code of a process or a step, or of another list that migrations write."""


Address = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*(/[a-z0-9-]+)+$")
]
"""The path of a resource of the registry, below `/v1/registry/`."""


class Label(BaseModel):
    """A name in both languages."""

    pl: str
    en: str


class ProcessStepRead(BaseModel):
    """One step of a process."""

    code: str
    position: int = Field(
        description="its place in the order; two with the same place are alternatives"
    )
    label: Label
    is_ending: bool = Field(description="a run ends with it")
    comes_any_time: bool = Field(
        description="may come once the first step is recorded, whatever is still open"
    )


class ProcessRead(BaseModel):
    """An ordered list of steps."""

    code: str
    version: int
    label: Label
    source: str = Field(description="where the list comes from")
    steps: list[ProcessStepRead]


# Two examples each, since bodies and sites go through different steps.
class StepRecord(Wire):
    """A step that was done, or skipped for a reason."""

    step: CatalogueCode
    outcome: StepOutcome = StepOutcome.DONE
    done_on: Date = Field(description="when it was done, or decided that it is skipped")
    reason: Note | None = Field(
        default=None, description="required when skipped, and by a step that breaks off"
    )
    evidence: Name | None = Field(
        default=None, description="reference of the document that shows it"
    )
    document_version_id: Id | None = Field(
        default=None,
        description="the version of a document of the site, its programme or the body"
        " that shows it, adopted by that day",
    )
    stands_for: Address | None = Field(
        default=None,
        description="what the step stands for, as the pact: `agreements/<id>`; the latest that fits when absent",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "step": "letter_of_intent",
                    "outcome": "skipped",
                    "done_on": "2025-03-02",
                    "reason": "obie rady same poprosiły o platformę",
                },
                {
                    "step": "reasons_shown",
                    "done_on": "2025-03-02",
                    "evidence": "OR.0022.16.2025",
                },
            ]
        }
    )


class StepTakeBack(Wire):
    """A step recorded by mistake."""

    step: CatalogueCode
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"step": "letter_of_intent", "reason": "zapisano dla innego powiatu"},
                {"step": "reasons_shown", "reason": "zapisano dla innego powiatu"},
            ]
        }
    )


class RunProcess(BaseModel):
    """The process that a run goes through."""

    code: str
    label: Label


class RunStep(BaseModel):
    """A step of a process, with its status in a run."""

    code: str
    position: int
    label: Label
    status: StepStatus
    done_on: date | None
    reason: str | None
    evidence: str | None
    document_version_id: UUID | None
    stands_for: str | None = Field(description="what it stands for, as an address")
    recorded_by: str | None
    recorded_at: datetime | None


class RunHistory(BaseModel):
    """A record of a step, also one that was taken back later."""

    id: UUID
    step: str
    outcome: StepOutcome
    done_on: date
    reason: str | None
    evidence: str | None
    document_version_id: UUID | None
    stands_for: str | None
    recorded_by: str
    recorded_at: datetime
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_reason: str | None


class RunRead(BaseModel):
    """The progress of a subject in its process."""

    id: UUID
    version: int
    process: RunProcess
    state: str | None = Field(description="the last step that was done")
    ended: bool
    next: list[str] = Field(
        description="the steps that may come now; a skipped one may be done later all the same"
    )
    steps: list[RunStep]
    history: list[RunHistory] = Field(description="everything recorded, oldest first")
