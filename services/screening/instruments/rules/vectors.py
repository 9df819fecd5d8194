"""Many sets of answers to one form, scored at once: columns instead of children, the same figures to the last bit.

Every sum adds the same terms in the same order as `scales` does, so that no result depends on how many were scored.
What a figure means is decided by the same function, once for each different figure and kind of child.
"""

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.screening.instruments.rules.answers import (
    GIVEN,
    NOT_ASKED,
    UNKNOWN,
    AnswerProblem,
    Answers,
    pointer_to,
)
from services.screening.instruments.rules.bands import Scoped, fits
from services.screening.instruments.rules.columns import (
    Coded,
    Column,
    Flags,
    Floats,
    coded,
    coded_answers,
    read_column,
)
from services.screening.instruments.rules.conditions import All, Either, Node, Not, Test
from services.screening.instruments.rules.definitions import Rounding, ScaleKind
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Truth
from services.screening.instruments.rules.plans import FormPlan, Plan
from services.screening.instruments.rules.scales import Figure, ScalePlan
from services.screening.instruments.rules.scoring import (
    Result,
    ScaleResult,
    concluded,
    judge,
    refused,
)

Truths = NDArray[np.int8]
Problems = Mapping[int, list[AnswerProblem]]
Child = tuple[int, str, str]
"""Age in completed months, sex, informant."""


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
    scorer = Scorer(plan, form_code, norms)
    return scorer.score(
        *coded_answers(scorer.form, answers),
        [*zip(ages, sexes, informants, strict=True)],
    )


class Scorer:
    """One form, scored for many at a time. What a figure means is remembered from one time to the next."""

    def __init__(self, plan: Plan, form_code: str, norms: Norms | None) -> None:
        self.plan, self.form, self.norms = plan, plan.forms[form_code], norms
        self._judges = [_Judge(plan, scale.code, norms) for scale in self.form.scales]

    def score(
        self, answers: Mapping[str, Coded], unknown: Problems, children: Sequence[Child]
    ) -> list[Result]:
        """The result of each child, of its answers leaf by leaf; `unknown`: who answers what is not asked."""
        if not children:
            return []
        form = self.form
        columns, problems = _read(form, answers, unknown, len(children))
        figures = _figures(form, columns)
        judged = [
            judge_all(figure, children)
            for judge_all, figure in zip(self._judges, figures, strict=True)
        ]
        by_child = [*zip(*judged, strict=True)] if judged else [()] * len(children)
        critical = [
            (one, (_truths(one.when, columns) == Truth.TRUE).tolist())
            for one in form.critical
        ]
        results = []
        for number, (scales, child) in enumerate(zip(by_child, children, strict=True)):
            if number in problems:
                results.append(refused(form, problems[number]))
                continue
            noted = [one for one, holds in critical if holds[number]]
            is_positive = any(one.is_positive for one in noted)
            codes = [one.item for one in noted]
            results.append(
                concluded(
                    self.plan, form, scales, codes, is_positive, child[0], self.norms
                )
            )
        return results


class _Judge:
    """What the figures of one scale mean, found once for each figure and kind of child: whom the same tables fit."""

    def __init__(self, plan: Plan, scale: str, norms: Norms | None) -> None:
        self.plan, self.scale, self.norms = plan, scale, norms
        tables: list[Scoped] = [*plan.cut_offs.get(scale, ())]
        if norms is not None:
            tables = [
                *norms.tables.get(scale, ()),
                *norms.cut_offs.get(scale, ()),
                *tables,
            ]
        self._kind = cache(
            lambda child: tuple([fits(table, *child) for table in tables])
        )
        self._known: dict[tuple[Any, ...], ScaleResult] = {}

    def __call__(
        self, figures: Figures, children: Sequence[Child]
    ) -> list[ScaleResult]:
        columns = [part.tolist() for part in figures]
        keys = [*zip(*columns, map(self._kind, children), strict=True)]
        found: list[Any] = [*map(self._known.get, keys)]
        for number, known in enumerate(found):
            if known is None:
                found[number] = self._judged(keys[number], children[number])
        return found

    def _judged(self, key: tuple[Any, ...], child: Child) -> ScaleResult:
        if key not in self._known:
            self._known[key] = judge(
                self.plan, self.scale, Figure(*key[:4]), child, self.norms
            )
        return self._known[key]


