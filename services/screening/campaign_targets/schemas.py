"""Targets on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field, Strict

from services.chassis.ground.scalars import Wire
from services.screening.campaigns.schemas import CountyTerc, ImplementerCode

Stage = Annotated[int, Strict(), Field(ge=1, le=2)]
# More than Poland has children: a bound against typing errors.
Heads = Annotated[int, Strict(), Field(ge=1, le=10_000_000)]


class TargetCreate(Wire):
    """How many children are to complete a stage; the newest figure is in force.

    It is of the whole campaign, of one county, or of one implementer.
    """

    stage: Stage = 1
    county_terc: CountyTerc | None = None
    implementer: ImplementerCode | None = None
    subjects: Heads

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"stage": 1, "county_terc": "2469", "subjects": 400}]
        }
    )
