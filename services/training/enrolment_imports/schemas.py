"""Parameters of an import of enrolments."""

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, QueryFlag
from services.training.programmes.schemas import ProgrammeCode


class EnrolmentImport(BaseModel):
    """Parameters of an import, which are the same for all rows of the file."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    source: Code = Field(
        description="system whose external ids these are, as the people were imported",
        examples=["project-office"],
    )
    programme_code: ProgrammeCode = Field(
        description="the programme of the groups", examples=["TMW"]
    )
    dry_run: QueryFlag = Field(
        default=False, description="write nothing, report what would be done"
    )
