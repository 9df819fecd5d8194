"""Transfers of cases on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Code, Id, Wire
from services.chassis.web.listing import ListQuery


class TransferState(StrEnum):
    """The state of a transfer."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TransferPropose(Wire):
    """A case that another county is to take over."""

    case_id: Id
    to_county_terc: CountyTerc
    to_institution_id: Id = Field(
        description="the institution that is to coordinate it there; a consent for"
        " `casework` has to name it"
    )
    # A code, because the other county reads it before it may learn
    # anything about the child.
    reason: Code = Field(description="a code of the county's own list")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_id": "01990000-0000-7000-8000-0000000000c1",
                    "to_county_terc": "2401",
                    "to_institution_id": "01990000-0000-7000-8000-000000000002",
                    "reason": "family_moved",
                }
            ]
        }
    )


class TransferDecline(Wire):
    """Why a case is not taken over."""

    reason: Code

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "family_not_here"}]}
    )


class TransferRead(BaseModel):
    """One transfer, as both counties see it. It contains ids and codes, and no data of
    the child.
    """

    id: UUID
    version: int
    county_terc: str = Field(description="the county that hands over")
    to_county_terc: str
    to_institution_id: UUID
    case_id: UUID
    # The two counties can refer to the case by it; it does not reveal the child.
    case_number: str
    person_id: UUID
    state: TransferState
    reason: str | None
    declining_reason: str | None
    proposed_by: str
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime


class TransferList(ListQuery):
    """Filters of transfers."""

    state: list[TransferState] | None = None
    case_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(
        default=None, max_length=400, description="handed over by these counties"
    )
    to_county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)


class KeptRecord(BaseModel):
    """The old county's copy of a case that it handed over:
    the rows as they were, by kind.
    """

    transfer_id: UUID
    kept_at: datetime
    # Rows of many tables as of that day: no present model describes them.
    rows: dict[str, list[dict[str, Any]]]
