"""Advisory contacts on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Date, Id, QueryFlag, Wire
from services.chassis.web.listing import FileQuery
from services.training.advisory_contacts.rules import Giver
from services.training.annulling import AnnulledRead
from services.training.sessions.schemas import CountyTerc, Minutes
from services.training.trainees.rules import AudienceRole


class AdvisoryContactCreate(Wire):
    """Support that was given outside a session, to coordinators of a county or to a
    local authority.
    """

    authority_id: Id | None = None
    # Beside an authority these two are refused, even where they agree with it.
    programme_id: Id | None = Field(
        default=None, description="where there is no authority"
    )
    county_terc: CountyTerc | None = Field(
        default=None, description="where there is no authority"
    )
    audience_role: AudienceRole | None = Field(
        default=None, description="of whom it was for; required without an authority"
    )
    # A code and no text: words about a conversation would describe people.
    topic: Code = Field(description="code of what it was about")
    contacted_on: Date
    minutes: Minutes
    trainer_id: Id | None = Field(
        default=None,
        description="the expert from outside who gave it; absent, the caller did",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_id": "01990000-0000-7000-8000-0000000000d1",
                    "county_terc": "2469",
                    "audience_role": "pupil_screening_coordinator",
                    "topic": "screening_consents",
                    "contacted_on": "2026-10-12",
                    "minutes": 30,
                }
            ]
        }
    )


class AdvisoryContactRead(AnnulledRead):
    """Support that was given outside a session."""

    id: UUID
    version: int
    programme_id: UUID
    county_terc: str
    authority_id: UUID | None
    audience_role: AudienceRole | None
    topic: str
    contacted_on: date
    minutes: int
    given_by: Giver
    trainer_id: UUID | None
    recorded_by: str
    created_at: datetime
    changed_at: datetime


class AdvisoryContactList(FileQuery):
    """Filters of advisory contacts."""

    programme_id: Id | None = None
    authority_id: Id | None = None
    trainer_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    audience_role: list[AudienceRole] | None = None
    topic: list[Code] | None = Field(default=None, max_length=50)
    given_by: Giver | None = None
    contacted_from: Date | None = None
    contacted_to: Date | None = None
    # Both by default: a list without annulled records would hide mistakes.
    is_annulled: QueryFlag | None = None


class AdvisorySum(BaseModel):
    """The support that one audience had about one topic in a year."""

    year: int
    audience_role: AudienceRole | None
    topic: str
    contacts: int
    minutes: int


class AdvisorySums(BaseModel):
    """Sums of the records within the caller's reach, without annulled ones."""

    items: list[AdvisorySum]
    contacts: int
    minutes: int
