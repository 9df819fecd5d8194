"""Answers of many children, column by column: each different answer is read once."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.instruments.rules.answers import (
    MISSING,
    NOT_ASKED,
    AnswerProblem,
    Answers,
    Cell,
    Leaf,
    read_cell,
    unknown_answers,
)
from services.screening.instruments.rules.decimals import Exact
from services.screening.instruments.rules.plans import FormPlan

_PLAIN = {str, int, type(None)}
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
Wholes = NDArray[Any]
"""Integers of 64 bits; integers of Python, of any size, where those could overflow."""
LARGEST = 2**63 - 1


class Coded(NamedTuple):
    """A column of answers: the different ones, and the place of each child's among them.

    None stands for no answer.
    """

    values: Sequence[Any]
    places: NDArray[np.intp]


class Column(NamedTuple):
    """A column of cells: state, bits and value of each child's answer.

    Values are whole numbers of 1/unit, none beyond `largest` either way, and 0 where
    there is no value.
    """

    states: NDArray[np.int8]
    bits: NDArray[np.int64]
    values: Wholes
    has_value: Flags
    unit: int
    largest: int


def coded(answers: Sequence[Any]) -> Coded:
    """A column of answers, each different word or whole number in it once.

    Anything else stands by itself: Python takes 1, 1.0 and true for equal, and they are
    different answers.
    """
    if set(map(type, answers)) <= _PLAIN:
        keys, values = answers, [*dict.fromkeys(answers)]
    else:
        # In place of what is not plain, its own number: a tuple is equal to no answer.
        keys = [
            answer if type(answer) in _PLAIN else (number,)
            for number, answer in enumerate(answers)
        ]
        values = [
            answers[key[0]] if isinstance(key, tuple) else key
            for key in dict.fromkeys(keys)
        ]
    place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return Coded(values, np.fromiter(map(place.__getitem__, keys), np.intp, len(keys)))


def coded_answers(
    form: FormPlan, answers: Sequence[Answers]
) -> tuple[dict[str, Coded], dict[int, list[AnswerProblem]]]:
    """The columns of a form by leaf; and by child, its answers to what the form lacks."""
    problems = {
        number: unknown_answers(form.positions, of_child)
        for number, of_child in enumerate(answers)
        if not of_child.keys() <= form.positions.keys()
    }
    columns = {
        leaf.code: coded([of_child.get(leaf.code) for of_child in answers])
        for leaf in form.leaves
    }
    return columns, problems


def read_column(
    leaf: Leaf, answers: Coded, skipped: Flags | None, default: Exact | None
) -> tuple[list[tuple[int, str]], Column]:
    """The cells of a leaf, and what is wrong: the number of a child and a code.

    `skipped` are the children who were not asked, and must not have answered; they have
    the default value.
    """
    cells: list[Cell] = []
    codes: dict[int, str] = {}
    for place, value in enumerate(answers.values):
        cell = read_cell(leaf, value)
        if isinstance(cell, str):
            codes[place] = cell
            # For the sake of the other children: this child's own result is refused.
            cell = MISSING
        cells.append(cell)
    wrong = []
    if codes:
        is_wrong = np.isin(answers.places, [*codes])
        if skipped is not None:
            # Of an answer that was not asked for this alone is reported, below.
            is_wrong &= ~skipped
        wrong = [
            (number, codes[int(answers.places[number])])
            for number in np.flatnonzero(is_wrong).tolist()
        ]
    places = answers.places
    if skipped is not None:
        is_answer = np.array([value is not None for value in answers.values])
        wrong += [
            (number, "not_asked")
            for number in np.flatnonzero(skipped & is_answer[places]).tolist()
        ]
        cells.append(Cell(NOT_ASKED, 0, default))
        places = np.where(skipped, len(cells) - 1, places)
    return wrong, spread(cells, places)


def spread(cells: Sequence[Cell], places: NDArray[np.intp]) -> Column:
    """The cell of each child, from the cells of the different answers."""
    states = np.array([cell.state for cell in cells], np.int8)
    bits = np.array([cell.bits for cell in cells], np.int64)
    has_value = np.array([cell.value is not None for cell in cells], np.bool_)
    values = [cell.value or 0 for cell in cells]
    unit = math.lcm(*(value.denominator for value in values))
    of_unit = [value.numerator * (unit // value.denominator) for value in values]
    largest = max(map(abs, of_unit))
    numbers = wholes(of_unit, largest)
    return Column(
        states[places], bits[places], numbers[places], has_value[places], unit, largest
    )


def wholes(numbers: Sequence[int], largest: int) -> Wholes:
    """An array of whole numbers, none beyond `largest` either way."""
    return np.array(numbers, np.int64 if largest <= LARGEST else np.object_)
