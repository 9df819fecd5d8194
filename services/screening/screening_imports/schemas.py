"""Parameters of an import of screenings."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, QueryFlag
from services.chassis.web.listing import QueryCount
from services.screening.instruments.rules.definitions import InstrumentCode
from services.screening.screenings.schemas import SourceName


class ScreeningImport(BaseModel):
    """Parameters of an import: the facts that all rows of the file share."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    instrument_code: InstrumentCode = Field(examples=["DEMO"])
    instrument_version: QueryCount = Field(ge=1, examples=[1])
    source: SourceName = Field(
        description="system whose external ids these are", examples=["other-platform"]
    )
    campaign_id: Id | None = None
    stage: QueryCount | None = Field(
        default=None, ge=1, le=2, description="of the campaign; 1 when absent"
    )
    dry_run: QueryFlag = Field(
        default=False, description="write nothing, report what would be done"
    )

    def parameters(self) -> dict[str, Any]:
        """The parameters of the job."""
        parameters = self.model_dump(mode="json", exclude={"dry_run"})
        stage = (self.stage or 1) if self.campaign_id else None
        return parameters | {"stage": stage}
