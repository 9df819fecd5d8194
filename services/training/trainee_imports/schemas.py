"""Parameters of an import of trainees."""

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, QueryFlag


class TraineeImport(BaseModel):
    """Parameters of an import, which are the same for all rows of the file."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    source: Code = Field(
        description="system whose external ids these are", examples=["project-office"]
    )
    # TERYT codes are unique in a programme: a commune may be in several programmes.
    programme_code: Code | None = Field(
        default=None,
        description="the programme that recruited the authorities of `authority_terc`",
    )
    dry_run: QueryFlag = Field(
        default=False, description="write nothing, report what would be done"
    )
