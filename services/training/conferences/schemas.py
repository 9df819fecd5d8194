"""Conferences on the wire."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import (
    Count,
    Flag,
    Id,
    Instant,
    Name,
    Note,
    QueryFlag,
    Wire,
)
from services.chassis.web.listing import FileQuery
from services.training.conferences.rules import (
    Audience,
    ConferenceMode,
    ConferenceState,
)

Capacity = Annotated[Count, Field(ge=1, le=100_000)]
Audiences = Annotated[list[Audience], Field(min_length=1, max_length=len(Audience))]
_EXAMPLE: dict[str, Any] = {
    "programme_id": "01990000-0000-7000-8000-000000000001",
    "title_pl": "Model wczesnego wspomagania w praktyce",
    "title_en": "The model of early support in practice",
    "mode": "online",
    "starts_at": "2023-10-02T08:00:00Z",
    "ends_at": "2023-10-02T13:00:00Z",
    "audience": ["education_superintendents", "local_authorities"],
    "capacity": 500,
    "registration_opens_at": "2023-09-11T06:00:00Z",
    "registration_closes_at": "2023-09-29T22:00:00Z",
    "is_open_to_outsiders": True,
}


class ConferenceCreate(Wire):
    """A new conference."""

    programme_id: Id
    title_pl: Name
    title_en: Name
    mode: ConferenceMode
    place: Name | None = Field(default=None, description="none where it is online")
    starts_at: Instant
    ends_at: Instant
    audience: Audiences
    capacity: Capacity
    registration_opens_at: Instant
    registration_closes_at: Instant
    is_open_to_outsiders: Flag = Field(
        description="whether authorities may come that take no part in the programme"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


def _never() -> datetime:
    return datetime.min.replace(tzinfo=UTC)


class ConferenceUpdate(Wire):
    """A merge patch: absent fields stay. Capacity is changed by `resize`."""

    title_pl: Name = Field(default_factory=str)
    title_en: Name = Field(default_factory=str)
    mode: ConferenceMode = ConferenceMode.ONLINE
    place: Name | None = None
    starts_at: Instant = Field(default_factory=_never)
    ends_at: Instant = Field(default_factory=_never)
    audience: Audiences = Field(default_factory=list)
    registration_opens_at: Instant = Field(default_factory=_never)
    registration_closes_at: Instant = Field(default_factory=_never)
    is_open_to_outsiders: Flag = Field(default_factory=bool)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title_pl": "Wymiana doświadczeń"}]}
    )


class ConferenceCancel(Wire):
    """Why a conference does not take place."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Prelegenci są chorzy."}]}
    )


class ConferenceRead(BaseModel):
    """A conference."""

    id: UUID
    version: int
    programme_id: UUID
    title_pl: str
    title_en: str
    state: ConferenceState
    mode: ConferenceMode
    place: str | None
    starts_at: datetime
    ends_at: datetime
    audience: list[Audience]
    capacity: int
    registered: int
    waiting: int
    registration_opens_at: datetime
    registration_closes_at: datetime
    is_open_to_outsiders: bool
    cancel_reason: str | None
    registrants_erased_at: datetime | None = Field(
        description="since then counts alone tell who was there"
    )
    changed_at: datetime


class AudienceRead(BaseModel):
    """An audience with its name in both languages."""

    code: Audience
    label_pl: str
    label_en: str


class AudienceCatalogue(BaseModel):
    """The audiences that a conference can have."""

    items: list[AudienceRead]


class ConferenceList(FileQuery):
    """Filters of conferences."""

    programme_id: Id | None = None
    state: list[ConferenceState] | None = None
    mode: list[ConferenceMode] | None = None
    audience: Audience | None = None
    is_open_to_outsiders: QueryFlag | None = None
    starts_from: Instant | None = None
    starts_to: Instant | None = None
