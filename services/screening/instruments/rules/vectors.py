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
"""What is wrong with answers, by the number of the child."""


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

    What a figure means is kept from one time to the next.
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

        `unknown` are its answers to what the form does not ask (`coded_answers`).
        """
        if not children:
            return []
        form = self.form
        columns, problems = _read(form, answers, unknown, len(children))
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
            # Scored all the same up to here: taking a row out of every column would
            # cost more.
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

    Equal figures of children for whom the same tables hold have one result, made once.
    """

    def __init__(self, plan: Plan, scale: str, norms: Norms | None) -> None:
        self.plan, self.scale, self.norms = plan, scale, norms
        tables: list[Scoped] = [*plan.cut_offs.get(scale, ())]
        if norms is not None:
            tables += [*norms.tables.get(scale, ()), *norms.cut_offs.get(scale, ())]
        self._fitting = cache(
            lambda child: tuple([fits(table, *child) for table in tables])
        )
        self._known: dict[tuple[Figure, tuple[bool, ...]], ScaleResult] = {}

    def __call__(
        self, column: FigureColumn, children: Sequence[Child]
    ) -> list[ScaleResult]:
        keys = [*zip(column.places, map(self._fitting, children), strict=True)]
        # Places cost less to compare than the figures at them.
        results = {
            key: self._result(column.figures[key[0]], key[1], child)
            for key, child in dict(zip(keys, children, strict=True)).items()
        }
        return [results[key] for key in keys]

    def _result(
        self, figure: Figure, fitting: tuple[bool, ...], child: Child
    ) -> ScaleResult:
        # Kept by the figure itself: places differ from one time to the next.
        key = (figure, fitting)
        if key not in self._known:
            self._known[key] = scale_result(
                self.plan, self.scale, figure, child, self.norms
            )
        return self._known[key]


def _read(
    form: FormPlan, answers: Mapping[str, Coded], unknown: Problems, children: int
) -> tuple[list[Column], Problems]:
    """The columns of a form, and what is wrong with the answers."""
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
