"""The definition of an instrument: one JSON document of questions and scoring."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints

from services.chassis.ground.scalars import Count, Flag, Line, Number, Wire
from services.screening.instruments.rules.items import (
    Condition,
    Item,
    ItemCode,
    LeafCode,
    Words,
)
from services.screening.instruments.rules.outcomes import (
    Informant,
    Metric,
    Outcome,
    Sex,
)

OLDEST_MONTHS = 12 * 120
ScaleCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")
]
InstrumentCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{1,39}$")
]
Months = Annotated[
    Count, Field(le=OLDEST_MONTHS, description="age in completed months")
]


class Purpose(StrEnum):
    """The purpose of an instrument. Scoring treats all purposes alike."""

    # Some published instruments are listed as screenings although their authors do not
    # call them so: nothing may depend on the difference.
    SCREENING = "screening"
    FUNCTIONAL_ASSESSMENT = "functional_assessment"
    MONITORING = "monitoring"
    RESEARCH = "research"


class ScaleKind(StrEnum):
    """How a scale computes one figure from its items."""

    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    COUNT_AT_OR_ABOVE = "count_at_or_above"
    RULE = "rule"
    LOOKUP = "lookup"


class Rounding(StrEnum):
    """How a scale's figure is rounded."""

    NONE = "none"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


class Better(StrEnum):
    """Which end of a scale is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Licence(Wire):
    """Who owns the items, and which uses of their text the licence allows."""

    holder: Line = Field(min_length=1, max_length=300)
    licence_id: Line = Field(min_length=1, max_length=100, examples=["CC0-1.0"])
    items_redistributable: Flag
    electronic_use_allowed: Flag
    translation_allowed: Flag
    attribution: Words | None = None


class ScaleItem(Wire):
    """An item's part in a scale."""

    item: LeafCode
    is_reversed: Flag = False
    # Above zero: a reversed item has `is_reversed`, and `reach` divides by the weight.
    weight: Annotated[Number, Field(gt=0, le=1000)] = 1.0


class Case(Wire):
    """One case of a rule: when it holds, the figure is `value`, or the value of `item`."""

    when: Condition
    value: Number | None = None
    item: LeafCode | None = None


class LookupRow(Wire):
    """The value of a scale for sums from `at_least` up to the next row."""

    at_least: Number
    value: Number


class MissingPolicy(Wire):
    """How many answers a scale needs; without a policy, all that were asked for."""

    min_answered: Count | None = Field(default=None, ge=1)
    min_share: Number | None = Field(default=None, gt=0, le=1)
    is_prorated: Flag = Field(
        default=False, description="what is missing is estimated from what was answered"
    )


class Scale(Wire):
    """One figure computed from answers, or from scales that stand before it."""

    code: ScaleCode
    name: Words
    kind: ScaleKind
    items: list[ScaleItem] = Field(default_factory=list, max_length=500)
    scales: list[ScaleCode] = Field(default_factory=list, max_length=100)
    threshold: Number | None = Field(default=None, description="of count_at_or_above")
    cases: list[Case] = Field(
        default_factory=list,
        max_length=50,
        description="of a rule: the first that holds",
    )
    otherwise: Number | None = Field(
        default=None, description="of a rule none of whose cases holds"
    )
    otherwise_item: LeafCode | None = None
    table: list[LookupRow] = Field(
        default_factory=list, max_length=500, description="of a lookup, ascending"
    )
    missing: MissingPolicy = Field(default_factory=MissingPolicy)
    rounding: Rounding = Rounding.NONE
    decimals: Annotated[Count, Field(le=6)] = 0
    better: Better = Better.LOWER


class Band(Wire):
    """A range of a scale with a label and an outcome."""

    code: ScaleCode
    at_least: Number | None = Field(
        default=None, description="its lower edge, inclusive; null for the lowest band"
    )
    label: Words
    outcome: Outcome


class CutOffs(Wire):
    """The bands of a scale for these ages, this sex and this informant (any, where absent)."""

    scale: ScaleCode
    metric: Metric = Metric.RAW
    age_from: Months | None = Field(default=None, description="inclusive")
    age_to: Months | None = Field(default=None, description="exclusive")
    sex: Sex | None = None
    informant: Informant | None = None
    bands: list[Band] = Field(
        min_length=1, max_length=20, description="from the lowest upwards, without gaps"
    )


class CriticalItem(Wire):
    """An answer that a person must look at, whatever the score."""

    item: LeafCode
    when: Condition
    text: Words | None = None
    is_positive: Flag = Field(
        default=False, description="makes the whole outcome positive"
    )


class Suggestion(Wire):
    """A suggestion to a person, who decides. Only the first one in the list that fits is made."""

    code: ScaleCode
    text: Words
    outcomes: list[Outcome] = Field(
        default_factory=list, max_length=3, description="any when empty"
    )
    scale: ScaleCode | None = None
    bands: list[ScaleCode] = Field(default_factory=list, max_length=20)
    age_from: Months | None = None
    age_to: Months | None = None
    is_critical: Flag | None = Field(
        default=None, description="only with, or only without, a critical answer"
    )
    next_instrument: InstrumentCode | None = None


class OutcomeRule(Wire):
    """A form is positive when at least `at_least` of these scales are positive."""

    scales: list[ScaleCode] = Field(min_length=1, max_length=100)
    at_least: Annotated[Count, Field(ge=1, le=100)] = 1


class Form(Wire):
    """The questions for one kind of informant about children of one age range."""

    code: ScaleCode
    title: Words
    # Inclusive below and exclusive above: neighbouring forms share an edge
    # but no child.
    age_from: Months = Field(description="inclusive")
    age_to: Months = Field(description="exclusive")
    informants: list[Informant] = Field(min_length=1, max_length=6)
    languages: list[Literal["pl", "en"]] = Field(default_factory=list, max_length=2)
    instructions: Words | None = None
    items: list[ItemCode] = Field(min_length=1, max_length=500)
    scales: list[ScaleCode] = Field(default_factory=list, max_length=100)
    outcome: OutcomeRule | None = None


class Definition(Wire):
    """An instrument version."""

    format: Literal["splot-instrument/1"]
    title: Words
    purpose: Purpose = Purpose.SCREENING
    is_corrected_for_prematurity: Flag = Field(
        default=False, description="age is corrected up to 24 months"
    )
    licence: Licence
    items: list[Item] = Field(min_length=1, max_length=500)
    scales: list[Scale] = Field(default_factory=list, max_length=100)
    forms: list[Form] = Field(min_length=1, max_length=50)
    cut_offs: list[CutOffs] = Field(default_factory=list, max_length=1000)
    critical_items: list[CriticalItem] = Field(default_factory=list, max_length=100)
    suggestions: list[Suggestion] = Field(default_factory=list, max_length=100)


def definition_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every definition satisfies.

    `contradictions` checks the rules that a schema cannot express.
    """
    schema = Definition.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "splot-instrument/1",
        **schema,
    }
