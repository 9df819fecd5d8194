"""Documents on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Name, Wire
from services.chassis.web.listing import ListQuery
from services.registry.documents.rules import DocumentKind
from services.registry.institutions.schemas import CountyTerc
from services.registry.programmes.schemas import ProgrammeCode


class DocumentCreate(Wire):
    """A document of one programme, one site or one body; its versions follow."""

    kind: DocumentKind
    title: Name
    programme_code: ProgrammeCode | None = None
    site_id: Id | None = Field(
        default=None, description="a county, commune or location in a programme"
    )
    body_id: Id | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "standard",
                    "title": "Standard organizacji wsparcia w powiecie",
                    "programme_code": "MWM",
                }
            ]
        }
    )


class DocumentUpdate(Wire):
    """A merge patch: kind and owner stay."""

    title: Name = Field(default_factory=str)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Diagnoza lokalna Imielina"}]}
    )


class DocumentRead(BaseModel):
    """A document."""

    id: UUID
    version: int = Field(description="of this record; those of its text are numbered")
    kind: DocumentKind
    title: str
    programme_code: str | None
    site_id: UUID | None
    body_id: UUID | None
    county_terc: str | None = Field(
        description="of the owner; null of a programme and of a regional platform"
    )
    adopted_number: int | None = Field(
        description="highest number of an adopted version; null until one is adopted"
    )
    changed_at: datetime


class DocumentList(ListQuery):
    """Filters of documents."""

    kind: list[DocumentKind] | None = None
    programme_code: ProgrammeCode | None = None
    site_id: Id | None = None
    body_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    adopted: bool | None = Field(
        default=None, description="a version of it is adopted; both when absent"
    )
