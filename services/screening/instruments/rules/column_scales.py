"""Scales of columns of answers: `scales.figure_of` for many children at once.

Every sum adds the same terms in the same order as `figure_of` does, so that a figure
does not depend, to the last bit, on how many children were scored together.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.instruments.rules.answers import GIVEN, NOT_ASKED, UNKNOWN
from services.screening.instruments.rules.column_conditions import truths
from services.screening.instruments.rules.columns import Column, Counts, Flags, Floats
from services.screening.instruments.rules.definitions import Rounding, ScaleKind
from services.screening.instruments.rules.outcomes import Truth
from services.screening.instruments.rules.plans import FormPlan
from services.screening.instruments.rules.scales import ScalePlan, Term


class FigureColumns(NamedTuple):
    """The figures of one scale, a column for each member of `Figure`."""

    raw: Any
    answered: Counts
    expected: Counts
    is_prorated: Flags


class _Sums(NamedTuple):
    """What the answers of each child add up to."""

    total: Floats
    highest: Floats
    weight_known: Floats
    weight_all: Floats
    answered: Counts
    expected: Counts


def figure_columns(form: FormPlan, columns: Sequence[Column]) -> list[FigureColumns]:
    """The figures of every scale of a form.

    None in `raw` where too little was answered.
    """
    # Positions of scales follow those of leaves (`ScalePlan`).
    by_position = list(columns)
    figures = []
    for scale in form.scales:
        is_rule = scale.kind == ScaleKind.RULE
        figure = (
            _by_rule(scale, by_position) if is_rule else _aggregated(scale, by_position)
        )
        figures.append(figure)
        states = np.where(np.isnan(figure.raw), np.int8(UNKNOWN), np.int8(GIVEN))
        by_position.append(Column(states, np.zeros(len(states), np.int64), figure.raw))
    return [figure._replace(raw=_with_none(figure.raw)) for figure in figures]


def _with_none(values: Floats) -> Any:
    """An array of objects with None in place of NaN.

    NaN is not equal to itself, so that a dictionary would never find it again.
    """
    objects = values.astype(object)
    objects[np.isnan(values)] = None
    return objects


def _aggregated(scale: ScalePlan, columns: Sequence[Column]) -> FigureColumns:
    sums = _summed(scale, columns)
    is_prorated = (sums.answered < sums.expected) & scale.is_prorated
    # Where nothing was answered 0 is divided by 0; those figures are dropped below.
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = _raw(scale.kind, sums, is_prorated)
    is_enough = (sums.answered > 0) & (
        sums.answered >= _answers_needed(scale, sums.expected)
    )
    raw = _rounded(np.where(is_enough, raw, np.nan), scale)
    if scale.kind == ScaleKind.LOOKUP:
        raw = _looked_up(scale.table, raw)
    return FigureColumns(raw, sums.answered, sums.expected, is_prorated & is_enough)


def _summed(scale: ScalePlan, columns: Sequence[Column]) -> _Sums:
    children = len(columns[0].states)
    total, weight_known, weight_all = (np.zeros(children) for _ in range(3))
    answered, expected = np.zeros(children, np.int64), np.zeros(children, np.int64)
    highest = np.full(children, -np.inf)
    for term in scale.terms:
        column = columns[term.position]
        has_value = ~np.isnan(column.values)
        counts = has_value | (column.states != NOT_ASKED)
        points = _points(scale, column.values, term)
        expected += counts
        answered += has_value
        weight_all += np.where(counts, term.weight, 0.0)
        weight_known += np.where(has_value, term.weight, 0.0)
        total += np.where(has_value, points, 0.0)
        highest = np.where(has_value, np.maximum(highest, points), highest)
    return _Sums(total, highest, weight_known, weight_all, answered, expected)


def _points(scale: ScalePlan, values: Floats, term: Term) -> Floats:
    facing = values if term.mirror is None else term.mirror - values
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return np.where(facing >= scale.threshold, term.weight, 0.0)
    return term.weight * facing


def _raw(kind: ScaleKind, sums: _Sums, is_prorated: Flags) -> Floats:
    if kind == ScaleKind.MAX:
        return sums.highest
    if kind == ScaleKind.MEAN:
        return sums.total / sums.weight_known
    prorated = sums.total * sums.weight_all / sums.weight_known
    return np.where(is_prorated, prorated, sums.total)


def _answers_needed(scale: ScalePlan, expected: Counts) -> NDArray[Any]:
    """`scales.answers_needed` of a column."""
    if scale.min_answered is not None:
        return np.minimum(scale.min_answered, expected)
    if scale.min_share is None:
        return expected
    needed: Floats = np.ceil(scale.min_share * expected - 1e-9)
    return needed


_ROUNDED: Mapping[Rounding, Callable[[Floats], Floats]] = {
    Rounding.HALF_UP: lambda shifted: np.floor(shifted + 0.5),
    Rounding.HALF_EVEN: np.rint,
    Rounding.UP: np.ceil,
    Rounding.DOWN: np.floor,
}


def _rounded(values: Floats, scale: ScalePlan) -> Floats:
    """`scales.rounded` of a column."""
    if scale.rounding == Rounding.NONE:
        return values
    step = 10.0**scale.decimals
    result: Floats = _ROUNDED[scale.rounding](values * step) / step
    # numpy rounds to -0.0 where Python rounds to 0.
    return result + 0.0


def _looked_up(table: Sequence[tuple[float, float]], values: Floats) -> Floats:
    """`scales.looked_up` of a column."""
    starts = np.array([at_least for at_least, _ in table])
    # Place 0 is below the first row.
    mapped = np.array([np.nan, *[value for _, value in table]])
    places = np.searchsorted(starts, values, side="right")
    return np.where(np.isnan(values), np.nan, mapped[places])


def _by_rule(scale: ScalePlan, columns: Sequence[Column]) -> FigureColumns:
    children = len(columns[0].states)
    # Undecided are the children for whom every case so far is false.
    raw, is_undecided = np.full(children, np.nan), np.ones(children, np.bool_)
    for case in scale.cases:
        holds = truths(case.when, columns)
        value = _valued(case.value, case.position, columns)
        raw = np.where(is_undecided & (holds == Truth.TRUE), value, raw)
        # An unknown case ends the search without a figure, as in `scales`.
        is_undecided &= holds == Truth.FALSE
    otherwise = _valued(scale.otherwise, scale.otherwise_position, columns)
    raw = np.where(is_undecided, otherwise, raw)
    answered, expected = np.zeros(children, np.int64), np.zeros(children, np.int64)
    for term in scale.terms:
        answered += columns[term.position].states == GIVEN
        expected += columns[term.position].states != NOT_ASKED
    is_prorated = np.zeros(children, np.bool_)
    return FigureColumns(_rounded(raw, scale), answered, expected, is_prorated)


def _valued(
    value: float | None, position: int | None, columns: Sequence[Column]
) -> Floats:
    """The values at a position, or the same value for every child; NaN for none."""
    if position is not None:
        return columns[position].values
    return np.full(len(columns[0].states), np.nan if value is None else value)
