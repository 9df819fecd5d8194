"""`scoring.score` for the answers of many children at once, with the same results."""

from collections.abc import Mapping, Sequence
from functools import cache

from services.screening.instruments.rules.answers import (
    AnswerProblem,
    Answers,
    pointer_to,
)
from services.screening.instruments.rules.bands import Scoped, fits
from services.screening.instruments.rules.column_conditions import truths
from services.screening.instruments.rules.column_scales import (
    FigureColumn,
    figure_columns,
)
from services.screening.instruments.rules.columns import (
    Coded,
    Column,
    coded,
    coded_answers,
    read_column,
)
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Child, Truth
from services.screening.instruments.rules.plans import FormPlan, Plan
from services.screening.instruments.rules.scales import Figure
from services.screening.instruments.rules.scoring import (
    Result,
    ScaleResult,
    concluded,
    refused,
    scale_result,
)

Problems = Mapping[int, list[AnswerProblem]]
"""The problems of answers, by the index of the child."""


def score_many(
    plan: Plan,
    form_code: str,
    answers: Sequence[Answers],
    children: Sequence[Child],
    norms: Norms | None,
) -> list[Result]:
    """The result of each child's answers, in the same order."""
    scorer = Scorer(plan, form_code, norms)
    return scorer.score(*coded_answers(scorer.form, answers), children)


class Scorer:
    """Scores one form for many children at a time.

    The meaning of a figure is cached between calls.
    """

    def __init__(self, plan: Plan, form_code: str, norms: Norms | None) -> None:
        self.plan, self.form, self.norms = plan, plan.forms[form_code], norms
        self._scales = [
            _ScaleResults(plan, scale.code, norms) for scale in self.form.scales
        ]

    def score(
        self, answers: Mapping[str, Coded], unknown: Problems, children: Sequence[Child]
    ) -> list[Result]:
        """The result of each child.

        `unknown` holds the problems of answers to items that the form does
        not have (`coded_answers`).
        """
        if not children:
            return []
        form = self.form
        columns, problems = _read_columns(form, answers, unknown, len(children))
        by_scale = [
            results(column, children)
            for results, column in zip(
                self._scales, figure_columns(form, columns), strict=True
            )
        ]
        by_child = [*zip(*by_scale, strict=True)] if by_scale else [()] * len(children)
        critical = [
            (item, (truths(item.when, columns) == Truth.TRUE).tolist())
            for item in form.critical
        ]
        results = []
        for number, (scales, child) in enumerate(zip(by_child, children, strict=True)):
            # Refused children are scored up to here: removing their rows from every
            # column would cost more.
            if number in problems:
                results.append(refused(form, problems[number]))
                continue
            of_child = [item for item, holds in critical if holds[number]]
            results.append(
                concluded(self.plan, form, scales, of_child, child, self.norms)
            )
        return results


class _ScaleResults:
    """The results of one scale.

    Children with equal figures and the same tables share one result, which
    is computed once.
    """

    def __init__(self, plan: Plan, scale: str, norms: Norms | None) -> None:
        self.plan, self.scale, self.norms = plan, scale, norms
        tables: list[Scoped] = [*plan.cut_offs.get(scale, ())]
        if norms is not None:
            tables += [*norms.tables.get(scale, ()), *norms.cut_offs.get(scale, ())]
        self._fitting = cache(
            lambda child: tuple([fits(table, *child) for table in tables])
        )
        self._cached_results: dict[tuple[Figure, tuple[bool, ...]], ScaleResult] = {}

    def __call__(
        self, column: FigureColumn, children: Sequence[Child]
    ) -> list[ScaleResult]:
        keys = [*zip(column.places, map(self._fitting, children), strict=True)]
        # Keys with places: comparing places costs less than comparing figures.
        results = {
            key: self._result(column.figures[key[0]], key[1], child)
            for key, child in dict(zip(keys, children, strict=True)).items()
        }
        return [results[key] for key in keys]

    def _result(
        self, figure: Figure, fitting: tuple[bool, ...], child: Child
    ) -> ScaleResult:
        # Cached by the figure itself, because places differ between calls.
        key = (figure, fitting)
        if key not in self._cached_results:
            self._cached_results[key] = scale_result(
                self.plan, self.scale, figure, child, self.norms
            )
        return self._cached_results[key]


def _read_columns(
    form: FormPlan, answers: Mapping[str, Coded], unknown: Problems, children: int
) -> tuple[list[Column], Problems]:
    """The columns of a form, and the problems of the answers."""
    problems = {number: [*of_child] for number, of_child in unknown.items()}
    columns: list[Column] = []
    for leaf, (asked_when, default) in zip(form.leaves, form.asked_when, strict=True):
        skipped = (
            None if asked_when is None else truths(asked_when, columns) == Truth.FALSE
        )
        # A file may lack the column of an item.
        of_leaf = answers.get(leaf.code) or coded([None] * children)
        wrong, column = read_column(leaf, of_leaf, skipped, default)
        for number, code in wrong:
            problem = AnswerProblem(pointer_to(leaf.code), code)
            problems.setdefault(number, []).append(problem)
        columns.append(column)
    return columns, problems
