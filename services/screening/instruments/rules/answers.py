"""Answers as scoring reads them: each leaf is answered, unknown or not asked."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from services.screening.instruments.rules.decimals import Exact, exact, exact_or_none
from services.screening.instruments.rules.items import (
    CHOICES,
    FACILITATORS,
    QUALIFIERS,
    SCORED,
    Item,
    ItemType,
)

Answer = str | int | float | list[str] | None
Answers = Mapping[str, Any]
# Plain integers, because arrays for thousands of children hold them, too.
GIVEN, UNKNOWN, NOT_ASKED = 0, 1, 2
_POINTABLE = re.compile(
    r"[A-Za-z][A-Za-z0-9_-]{0,39}(\.[A-Za-z0-9_-]{1,20})?", re.ASCII
)
_LONGEST_TEXT = 4000
_BY_WORD = {*CHOICES, ItemType.ICF_QUALIFIER}


class Cell(NamedTuple):
    """The parsed form of one answer.

    `state` is GIVEN, UNKNOWN or NOT_ASKED; `bits` are the options that were chosen.
    """

    state: int
    bits: int = 0
    value: Exact | None = None


class AnswerProblem(NamedTuple):
    """A problem of an answer: a JSON pointer and a code, never the answer itself."""

    pointer: str
    code: str


class Leaf(NamedTuple):
    """The smallest unit with an answer: an item, or a row of a matrix.

    `option_cells` holds the cell of every option by its code.
    """

    code: str
    item: str
    type: ItemType
    option_cells: Mapping[str, Cell]
    by_word: Mapping[str, Cell]
    """For types with one word as the answer: the cell of every accepted word.

    Empty for other types.
    """
    no_answers: frozenset[str]
    unscored_bits: int
    minimum: float | None
    maximum: float | None
    is_whole: bool
    max_length: int

    @property
    def ends(self) -> tuple[Exact | None, Exact | None]:
        """The lowest and the highest value of an answer; None for an end without a limit."""
        values = [
            cell.value for cell in self.option_cells.values() if cell.value is not None
        ]
        if self.type == ItemType.MULTI_SELECT:
            # The value is the sum of the chosen options: the lowest sum has all
            # negative ones, the highest all positive ones.
            return (
                sum(value for value in values if value < 0),
                sum(value for value in values if value > 0),
            )
        if values:
            return min(values), max(values)
        return (
            exact_or_none(self.minimum),
            exact_or_none(self.maximum),
        )

    @property
    def mirror(self) -> Exact:
        """The lowest value plus the highest value.

        The value of a reversed answer is `mirror` minus the value of the answer.
        """
        # A new definition may not reverse an item without both ends. An older one that
        # does keeps its scores, in which a missing end counts as 0.
        low, high = self.ends
        return (low or 0) + (high or 0)


MISSING = Cell(UNKNOWN)


def options_of(item: Item) -> list[tuple[str, float | None]]:
    """The codes that can answer an item, with their values.

    The value is None for a code that does not score.
    """
    if item.type == ItemType.ICF_QUALIFIER:
        # Only environmental factors, component e of the ICF, can be facilitators.
        is_environmental = any(code.startswith("e") for code in item.icf)
        return [*QUALIFIERS, *FACILITATORS] if is_environmental else [*QUALIFIERS]
    return [(option.code, option.value) for option in item.options]


def leaf_codes(item: Item) -> list[str]:
    """The codes of an item's answers: the item's own, or one for each row of a matrix."""
    if item.type == ItemType.MATRIX:
        return [f"{item.code}.{row.code}" for row in item.rows]
    return [item.code]


def leaves_of(item: Item) -> list[Leaf]:
    """The leaves of an item: itself, or the rows of a matrix."""
    option_cells = {
        # One bit for each option: MOST_OPTIONS bits fit into the 64-bit
        # integers of columns.
        code: Cell(GIVEN, 1 << number, exact_or_none(value))
        for number, (code, value) in enumerate(options_of(item))
    }
    unscored = sum(cell.bits for cell in option_cells.values() if cell.value is None)
    no_answers = frozenset(str(word) for word in item.no_answers)
    has_limits = item.type == ItemType.NUMBER
    leaf = Leaf(
        code=item.code,
        item=item.code,
        type=item.type,
        option_cells=option_cells,
        by_word={**option_cells, **dict.fromkeys(no_answers, MISSING)}
        if item.type in _BY_WORD
        else {},
        no_answers=no_answers,
        unscored_bits=unscored,
        minimum=item.minimum if has_limits else None,
        maximum=item.maximum if has_limits else None,
        is_whole=item.is_whole,
        max_length=item.max_length or _LONGEST_TEXT,
    )
    return [leaf._replace(code=code) for code in leaf_codes(item)]


def read_cell(leaf: Leaf, answer: Any) -> Cell | str:
    """The cell of an answer, or the code of its problem."""
    # Python treats True as 1, but a client that sends `true` means something else.
    if isinstance(answer, bool):
        return "wrong_type"
    if answer is None or (isinstance(answer, str) and answer in leaf.no_answers):
        return MISSING
    if leaf.type in _BY_WORD:
        return _choice(leaf, answer)
    if leaf.type == ItemType.MULTI_SELECT:
        return _selection(leaf, answer)
    if leaf.type == ItemType.NUMBER:
        return _number(leaf, answer)
    return _text(leaf, answer)


def _choice(leaf: Leaf, answer: Any) -> Cell | str:
    # A client may send a code such as 1 as a number.
    if not isinstance(answer, str | int):
        return "wrong_type"
    return leaf.option_cells.get(str(answer), "not_listed")


def _selection(leaf: Leaf, answer: Any) -> Cell | str:
    if not isinstance(answer, list) or not all(
        isinstance(code, str) for code in answer
    ):
        return "wrong_type"
    # A code that occurs twice would score twice.
    if len(set(answer)) != len(answer):
        return "repeated"
    bits = 0
    value: Exact = 0
    for code in answer:
        cell = leaf.option_cells.get(code)
        if cell is None:
            return "not_listed"
        bits |= cell.bits
        value += cell.value or 0
    return Cell(GIVEN, bits, value)


def _number(leaf: Leaf, answer: Any) -> Cell | str:
    if not isinstance(answer, int | float) or (
        leaf.is_whole and not isinstance(answer, int)
    ):
        return "wrong_type"
    if not math.isfinite(answer) or abs(answer) > 1e9:
        return "too_large"
    if leaf.minimum is not None and answer < leaf.minimum:
        return "too_small"
    if leaf.maximum is not None and answer > leaf.maximum:
        return "too_large"
    return Cell(GIVEN, 0, exact(answer))


def _text(leaf: Leaf, answer: Any) -> Cell | str:
    if not isinstance(answer, str):
        return "wrong_type"
    if leaf.type == ItemType.DATE and not _is_date(answer):
        return "wrong_format"
    return Cell(GIVEN) if len(answer) <= leaf.max_length else "too_long"


def _is_date(text: str) -> bool:
    try:
        # Python accepts several formats of a day (20240301, 2024-W09-5), and a
        # form has one.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def pointer_to(code: str) -> str:
    """The pointer to an answer, or to all answers if the text cannot be the code of a leaf.

    Such text was submitted, and a refusal never repeats submitted text.
    """
    return f"/answers/{code}" if _POINTABLE.fullmatch(code) else "/answers"


def unknown_answers(leaves: Mapping[str, int], answers: Answers) -> list[AnswerProblem]:
    """A problem for each answer to an item that the form does not have.

    `leaves` are the positions of the form's leaves by code.
    """
    return [
        AnswerProblem(pointer_to(str(code)), "unknown")
        for code in answers
        if code not in leaves
    ]


def answers_from_cells(
    leaves: Sequence[Leaf], cells: Mapping[str, str]
) -> dict[str, Any]:
    """The answers in the cells of a table, by the code of their leaf.

    An empty cell is no answer.
    """
    by_code = {leaf.code: leaf for leaf in leaves}
    return {
        code: answer_from_cell(by_code.get(code), text.strip())
        for code, text in cells.items()
        if text.strip()
    }


def answer_from_cell(leaf: Leaf | None, text: str) -> Any:
    """The answer in one cell; None when it is empty.

    Several choices are separated by `|`, and a number may have a decimal comma. Text
    that does not fit the type of its item stays text, and scoring refuses it.
    """
    if not text:
        return None
    if leaf is None or text in leaf.no_answers:
        return text
    if leaf.type == ItemType.MULTI_SELECT:
        return text.split("|")
    if leaf.type != ItemType.NUMBER:
        return text
    if re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII):
        return int(text)
    decimal = text.replace(",", ".")
    is_decimal = re.fullmatch(r"-?[0-9]{1,9}\.[0-9]{1,9}", decimal, re.ASCII)
    return float(decimal) if is_decimal else text


def is_scored(leaf: Leaf) -> bool:
    """Whether answers to this leaf have values."""
    return leaf.type in SCORED
