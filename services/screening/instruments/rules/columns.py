"""The answers of many children to one form, column by column: each different answer is read once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.instruments.rules.answers import (
    MISSING,
    AnswerProblem,
    Answers,
    Cell,
    Leaf,
    read_cell,
    unknown_answers,
)
from services.screening.instruments.rules.plans import FormPlan

_PLAIN = {str, int, type(None)}
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Coded(NamedTuple):
    """One leaf: what is answered at all (None: nothing), and of each child which of these."""

    values: Sequence[Any]
    places: NDArray[np.intp]


class Column(NamedTuple):
    """One leaf, read; `values` is NaN where there is none."""

    states: NDArray[np.int8]
    bits: NDArray[np.int64]
    values: Floats


def coded(given: Sequence[Any]) -> Coded:
    """Different plain answers once, anything else one by one: 1, 1.0 and true are equal, and not the same."""
    if not set(map(type, given)) <= _PLAIN:
        keys: Sequence[Any] = [
            one if type(one) in _PLAIN else (number,)
            for number, one in enumerate(given)
        ]
        values = [
            given[key[0]] if isinstance(key, tuple) else key
            for key in dict.fromkeys(keys)
        ]
    else:
        keys, values = given, [*dict.fromkeys(given)]
    place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return Coded(values, np.fromiter(map(place.__getitem__, keys), np.intp, len(keys)))


def coded_answers(
    form: FormPlan, answers: Sequence[Answers]
) -> tuple[dict[str, Coded], dict[int, list[AnswerProblem]]]:
    """Sets of answers as columns, and which of them answer what the form does not ask."""
    problems = {
        number: unknown_answers(form.positions, one)
        for number, one in enumerate(answers)
        if not one.keys() <= form.positions.keys()
    }
    return {
        leaf.code: coded([one.get(leaf.code) for one in answers])
        for leaf in form.leaves
    }, problems


def read_column(
    leaf: Leaf, given: Coded, skipped: Flags | None
) -> tuple[list[tuple[int, str]], Column]:
    """The column, and whose answers are wrong and why. What was not asked must not be answered."""
    cells: list[Cell] = []
    refusals: dict[int, str] = {}
    for place, value in enumerate(given.values):
        cell = read_cell(leaf, value)
        if isinstance(cell, str):
            refusals[place] = cell
            cell = MISSING
        cells.append(cell)
    wrong = []
    if refusals:
        refused = np.isin(given.places, [*refusals])
        asked = refused if skipped is None else refused & ~skipped
        wrong = [
            (number, refusals[int(given.places[number])])
            for number in np.flatnonzero(asked).tolist()
        ]
    if skipped is not None:
        answered = np.array([value is not None for value in given.values])[given.places]
        wrong += [
            (number, "not_asked")
            for number in np.flatnonzero(skipped & answered).tolist()
        ]
    return wrong, _gathered(cells, given.places)


def _gathered(cells: Sequence[Cell], places: NDArray[np.intp]) -> Column:
    states = np.array([cell.state for cell in cells], np.int8)
    bits = np.array([cell.bits for cell in cells], np.int64)
    values = np.array(
        [np.nan if cell.value is None else cell.value for cell in cells], np.float64
    )
    return Column(states[places], bits[places], values[places])
