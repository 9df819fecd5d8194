"""Protocols on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Flag, Line, Name, Note, Wire
from services.screening.instruments.rules.outcomes import Informant, Outcome
from services.screening.protocols.rules.batteries import Combination
from services.screening.protocols.rules.selection import RuleKind

InstrumentCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{1,39}$")
]
ProtocolCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{1,39}$")
]
Number = Annotated[int, Strict(), Field(ge=1, le=9999)]
Days = Annotated[int, Strict(), Field(ge=1, le=1000)]
Part = Annotated[float, Strict(), Field(gt=0, le=1, allow_inf_nan=False)]
Heads = Annotated[int, Strict(), Field(ge=1, le=100_000)]
Word = Annotated[Line, StringConstraints(min_length=1, max_length=64)]


class Labels(BaseModel):
    """A text in Polish and English."""

    pl: str
    en: str


class BatteryForm(Wire):
    """One form of a battery: a published version of an instrument."""

    instrument_code: InstrumentCode
    instrument_version: Number
    is_required: Flag = Field(
        default=True, description="the battery is complete only with it"
    )
    decides: Flag = Field(
        default=True, description="its outcome counts for the outcome of the battery"
    )
    informants: list[Informant] = Field(
        default_factory=list,
        max_length=6,
        description="of a required form: each of them has to answer it; anybody when empty",
    )


class StageBattery(Wire):
    """The forms of one stage, how their outcomes combine, and how many days it has."""

    forms: list[BatteryForm] = Field(min_length=1, max_length=20)
    combination: Combination = Combination.ANY_POSITIVE
    days: Days = Field(
        description="from the opening of the campaign, or from the end of stage one"
    )


class SelectionRule(Wire):
    """Which children go on to stage two. Fields that a kind does not need are left out."""

    kind: RuleKind
    outcomes: list[Outcome] | None = Field(default=None, min_length=1, max_length=3)
    instrument_code: InstrumentCode | None = None
    scale: Word | None = None
    bands: list[Word] | None = Field(
        default=None, min_length=1, max_length=20, description="from the least on"
    )
    at_least: Word | None = Field(default=None, description="one of `bands`")
    share: Part | None = Field(
        default=None, description="of the complete of each county"
    )
    number: Heads | None = Field(default=None, description="of each county")
    first: list[Outcome] | None = Field(
        default=None, min_length=1, max_length=3, description="who is taken first"
    )


class ProtocolCreate(Wire):
    """A new protocol."""

    code: ProtocolCode
    name_pl: Name
    name_en: Name

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "PUPILS",
                    "name_pl": "Badanie uczniów",
                    "name_en": "Screening of pupils",
                },
            ]
        }
    )


class ProtocolVersionCreate(Wire):
    """The content of the next version. Stage two and the selection must come together."""

    stage_one: StageBattery
    selection: SelectionRule | None = None
    stage_two: StageBattery | None = None
    one_person_may_confirm: Flag = Field(
        default=False,
        description="whether who submitted a positive result may confirm it alone",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "stage_one": {
                        "forms": [{"instrument_code": "DEMO", "instrument_version": 1}],
                        "days": 90,
                    },
                    "selection": {
                        "kind": "outcome_in",
                        "outcomes": ["positive", "undetermined"],
                    },
                    "stage_two": {
                        "forms": [{"instrument_code": "DEMO", "instrument_version": 1}],
                        "days": 60,
                    },
                }
            ]
        }
    )


class ProtocolVersionRetire(Wire):
    """Why no new campaign may use the version."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "the instrument has a newer version"}]
        }
    )


class ProtocolRead(BaseModel):
    """A protocol."""

    code: str
    version: int = Field(
        description="of this record, for If-Match; what is screened by is in `versions`"
    )
    label: Labels
    newest: int | None = Field(description="the newest version that is not retired")
    changed_at: datetime


class ProtocolVersionRead(BaseModel):
    """A version of a protocol."""

    id: UUID
    version: int
    protocol_code: str
    number: int
    stage_one: StageBattery
    selection: SelectionRule | None
    selection_label: Labels | None = Field(description="the rule as a sentence")
    stage_two: StageBattery | None
    one_person_may_confirm: bool = Field(
        description="whether who submitted a positive result may confirm it alone"
    )
    retired_at: datetime | None
    retiring_reason: str | None
    created_at: datetime