def _read(
    form: FormPlan, answers: Mapping[str, Coded], unknown: Problems, children: int
) -> tuple[list[Column], dict[int, list[AnswerProblem]]]:
    """The columns of a form, and what is wrong with whose answers."""
    problems = {number: [*found] for number, found in unknown.items()}
    columns: list[Column] = []
    for leaf, (asked_when, default) in zip(form.leaves, form.asked_when, strict=True):
        given = answers.get(leaf.code) or coded([None] * children)
        skipped = (
            None if asked_when is None else _truths(asked_when, columns) == Truth.FALSE
        )
        wrong, column = read_column(leaf, given, skipped)
        for number, code in wrong:
            problems.setdefault(number, []).append(
                AnswerProblem(pointer_to(leaf.code), code)
            )
        if skipped is not None:
            column.states[skipped] = NOT_ASKED
            column.bits[skipped] = 0
            column.values[skipped] = np.nan if default is None else default
        columns.append(column)
    return columns, problems


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
        other = np.where(
            column.bits & test.unscored_bits,
            np.int8(Truth.UNKNOWN),
            np.int8(Truth.FALSE),
        )
        found = np.where(column.bits & test.bits, found, other)
    if test.low is not None or test.high is not None:
        low = -np.inf if test.low is None else test.low
        high = np.inf if test.high is None else test.high
        within = (column.values >= low) & (column.values <= high)
        unknown = np.minimum(found, np.int8(Truth.UNKNOWN))
        found = np.where(
            np.isnan(column.values),
            unknown,
            np.where(within, found, np.int8(Truth.FALSE)),
        )
    found = np.where(column.states == UNKNOWN, np.int8(Truth.UNKNOWN), found)
    return np.where(column.states == NOT_ASKED, np.int8(Truth.FALSE), found)


def _figures(form: FormPlan, columns: Sequence[Column]) -> list[Figures]:
    known = list(columns)
    figures = []
    for scale in form.scales:
        figure = (
            _by_rule(scale, known)
            if scale.kind == ScaleKind.RULE
            else _aggregated(scale, known)
        )
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


def _raw(
    scale: ScalePlan, sums: tuple[Floats, Floats, Floats, Floats], prorated: Flags
) -> Floats:
    total, weight_known, weight_all, highest = sums
    if scale.kind == ScaleKind.MAX:
        return highest
    if scale.kind == ScaleKind.MEAN:
        return total / weight_known
    return np.where(prorated, total * weight_all / weight_known, total)


def _points(
    scale: ScalePlan, values: Floats, weight: float, mirror: float | None
) -> Floats:
    facing = values if mirror is None else mirror - values
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE:
        return np.where(facing >= scale.threshold, weight, 0.0)
    return weight * facing


def _needed(scale: ScalePlan, expected: NDArray[np.int64]) -> NDArray[Any]:
    if scale.min_answered is not None:
        return np.minimum(scale.min_answered, expected)
    return (
        expected
        if scale.min_share is None
        else np.ceil(scale.min_share * expected - 1e-9)
    )


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
    places = np.searchsorted(
        np.array([at_least for at_least, _ in table]), values, side="right"
    )
    return np.where(np.isnan(values), np.nan, mapped[places])


def _by_rule(scale: ScalePlan, columns: Sequence[Column]) -> Figures:
    rows = len(columns[0].states)
    raw, open_ = np.full(rows, np.nan), np.ones(rows, np.bool_)
    for case in scale.cases:
        holds = _truths(case.when, columns)
        value = _valued(case.value, case.position, columns, rows)
        raw = np.where(open_ & (holds == Truth.TRUE), value, raw)
        open_ &= holds == Truth.FALSE
    raw = np.where(
        open_, _valued(scale.otherwise, scale.otherwise_position, columns, rows), raw
    )
    answered, expected = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    for term in scale.terms:
        answered += columns[term.position].states == GIVEN
        expected += columns[term.position].states != NOT_ASKED
    return Figures(_rounded(raw, scale), answered, expected, np.zeros(rows, np.bool_))


def _valued(
    value: float | None, position: int | None, columns: Sequence[Column], rows: int
) -> Floats:
    if position is not None:
        return columns[position].values
    return np.full(rows, np.nan if value is None else value)
