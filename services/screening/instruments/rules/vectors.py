"""Many sets of answers to one form, scored at once: columns instead of children, the same figures to the last bit.

Every sum adds the same terms in the same order as `scales` does, so that no result depends on how many were scored.
What a figure means is decided by the same function, once for each different figure and kind of child.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.instruments.rules.answers import (
    GIVEN,
    MISSING,
    NOT_ASKED,
    UNKNOWN,
    AnswerProblem,
    Answers,
    Cell,
    Leaf,
    pointer_to,
    read_cell,
    unknown_answers,
)
from services.screening.instruments.rules.conditions import All, Either, Node, Not, Test
from services.screening.instruments.rules.definitions import Rounding, ScaleKind
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Truth
from services.screening.instruments.rules.plans import FormPlan, Plan
from services.screening.instruments.rules.scales import Figure, ScalePlan
from services.screening.instruments.rules.scoring import Result, ScaleResult, concluded, judge, refused

_PLAIN = {str, int, type(None)}
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Truths = NDArray[np.int8]


class Column(NamedTuple):
    """The answers of all children to one leaf; `values` is NaN where there is none."""

    states: NDArray[np.int8]
    bits: NDArray[np.int64]
    values: Floats


class Figures(NamedTuple):
    """One scale of all children."""

    raw: Floats
    answered: NDArray[np.int64]
    expected: NDArray[np.int64]
    is_prorated: Flags


def score_many(
    plan: Plan,
    form_code: str,
    answers: Sequence[Answers],
    ages: Sequence[int],
    sexes: Sequence[str],
    informants: Sequence[str],
    norms: Norms | None,
) -> list[Result]:
    """What `score` gives for each, in the same order."""
    form = plan.forms[form_code]
    if not answers:
        return []
    columns, problems = _read(form, answers)
    figures = _figures(form, columns)
    critical = [(one, (_truths(one.when, columns) == Truth.TRUE).tolist()) for one in form.critical]
    rows = [list(zip(*[part.tolist() for part in figure], strict=True)) for figure in figures]
    known: dict[Any, ScaleResult] = {}
    results = []
    for number, child in enumerate(zip(ages, sexes, informants, strict=True)):
        if number in problems:
            results.append(refused(form, problems[number]))
            continue
        scales = []
        for scale, found in zip(form.scales, rows, strict=True):
            key = (scale.code, found[number], child)
            judged = known.get(key)
            if judged is None:
                judged = known[key] = judge(plan, scale.code, _figure(found[number]), child, norms)
            scales.append(judged)
        noted = [one for one, holds in critical if holds[number]]
        is_positive = any(one.is_positive for one in noted)
        codes = [one.item for one in noted]
        results.append(concluded(plan, form, tuple(scales), codes, is_positive, child[0], norms))
    return results


def _figure(row: tuple[Any, ...]) -> Figure:
    raw, answered, expected, is_prorated = row
    return Figure(None if raw is None else raw, answered, expected, is_prorated)


def _read(form: FormPlan, answers: Sequence[Answers]) -> tuple[list[Column], dict[int, list[AnswerProblem]]]:
    """The columns of a form, and what is wrong with which set of answers."""
    problems: dict[int, list[AnswerProblem]] = {}
    for number, one in enumerate(answers):
        if not one.keys() <= form.positions.keys():
            problems[number] = unknown_answers(form.positions, one)
    columns: list[Column] = []
    for leaf, (asked_when, default) in zip(form.leaves, form.asked_when, strict=True):
        given = [one.get(leaf.code) for one in answers]
        skipped = None if asked_when is None else _truths(asked_when, columns) == Truth.FALSE
        wrong, column = _column(leaf, given, skipped)
        for number, code in wrong:
            problems.setdefault(number, []).append(AnswerProblem(pointer_to(leaf.code), code))
        if skipped is not None:
            column.states[skipped] = NOT_ASKED
            column.bits[skipped] = 0
            column.values[skipped] = np.nan if default is None else default
        columns.append(column)
    return columns, problems


def _column(leaf: Leaf, given: Sequence[Any], skipped: Flags | None) -> tuple[list[tuple[int, str]], Column]:
    """Each different plain answer is read once, anything else one by one."""
    keys: Sequence[Any] = given
    if not set(map(type, given)) <= _PLAIN:
        keys = [one if type(one) in _PLAIN else (number,) for number, one in enumerate(given)]
    cells: list[Cell] = []
    places: dict[Any, int] = {}
    refusals: dict[Any, str] = {}
    for key in dict.fromkeys(keys):
        cell = read_cell(leaf, given[key[0]] if isinstance(key, tuple) else key)
        if isinstance(cell, str):
            refusals[key] = cell
            cell = MISSING
        places[key] = len(cells)
        cells.append(cell)
    asked = None if skipped is None else ~skipped
    wrong = [
        (number, refusals[key])
        for number, key in enumerate(keys if refusals else ())
        if key in refusals and (asked is None or asked[number])
    ]
    if skipped is not None:
        wrong += [(number, "not_asked") for number in np.flatnonzero(skipped).tolist() if given[number] is not None]
    return wrong, _gathered(cells, list(map(places.__getitem__, keys)))


def _gathered(cells: Sequence[Cell], places: Sequence[int]) -> Column:
    where = np.array(places, np.int64)
    states = np.array([cell.state for cell in cells], np.int8)
    bits = np.array([cell.bits for cell in cells], np.int64)
    values = np.array([np.nan if cell.value is None else cell.value for cell in cells], np.float64)
    return Column(states[where], bits[where], values[where])


def _truths(node: Node, columns: Sequence[Column]) -> Truths:
    match node:
        case Test():
            return _tested(node, columns[node.position])
        case All():
            return reduce(np.minimum, [_truths(part, columns) for part in node.parts])
        case Either():
            return reduce(np.maximum, [_truths(part, columns) for part in node.parts])
        case Not():
            return np.int8(Truth.TRUE) - _truths(node.part, columns)


def _tested(test: Test, column: Column) -> Truths:
    found = np.full(len(column.states), Truth.TRUE, np.int8)
    if test.bits is not None:
        other = np.where(column.bits & test.unscored_bits, np.int8(Truth.UNKNOWN), np.int8(Truth.FALSE))
        found = np.where(column.bits & test.bits, found, other)
    if test.low is not None or test.high is not None:
        low = -np.inf if test.low is None else test.low
        high = np.inf if test.high is None else test.high
        within = (column.values >= low) & (column.values <= high)
        unknown = np.minimum(found, np.int8(Truth.UNKNOWN))
        found = np.where(np.isnan(column.values), unknown, np.where(within, found, np.int8(Truth.FALSE)))
    found = np.where(column.states == UNKNOWN, np.int8(Truth.UNKNOWN), found)
    return np.where(column.states == NOT_ASKED, np.int8(Truth.FALSE), found)


def _figures(form: FormPlan, columns: Sequence[Column]) -> list[Figures]:
    known = list(columns)
    figures = []
    for scale in form.scales:
        figure = _by_rule(scale, known) if scale.kind == ScaleKind.RULE else _aggregated(scale, known)
        figures.append(figure)
        states = np.where(np.isnan(figure.raw), np.int8(UNKNOWN), np.int8(GIVEN))
        known.append(Column(states, np.zeros(len(states), np.int64), figure.raw))
    return [figure._replace(raw=_with_none(figure.raw)) for figure in figures]


def _with_none(values: Floats) -> Any:
    """NaN is not equal to itself and would never be found again; None is."""
    found = values.astype(object)
    found[np.isnan(values)] = None
    return found


def _aggregated(scale: ScalePlan, columns: Sequence[Column]) -> Figures:
    rows = len(columns[0].states)
    total, weight_known, weight_all = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    answered, expected = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    highest = np.full(rows, -np.inf)
    for position, weight, mirror in scale.terms:
        column = columns[position]
        has_value = ~np.isnan(column.values)
        counts = has_value | (column.states != NOT_ASKED)
        points = _points(scale, column.values, weight, mirror)
        expected += counts
        answered += has_value
        weight_all += np.where(counts, weight, 0.0)
        weight_known += np.where(has_value, weight, 0.0)
        total += np.where(has_value, points, 0.0)
        highest = np.where(has_value, np.maximum(highest, points), highest)
    prorated = (answered < expected) & scale.is_prorated
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = _raw(scale, (total, weight_known, weight_all, highest), prorated)
    enough = (answered > 0) & (answered >= _needed(scale, expected))
    raw = _rounded(np.where(enough, raw, np.nan), scale)
    raw = _looked_up(scale.table, raw) if scale.kind == ScaleKind.LOOKUP else raw
    return Figures(raw, answered, expected, prorated & enough)


def _raw(scale: ScalePlan, sums: tuple[Floats, Floats, Floats, Floats], prorated: Flags) -> Floats:
    total, weight_known, weight_all, highest = sums
    if scale.kind == ScaleKind.MAX:
        return highest
    if scale.kind == ScaleKind.MEAN:
        return total / weight_known
    return np.where(prorated, total * weight_all / weight_known, total)


def _points(scale: ScalePlan, values: Floats, weight: float, mirror: float | None) -> Floats:
    facing = values if mirror is None else mirror - values
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return np.where(facing >= scale.threshold, weight, 0.0)
    return weight * facing


def _needed(scale: ScalePlan, expected: NDArray[np.int64]) -> NDArray[Any]:
    if scale.min_answered is not None:
        return np.minimum(scale.min_answered, expected)
    return expected if scale.min_share is None else np.ceil(scale.min_share * expected - 1e-9)


_ROUNDED: Mapping[Rounding, Any] = {
    Rounding.HALF_UP: lambda shifted: np.floor(shifted + 0.5),
    Rounding.HALF_EVEN: np.rint,
    Rounding.UP: np.ceil,
    Rounding.DOWN: np.floor,
}


def _rounded(values: Floats, scale: ScalePlan) -> Floats:
    if scale.rounding == Rounding.NONE:
        return values
    step = 10.0**scale.decimals
    found: Floats = _ROUNDED[scale.rounding](values * step) / step
    return found + 0.0


def _looked_up(table: Sequence[tuple[float, float]], values: Floats) -> Floats:
    mapped = np.array([np.nan, *[value for _, value in table]])
    places = np.searchsorted(np.array([at_least for at_least, _ in table]), values, side="right")
    return np.where(np.isnan(values), np.nan, mapped[places])


def _by_rule(scale: ScalePlan, columns: Sequence[Column]) -> Figures:
    rows = len(columns[0].states)
    raw, open_ = np.full(rows, np.nan), np.ones(rows, np.bool_)
    for case in scale.cases:
        holds = _truths(case.when, columns)
        value = _valued(case.value, case.position, columns, rows)
        raw = np.where(open_ & (holds == Truth.TRUE), value, raw)
        open_ &= holds == Truth.FALSE
    raw = np.where(open_, _valued(scale.otherwise, scale.otherwise_position, columns, rows), raw)
    answered, expected = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    for term in scale.terms:
        answered += columns[term.position].states == GIVEN
        expected += columns[term.position].states != NOT_ASKED
    return Figures(_rounded(raw, scale), answered, expected, np.zeros(rows, np.bool_))


def _valued(value: float | None, position: int | None, columns: Sequence[Column], rows: int) -> Floats:
    if position is not None:
        return columns[position].values
    return np.full(rows, np.nan if value is None else value)
