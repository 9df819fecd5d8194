"""The items of a definition: the questions, the kinds of their answers and their conditions."""

from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field, Strict, StringConstraints

from services.chassis.ground.scalars import Count, Flag, Number, Text, Wire

# Scoring of thousands of children at once holds options as bits of one 64-bit integer.
MOST_OPTIONS = 60
ItemCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")
]
LeafCode = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}(\.[A-Za-z0-9_-]{1,20})?$"),
]
OptionCode = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9+][A-Za-z0-9_+-]{0,19}$")
]
IcfCode = Annotated[str, Strict(), StringConstraints(pattern=r"^[bsde][0-9]{0,5}$")]
Wording = Annotated[Text, StringConstraints(min_length=1, max_length=2000)]


class ItemType(StrEnum):
    """How an item is answered."""

    DICHOTOMOUS = "dichotomous"
    ORDINAL = "ordinal"
    FREQUENCY = "frequency"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    MULTI_SELECT = "multi_select"
    MATRIX = "matrix"
    ICF_QUALIFIER = "icf_qualifier"


class Block(StrEnum):
    """What an item is for; validation items never count in a score."""

    CORE = "core"
    VALIDATION = "validation"


class NoAnswer(StrEnum):
    """Why a question that was asked has no answer that could be scored."""

    NOT_OBSERVED = "not_observed"
    REFUSED = "refused"


CHOICES = {ItemType.DICHOTOMOUS, ItemType.ORDINAL, ItemType.FREQUENCY, ItemType.MATRIX}
"""Types whose answer is one of several labelled codes."""
SCORED = CHOICES | {ItemType.NUMBER, ItemType.MULTI_SELECT, ItemType.ICF_QUALIFIER}
QUALIFIERS: tuple[tuple[str, float | None], ...] = (
    *((str(grade), float(grade)) for grade in range(5)),
    ("8", None),
    ("9", None),
)
"""The generic ICF qualifier (WHO, 2001): from 0, no problem, to 4, complete problem.

8 (not specified) and 9 (not applicable) do not score.
"""
FACILITATORS: tuple[tuple[str, float | None], ...] = tuple(
    (f"+{grade}", -float(grade)) for grade in range(5)
)
"""Environmental factors may help as well (+0 to +4 in the ICF): a facilitator counts
against a barrier.
"""


class Words(Wire):
    """A text that people read, in Polish, in English or in both."""

    pl: Wording | None = None
    en: Wording | None = None


class Label(NamedTuple):
    """A text in both languages, each falling back on the other, then on the code."""

    pl: str
    en: str


def label_of(words: Words | None, code: str) -> Label:
    """A text that people read, or the code where there is none."""
    pl, en = (words.pl, words.en) if words else (None, None)
    return Label(pl or en or code, en or pl or code)


class Condition(Wire):
    """A condition on answers with three values: true, false and unknown.

    It tests one item (`item` and the limits of its answer), or
    combines other conditions.
    """

    item: LeafCode | None = None
    is_one_of: list[OptionCode] | None = Field(
        default=None, min_length=1, max_length=MOST_OPTIONS
    )
    at_least: Number | None = None
    at_most: Number | None = None
    all_of: list["Condition"] | None = Field(default=None, min_length=1, max_length=50)
    any_of: list["Condition"] | None = Field(default=None, min_length=1, max_length=50)
    none_of: list["Condition"] | None = Field(default=None, min_length=1, max_length=50)


class Option(Wire):
    """A labelled code.

    Its value scores; an option without a value counts as not answered ("do not know").
    """

    code: OptionCode
    label: Words | None = None
    value: Number | None = None


class MatrixRow(Wire):
    """One row of a matrix; it is answered as `<item>.<row>`."""

    code: Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    text: Words | None = None


class Item(Wire):
    """One question.

    Codes identify items and options; their order has no effect on a score.
    """

    code: ItemCode
    type: ItemType
    text: Words | None = None
    help: Words | None = None
    options: list[Option] = Field(default_factory=list, max_length=MOST_OPTIONS)
    rows: list[MatrixRow] = Field(default_factory=list, max_length=100)
    minimum: Number | None = None
    maximum: Number | None = None
    is_whole: Flag = False
    max_length: Count | None = Field(default=None, ge=1, le=4000)
    no_answers: list[NoAnswer] = Field(
        default_factory=list, max_length=2, description="accepted instead of an answer"
    )
    asked_when: Condition | None = Field(
        default=None, description="asked always when absent"
    )
    value_when_not_asked: Number | None = None
    block: Block = Block.CORE
    icf: list[IcfCode] = Field(default_factory=list, max_length=20)
