"""Imported sums of hours on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Flag, Id, Name, QueryFlag, Whole, Wire
from services.chassis.web.listing import FileQuery, QueryCount
from services.training.annulling import AnnulledRead
from services.training.sessions.schemas import CountyTerc
from services.training.trainees.rules import AudienceRole

Year = Annotated[Whole, Field(ge=2000, le=2100)]
TotalMinutes = Annotated[Whole, Field(ge=1, le=100_000_000)]


class HourTotalItem(Wire):
    """The sum of one year's minutes from a source."""

    external_id: Code = Field(description="by which the source finds it again")
    programme_id: Id
    year: Year
    audience_role: AudienceRole | None = Field(
        default=None, description="absent: of all roles together"
    )
    county_terc: CountyTerc | None = Field(
        default=None, description="absent: of the whole country"
    )
    minutes: TotalMinutes
    # Source 000 says `more than 241`, which is no exact number.
    is_lower_bound: Flag = Field(
        default=False, description="the source says that it is more than that"
    )


class HourTotalsImport(Wire):
    """Up to 200 sums of one source, imported all or none."""

    source: Name
    # A bound on the rows that one transaction locks.
    items: list[HourTotalItem] = Field(min_length=1, max_length=200)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "sprawozdanie MWM",
                    "items": [
                        {
                            "external_id": "2023",
                            "programme_id": "01990000-0000-7000-8000-0000000000d1",
                            "year": 2023,
                            "minutes": 14460,
                            "is_lower_bound": True,
                        }
                    ],
                }
            ]
        }
    )


class HourTotalsImported(BaseModel):
    """The numbers of imported sums by result."""

    created: int
    changed: int
    unchanged: int
    annulled: int = Field(
        description="known, and annulled here: they stay so, whatever they say now"
    )


class HourTotalRead(AnnulledRead):
    """An imported sum."""

    id: UUID
    version: int
    source: str
    external_id: str
    programme_id: UUID
    year: int
    audience_role: AudienceRole | None
    county_terc: str | None
    minutes: int
    is_lower_bound: bool
    created_at: datetime
    changed_at: datetime


class HourTotalList(FileQuery):
    """Filters of imported sums."""

    programme_id: Id | None = None
    year: list[QueryCount] | None = Field(default=None, max_length=100)
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    audience_role: list[AudienceRole] | None = None
    source: Name | None = None
    # Both by default: a list without annulled sums would hide mistakes.
    is_annulled: QueryFlag | None = None
