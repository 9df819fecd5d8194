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

# Only the form is checked.
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
    """A person who is to be trained, with their organisation."""

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
    """A merge patch: absent fields stay, null clears a field.

    Facts on which an enrolment is based cannot change during it.
    """

    # Defaults that are never used: absent fields stay, and null is refused.
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


# Without e-mail address and account, which a list does not need.
class TraineeSummary(BaseModel):
    """A trainee in a list."""

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


# All facts of one person, with an audit record for each access.
class TraineeRead(TraineeSummary):
    """A trainee."""

    email: str | None
    institution_id: UUID | None
    account: str | None
    source: str | None
    external_id: str | None
    created_at: datetime


class TraineeList(ByIds):
    """Filters of trainees. None by name, which would be stored in URLs."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    organisation_type: list[OrganisationType] | None = None
    site_id: Id | None = None
    authority_id: Id | None = None
    target_group: list[TargetGroup] | None = None
    audience_role: list[AudienceRole] | None = None
    source: Code | None = None
    external_id: Line | None = Field(default=None, max_length=200)
    is_erased: QueryFlag | None = None
