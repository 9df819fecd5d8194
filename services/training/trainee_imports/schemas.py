"""Parameters of an import of trainees."""

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, QueryFlag


class TraineeImport(BaseModel):
    """Parameters of an import: what all rows of the file have in common."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    source: Code = Field(
        description="system whose external ids these are", examples=["project-office"]
    )
    # A code of TERYT is unique in a programme alone: one commune may be in several.
    programme_code: Code | None = Field(
        default=None,
        description="the programme that recruited the authorities of `authority_terc`",
    )
    dry_run: QueryFlag = Field(
        default=False, description="write nothing, report what would be done"
    )
