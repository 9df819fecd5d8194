"""Goals of a plan on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.casework.cases.rules import Subject
from services.chassis.ground.scalars import Name, Note, Whole, Wire

Level = Annotated[
    Whole, Field(ge=-2, le=2, description="goal attainment: 0 is what was expected")
]
# Bounded: one goal with a large weight would determine the score alone.
Weight = Annotated[Whole, Field(ge=1, le=10)]
# `b`, `s`, `d` and `e` are the components of ICF; its codes have at most five digits.
IcfCode = Annotated[str, Strict(), StringConstraints(pattern=r"^[bsde][0-9]{1,5}$")]


class GoalTexts(Wire):
    """The texts of a goal. They are kept sealed."""

    text: Note = Field(description="what is to be reached")
    indicator: Note = Field(description="by what one sees it")
    levels: list[Name] = Field(
        min_length=5,
        max_length=5,
        description="what each level looks like, from -2 to +2",
    )


class GoalCreate(GoalTexts):
    """A new goal of a draft."""

    subject: Subject
    icf_code: IcfCode | None = None
    weight: Weight = 1
    baseline: Level = -1

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "family",
                    "text": "Rodzice znają dwa sposoby zachęcania Zosi do mówienia.",
                    "indicator": "rozmowa z logopedą co miesiąc",
                    "levels": ["żadnego", "jeden", "dwa", "trzy", "uczą dziadków"],
                    "baseline": -2,
                }
            ]
        }
    )


class GoalUpdate(GoalTexts):
    """A merge patch of a goal: what is left out stays."""

    # Only fields that were sent are read (`exclude_unset`). These defaults let a field
    # be left out but do not allow null.
    text: Note = Field(default_factory=str)
    indicator: Note = Field(default_factory=str)
    levels: list[Name] = Field(default_factory=list, min_length=5, max_length=5)
    subject: Subject = Field(default_factory=lambda: Subject.CHILD)
    icf_code: IcfCode | None = None
    weight: Weight = Field(default_factory=lambda: 1)
    baseline: Level = Field(default_factory=lambda: 0)

    model_config = ConfigDict(json_schema_extra={"examples": [{"weight": 2}]})


class GoalRead(BaseModel):
    """A goal of a version."""

    id: UUID
    version: int
    plan_id: UUID
    number: int
    subject: Subject
    icf_code: str | None
    weight: int
    baseline: int
    earlier_id: UUID | None = Field(description="the same goal in the version before")
    text: str | None = None
    indicator: str | None = None
    levels: list[str] | None = None
