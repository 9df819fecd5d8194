"""Uploads of criteria on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import QueryFlag


class StudyCriterionImport(BaseModel):
    """Parameters of an upload of criteria."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    dry_run: QueryFlag = Field(
        default=False, description="report what would happen, write nothing"
    )
