"""Answers as the engine reads them: each leaf is answered, unknown or not asked."""

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
# Plain integers, because arrays of thousands of children hold them too.
GIVEN, UNKNOWN, NOT_ASKED = 0, 1, 2
_POINTABLE = re.compile(
    r"[A-Za-z][A-Za-z0-9_-]{0,39}(\.[A-Za-z0-9_-]{1,20})?", re.ASCII
)
_LONGEST_TEXT = 4000
_BY_WORD = {*CHOICES, ItemType.ICF_QUALIFIER}


class Cell(NamedTuple):
    """One answer, read.

    `state` is GIVEN, UNKNOWN or NOT_ASKED; `bits` are the options that were chosen.
    """

    state: int
    bits: int = 0
    value: Exact | None = None


class AnswerProblem(NamedTuple):
    """What is wrong with an answer: a JSON pointer and a code. Never the answer."""

    pointer: str
    code: str


class Leaf(NamedTuple):
    """What takes one answer: an item, or a row of a matrix.

    `known` holds the cell of every option by its code.
    """

    code: str
    item: str
    type: ItemType
    known: Mapping[str, Cell]
    by_word: Mapping[str, Cell]
    """For types that are answered by one word: the cell of every word that is accepted.

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
        """The lowest and the highest value of an answer; None where nothing limits it."""
        values = [cell.value for cell in self.known.values() if cell.value is not None]
        if self.type == ItemType.MULTI_SELECT:
            # The value is the sum of those chosen: at the lowest all negative ones, at
            # the highest all positive ones.
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
        """The lowest plus the highest value.

        This minus the value of an answer is the value of the reversed answer.
        """
        # A definition that reverses an item without an end is refused. One of before
        # keeps the scores that it had, in which a missing end counts as 0.
        low, high = self.ends
        return (low or 0) + (high or 0)


MISSING = Cell(UNKNOWN)


def options_of(item: Item) -> list[tuple[str, float | None]]:
    """The codes that may answer an item, with their values.

    None for a code that does not score.
    """
    if item.type == ItemType.ICF_QUALIFIER:
        # Only environmental factors, component e of the ICF, can be facilitators.
        is_environmental = any(code.startswith("e") for code in item.icf)
        return [*QUALIFIERS, *FACILITATORS] if is_environmental else [*QUALIFIERS]
    return [(option.code, option.value) for option in item.options]


def leaf_codes(item: Item) -> list[str]:
    """The codes that an item's answers bear: its own, or one for each row of a matrix."""
    if item.type == ItemType.MATRIX:
        return [f"{item.code}.{row.code}" for row in item.rows]
    return [item.code]


def leaves_of(item: Item) -> list[Leaf]:
    """The leaves of an item: itself, or the rows of a matrix."""
    known = {
        # A bit for each option: MOST_OPTIONS of them fit into the 64-bit integers of
        # columns.
        code: Cell(GIVEN, 1 << number, exact_or_none(value))
        for number, (code, value) in enumerate(options_of(item))
    }
    unscored = sum(cell.bits for cell in known.values() if cell.value is None)
    no_answers = frozenset(str(word) for word in item.no_answers)
    has_limits = item.type == ItemType.NUMBER
    leaf = Leaf(
        code=item.code,
        item=item.code,
        type=item.type,
        known=known,
        by_word={**known, **dict.fromkeys(no_answers, MISSING)}
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
    """An answer as a cell, or the code of what is wrong with it."""
    # Python takes True for 1; a client that sends it means something else.
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
    # A code such as 1 may come as a number.
    if not isinstance(answer, str | int):
        return "wrong_type"
    return leaf.known.get(str(answer), "not_listed")


def _selection(leaf: Leaf, answer: Any) -> Cell | str:
    if not isinstance(answer, list) or not all(
        isinstance(code, str) for code in answer
    ):
        return "wrong_type"
    # A code that is named twice would score twice.
    if len(set(answer)) != len(answer):
        return "repeated"
    bits = 0
    value: Exact = 0
    for code in answer:
        cell = leaf.known.get(code)
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
        # Python reads more than one way to write a day (20240301, 2024-W09-5), and a
        # form has one.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def pointer_to(code: str) -> str:
    """The pointer to an answer, or to all of them when the code is not one of a leaf.

    Such a code is submitted text, which a refusal never repeats.
    """
    return f"/answers/{code}" if _POINTABLE.fullmatch(code) else "/answers"


def unknown_answers(leaves: Mapping[str, int], answers: Answers) -> list[AnswerProblem]:
    """Answers to what the form does not ask.

    `leaves` are the positions of its leaves by code.
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

    Several choices are separated by `|`, and a number may have a decimal comma. What
    does not suit the type of its item stays text, and is refused when it is scored.
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
