"""Reviews of a plan on the wire."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.plan_goals.schemas import Level
from services.casework.plan_reviews.rules import Conclusion
from services.chassis.ground.scalars import Date, Id, Note, Wire


class GoalAttainment(Wire):
    """The level of one goal."""

    goal_id: Id
    level: Level


class ReviewCreate(Wire):
    """A review: every goal of the plan with its level."""

    # Without a score, which is computed, so that it always matches the levels.
    held_on: Date
    # A list and not an object, so that an error can name a single rating.
    attainments: list[GoalAttainment] = Field(min_length=1, max_length=50)
    conclusion: Conclusion
    note: Note | None = Field(default=None, description="what was said; kept sealed")
    next_review_on: Date | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "held_on": "2026-11-20",
                    "attainments": [
                        {"goal_id": "01990000-0000-7000-8000-0000000000d1", "level": 0}
                    ],
                    "conclusion": "continue",
                }
            ]
        }
    )


class ReviewRead(BaseModel):
    """A review that was held."""

    id: UUID
    version: int
    plan_id: UUID
    number: int
    held_on: date
    attainments: list[GoalAttainment]
    t_score: Decimal = Field(
        description="of all goals by Kiresuk and Sherman (1968): mean 50, deviation 10"
    )
    conclusion: Conclusion
    recorded_by: str
    created_at: datetime
    note: str | None = None
