"""The team of a case on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import Sector
from services.casework.people.schemas import Telephone
from services.chassis.ground.scalars import Id, Line, Name, Wire


class CaseMemberAdd(Wire):
    """Somebody who joins the team."""

    # Not checked, because accounts are kept by the identity provider: one that does not
    # exist there gives access to nobody.
    subject: Line = Field(
        min_length=1,
        max_length=255,
        description="the account that this person signs in with",
    )
    display_name: Name = Field(description="as the family knows this person at work")
    profession: Name
    sector: Sector
    institution_id: Id
    telephone: Telephone | None = Field(default=None, description="at work")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "specialist",
                    "display_name": "Barbara Przykładowa",
                    "profession": "logopeda",
                    "sector": "education",
                    "institution_id": "01990000-0000-7000-8000-000000000001",
                }
            ]
        }
    )


class CaseMemberRead(BaseModel):
    """Somebody in the team of a case, now or before."""

    id: UUID
    version: int
    case_id: UUID
    subject: str
    display_name: str
    profession: str
    sector: Sector
    institution_id: UUID
    telephone: str | None
    joined_at: datetime
    left_at: datetime | None


class CaseTeam(BaseModel):
    """The team, and the sectors without which it is not whole."""

    items: list[CaseMemberRead]
    missing_sectors: list[Sector]
