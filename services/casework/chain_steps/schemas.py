"""The chain of a lead coordination centre on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import ChainStep, StepStatus
from services.chassis.ground.scalars import Flag, Note, Wire


class ChainStepRecord(Wire):
    """The finding of a step."""

    step: ChainStep
    # Stated by a person, never derived from the text.
    found_need: Flag = Field(
        description="whether the next step follows from it; of the services, whether"
        " they were given"
    )
    summary: Note = Field(description="what was found, in words; kept sealed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "step": "needs",
                    "found_need": True,
                    "summary": "Rodzina potrzebuje wsparcia logopedy i informacji o świadczeniach.",
                }
            ]
        }
    )


class ChainStepRead(BaseModel):
    """One step of the chain, and what it found where it was done."""

    step: ChainStep
    status: StepStatus
    found_need: bool | None = None
    summary: str | None = None
    recorded_by: str | None = None
    recorded_at: datetime | None = None


class Chain(BaseModel):
    """The whole chain, in its order."""

    items: list[ChainStepRead]
