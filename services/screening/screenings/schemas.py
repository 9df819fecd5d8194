"""Screenings on the wire."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import (
    Count,
    Date,
    Flag,
    Id,
    Line,
    LongText,
    Number,
    Whole,
    Wire,
)
from services.chassis.web.listing import ByIds, Expandable, FileQuery
from services.screening.campaigns.schemas import CampaignRead, CountyTerc
from services.screening.instruments.rules.definitions import InstrumentCode, ScaleCode
from services.screening.instruments.rules.items import LeafCode, OptionCode
from services.screening.instruments.rules.outcomes import Informant, Outcome, Sex
from services.screening.screenings.rules.states import State
from services.screening.screenings.rules.subjects import SubjectWarning

SourceName = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")
]
ExternalId = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
ImplementerName = Annotated[Line, StringConstraints(min_length=1, max_length=64)]
Answer = LongText | Whole | Number | list[OptionCode] | None
Answers = dict[LeafCode, Answer]
_SUBMISSION: dict[str, Any] = {
    "born_on": "2024-02-15",
    "administered_on": "2025-05-20",
    "consent_to_refer": True,
}
_SCREENING: dict[str, Any] = {
    "subject_ref": "6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d",
    "sex": "female",
    "county_terc": "2469",
    # No real institution: with a development issuer the documentation page inserts an
    # existing one.
    "institution_id": "01990000-0000-7000-8000-000000000001",
    "instrument_code": "DEMO",
    "instrument_version": 1,
    "informant": "parent",
    "answers": {"Y_MOVE1": "yes", "Y_TALK1": "sometimes"},
    "submission": _SUBMISSION,
}


class ScreeningSubmit(Wire):
    """The day of screening, and the exact day of birth, which gives the age and is not stored."""

    born_on: Date = Field(
        description="gives the age in completed months and the month of birth; not kept, not logged"
    )
    gestation_weeks: Count | None = Field(
        default=None,
        ge=20,
        le=44,
        description="for instruments that correct the age of children born too early",
    )
    administered_on: Date
    consent_to_refer: Flag | None = Field(
        default=None,
        description="whether the guardian agrees to a referral"
        " when the confirmed result calls for one",
    )

    model_config = ConfigDict(json_schema_extra={"examples": [_SUBMISSION]})


class ScreeningCreate(Wire):
    """A screening: a draft, or with `submission` one that is submitted and scored at once."""

    campaign_id: Id | None = None
    stage: Count | None = Field(
        default=None, ge=1, le=2, description="of the campaign; 1 when absent"
    )
    implementer: ImplementerName | None = Field(
        default=None, description="code of the campaign's implementer"
    )
    subject_ref: Id = Field(description="random; who it is, is known elsewhere")
    sex: Sex
    county_terc: CountyTerc
    institution_id: Id | None = Field(
        default=None,
        description="of the registry, where the screening was done; whoever may do this for"
        " one institution alone names that one",
    )
    instrument_code: InstrumentCode
    instrument_version: Annotated[Count, Field(ge=1)]
    form_code: ScaleCode | None = Field(
        default=None, description="the form for the age and informant when absent"
    )
    informant: Informant
    answers: Answers = Field(
        default_factory=dict,
        max_length=1000,
        description="by item code, of a matrix by `ITEM.ROW`; what is not asked of this"
        " child is left out",
    )
    source: SourceName | None = Field(
        default=None, description="system whose `external_id` this is"
    )
    external_id: ExternalId | None = None
    submission: ScreeningSubmit | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [_SCREENING]})


class ScreeningUpdate(Wire):
    """A merge patch of a draft: its answers replace earlier ones, and null removes an answer."""

    # The default is never used (`exclude_unset`): it makes the field optional and
    # forbids null.
    informant: Informant = Field(default=Informant.PARENT)
    sex: Sex = Field(default=Sex.UNKNOWN)
    form_code: ScaleCode | None = None
    answers: Answers = Field(default_factory=dict, max_length=1000)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answers": {"Y_TALK1": "yes"}}]}
    )


class ScreeningRead(BaseModel):
    """A screening without its answers."""

    id: UUID
    version: int
    state: State
    campaign_id: UUID | None
    stage: int | None
    implementer: str | None
    subject_ref: UUID
    birth_month: date | None = Field(description="its first day")
    age_months: int | None = Field(description="completed months on the day, as scored")
    sex: Sex
    county_terc: str
    institution_id: UUID | None
    instrument_code: str
    instrument_version: int
    form_code: str | None
    informant: Informant
    administered_on: date | None
    outcome: Outcome | None
    norm_set_id: UUID | None
    has_consent: bool | None = Field(
        description="of the guardian, to be referred when the result calls for it"
    )
    consent_recorded_by: str | None = Field(
        description="who recorded it last, after the screening was submitted"
    )
    consent_recorded_at: datetime | None
    source: str | None
    external_id: str | None
    submitted_by: str | None
    submitted_at: datetime | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    returned_by: str | None = Field(
        description="who last sent it back to be corrected by whoever filled it in"
    )
    returned_at: datetime | None
    returning_reason: str | None
    annulled_by: str | None
    annulled_at: datetime | None
    annulling_reason: str | None
    changed_at: datetime


class ListedScreening(ScreeningRead):
    """A screening in a list, with its campaign if requested."""

    campaign: CampaignRead | None = Field(
        default=None, description="only with `expand=campaign`"
    )


class ScreeningRecorded(ScreeningRead):
    """A screening that was just recorded or submitted."""

    warnings: list[SubjectWarning] = Field(
        description="how it contradicts other screenings of its subject that are not annulled"
    )


class ScreeningDetail(ScreeningRead):
    """A screening with its answers, by item code."""

    answers: Answers


class ShownScreening(ScreeningDetail):
    """A screening with its answers, and with its campaign if requested."""

    campaign: CampaignRead | None = Field(
        default=None, description="only with `expand=campaign`"
    )


class ScreeningList(FileQuery, ByIds, Expandable):
    """Filters of screenings."""

    campaign_id: Id | None = None
    # A text, like all query parameters; `list_screenings` converts it to a number.
    stage: Annotated[str, StringConstraints(pattern="^[12]$")] | None = None
    state: list[State] | None = None
    outcome: list[Outcome] | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    institution_id: Id | None = None
    subject_ref: Id | None = None
    instrument_code: InstrumentCode | None = None
    informant: list[Informant] | None = None
    implementer: ImplementerName | None = None
    source: SourceName | None = None
    external_id: ExternalId | None = None
    administered_from: Date | None = None
    administered_to: Date | None = None
