"""Answers of many children, column by column: each distinct answer is read once."""

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
"""64-bit integers, or Python's integers of any size where 64 bits could overflow."""
LARGEST = 2**63 - 1


class Coded(NamedTuple):
    """A column of answers: the distinct answers, and the index of each child's answer among them.

    None stands for no answer.
    """

    values: Sequence[Any]
    places: NDArray[np.intp]


class Column(NamedTuple):
    """A column of cells: state, bits and value of each child's answer.

    A value is a whole number of 1/`unit`, its absolute value is at most `largest`, and
    it is 0 where there is no value.
    """

    states: NDArray[np.int8]
    bits: NDArray[np.int64]
    values: Wholes
    has_value: Flags
    unit: int
    largest: int


def coded(answers: Sequence[Any]) -> Coded:
    """A column of answers in which each distinct word or whole number occurs once.

    Answers of other types are not merged: Python treats 1, 1.0 and True as equal, but
    they are different answers.
    """
    if set(map(type, answers)) <= _PLAIN:
        keys, values = answers, [*dict.fromkeys(answers)]
    else:
        # The key of any other answer is a tuple of its index, which equals no answer.
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
    """The columns of a form by leaf, and by child the problems of answers to other items."""
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
    """The problems of a leaf's answers (index of a child and a code), and the cells of the leaf.

    `skipped` marks the children who were not asked: they get the default value, and an
    answer of theirs is a problem.
    """
    cells: list[Cell] = []
    codes: dict[int, str] = {}
    for place, value in enumerate(answers.values):
        cell = read_cell(leaf, value)
        if isinstance(cell, str):
            codes[place] = cell
            # A cell is needed for the other children; the result of this
            # child is refused.
            cell = MISSING
        cells.append(cell)
    wrong = []
    if codes:
        is_wrong = np.isin(answers.places, [*codes])
        if skipped is not None:
            # For an answer not asked for, only `not_asked` is reported (below).
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
    """The cell of each child, from the cells of the distinct answers."""
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
    """An array of whole numbers whose absolute values are at most `largest`."""
    return np.array(numbers, np.int64 if largest <= LARGEST else np.object_)
