"""Trainees on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.chassis.ground.scalars import Code, Id, Line, Name, QueryFlag, Wire
from services.chassis.web.listing import ByIds
from services.training.rooms.schemas import CountyTerc
from services.training.trainees.rules import (
    AudienceRole,
    OrganisationRelation,
    OrganisationType,
    Sex,
    TargetGroup,
)
from services.training.trainers.schemas import Account

# The form alone is checked: only a message shows whether somebody reads it.
Email = Annotated[Line, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
_SITE = "the test location: a site of the registry"
_EXAMPLE: JsonDict = {
    "county_terc": "2469",
    "given_name": "Jan",
    "family_name": "Przykładowy",
    "sex": "male",
    "organisation_type": "cis",
    "organisation_name": "Centrum Integracji Społecznej",
    "relation": "employee",
    "site_id": "01990000-0000-7000-8000-000000000001",
}


class TraineeCreate(Wire):
    """Somebody who is to be trained, with the organisation whose staff they are."""

    county_terc: CountyTerc
    given_name: Name
    family_name: Name
    sex: Sex
    email: Email | None = None
    organisation_type: OrganisationType
    organisation_name: Name
    relation: OrganisationRelation
    institution_id: Id | None = Field(
        default=None, description="the organisation, an institution of the registry"
    )
    site_id: Id | None = Field(default=None, description=_SITE)
    authority_id: Id | None = Field(
        default=None, description="the authority whose task team this person is of"
    )
    target_group: TargetGroup | None = None
    audience_role: AudienceRole | None = None
    account: Account | None = Field(
        default=None, description="`sub` of the tokens that this person signs in with"
    )
    source: Code | None = Field(
        default=None, description="the system whose `external_id` it is"
    )
    external_id: Annotated[Line, Field(min_length=1, max_length=200)] | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


class TraineeUpdate(Wire):
    """A merge patch: what is left out stays, null clears.

    While somebody is enrolled, what they were enrolled by is not changed.
    """

    # Left out they stay, and null is refused: a default that is never used.
    given_name: Name = Field(default_factory=str)
    family_name: Name = Field(default_factory=str)
    sex: Sex = Field(default_factory=lambda: Sex.FEMALE)
    email: Email | None = None
    organisation_type: OrganisationType = Field(
        default_factory=lambda: OrganisationType.OTHER
    )
    organisation_name: Name = Field(default_factory=str)
    relation: OrganisationRelation = Field(
        default_factory=lambda: OrganisationRelation.EMPLOYEE
    )
    institution_id: Id | None = None
    site_id: Id | None = Field(default=None, description=_SITE)
    authority_id: Id | None = None
    target_group: TargetGroup | None = None
    audience_role: AudienceRole | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "jan@example.org"}]}
    )


# Without address and account: who is on a list need not be written to.
class TraineeSummary(BaseModel):
    """Somebody who is trained, as a list shows them."""

    id: UUID
    version: int
    county_terc: str
    given_name: str | None = Field(description="null once erased, as all names are")
    family_name: str | None
    sex: Sex
    organisation_type: OrganisationType
    organisation_name: str | None
    relation: OrganisationRelation
    site_id: UUID | None = Field(description=_SITE)
    authority_id: UUID | None
    target_group: TargetGroup | None
    audience_role: AudienceRole | None
    erased_at: datetime | None
    changed_at: datetime


# All of one person, for whose look a record of its own is written.
class TraineeRead(TraineeSummary):
    """Somebody who is trained."""

    email: str | None
    institution_id: UUID | None
    account: str | None
    source: str | None
    external_id: str | None
    created_at: datetime


class TraineeList(ByIds):
    """Filters of trainees. Nobody is found by name: an address would keep it."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    organisation_type: list[OrganisationType] | None = None
    site_id: Id | None = None
    authority_id: Id | None = None
    target_group: list[TargetGroup] | None = None
    audience_role: list[AudienceRole] | None = None
    source: Code | None = None
    external_id: Line | None = Field(default=None, max_length=200)
    is_erased: QueryFlag | None = None
