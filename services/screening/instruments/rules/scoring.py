"""Scoring the answers of one child."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from services.screening.instruments.rules.answers import (
    GIVEN,
    MISSING,
    NOT_ASKED,
    UNKNOWN,
    AnswerProblem,
    Answers,
    Cell,
    pointer_to,
    read_cell,
    unknown_answers,
)
from services.screening.instruments.rules.conditions import truth
from services.screening.instruments.rules.decimals import as_number
from services.screening.instruments.rules.judgements import judge, suggested
from services.screening.instruments.rules.norm_scores import NormScores
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import (
    Child,
    Outcome,
    Truth,
    combined,
)
from services.screening.instruments.rules.plans import Critical, FormPlan, Plan
from services.screening.instruments.rules.scales import Figure, figure_of


class ScaleResult(NamedTuple):
    """The result of one scale."""

    code: str
    raw: float | None
    answered: int
    expected: int
    is_prorated: bool
    norms: NormScores | None
    band: str | None
    outcome: Outcome | None

    def as_json(self) -> dict[str, Any]:
        """The JSON object that is stored and sent."""
        return {**self._asdict(), "norms": self.norms._asdict() if self.norms else None}


class Result(NamedTuple):
    """The result of one form.

    Answers with problems cannot be scored: then all other fields are
    empty or undetermined.
    """

    form: str
    scales: tuple[ScaleResult, ...]
    critical: tuple[str, ...]
    outcome: Outcome
    suggestion: str | None
    norm_set: str | None
    problems: tuple[AnswerProblem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON object that is stored and sent.

        It has no problems: answers with problems are refused before a result is stored.
        """
        return {
            "form": self.form,
            "scales": [scale.as_json() for scale in self.scales],
            "critical": list(self.critical),
            "outcome": self.outcome,
            "suggestion": self.suggestion,
            "norm_set": self.norm_set,
        }


_json = json.JSONEncoder(separators=(",", ":")).encode


def json_texts(results: Iterable[Result]) -> Iterator[str]:
    """The JSON of many results.

    Scale results and endings that several results share are encoded once.
    """
    # By `id`, which costs less than a hash; the scale result is kept beside its text,
    # so that no other object can get its id.
    scale_texts: dict[int, tuple[ScaleResult, str]] = {}
    endings: dict[tuple[Any, ...], str] = {}
    for result in results:
        texts = []
        for scale in result.scales:
            cached_text = scale_texts.get(id(scale))
            if cached_text is None:
                cached_text = scale_texts[id(scale)] = (scale, _json(scale.as_json()))
            texts.append(cached_text[1])
        rest = (result.form, *result[2:6])
        ending = endings.get(rest)
        if ending is None:
            members = result._replace(scales=()).as_json()
            del members["scales"]
            ending = endings[rest] = _json(members)[1:]
        yield f'{{"scales":[{",".join(texts)}],{ending}'


def bands_text(result: Result) -> str:
    """The JSON object of bands by scale; scales without a band are left out."""
    return _bands_text(
        tuple(
            [
                (scale.code, scale.band)
                for scale in result.scales
                if scale.band is not None
            ]
        )
    )


@lru_cache(maxsize=16_384)
def _bands_text(bands: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(bands))


def result_of(document: Mapping[str, Any]) -> Result:
    """A result from its JSON object."""
    return Result(
        document["form"],
        tuple(_scale_result_of(scale) for scale in document["scales"]),
        tuple(document["critical"]),
        Outcome(document["outcome"]),
        document["suggestion"],
        document["norm_set"],
    )


def _scale_result_of(document: Mapping[str, Any]) -> ScaleResult:
    norms = NormScores(**document["norms"]) if document["norms"] else None
    outcome = Outcome(document["outcome"]) if document["outcome"] else None
    return ScaleResult(**{**document, "norms": norms, "outcome": outcome})


def score(
    plan: Plan, form_code: str, answers: Answers, child: Child, norms: Norms | None
) -> Result:
    """The result of one form.

    Answers that the form does not have, or does not accept, are named in `problems`.
    """
    form = plan.forms[form_code]
    cells, problems = read_answers(form, answers)
    # Nothing is scored: a partial result would be taken for a complete one.
    if problems:
        return refused(form, problems)
    scales = tuple(
        scale_result(plan, scale.code, figure, child, norms)
        for scale, figure in zip(form.scales, figures_of(form, cells), strict=True)
    )
    critical = [item for item in form.critical if truth(item.when, cells) == Truth.TRUE]
    return concluded(plan, form, scales, critical, child, norms)


def read_answers(
    form: FormPlan, answers: Answers
) -> tuple[list[Cell], list[AnswerProblem]]:
    """A cell for every leaf of the form, and the problems of the answers.

    An answer to a question that was not asked is a problem.
    """
    problems = (
        unknown_answers(form.positions, answers)
        if answers.keys() - form.positions.keys()
        else []
    )
    cells: list[Cell] = []
    for leaf, (asked_when, default) in zip(form.leaves, form.asked_when, strict=True):
        answer = answers.get(leaf.code)
        if asked_when is not None and truth(asked_when, cells) == Truth.FALSE:
            cells.append(Cell(NOT_ASKED, 0, default))
            if answer is not None:
                problems.append(AnswerProblem(pointer_to(leaf.code), "not_asked"))
            continue
        # A fast way: most answers are one of the accepted words, so one
        # look-up is enough.
        cell: Cell | str | None = (
            leaf.by_word.get(answer) if type(answer) is str else None
        )
        if cell is None:
            cell = MISSING if answer is None else read_cell(leaf, answer)
        if isinstance(cell, str):
            problems.append(AnswerProblem(pointer_to(leaf.code), cell))
            # A placeholder, so that the leaves after it keep their positions.
            cell = MISSING
        cells.append(cell)
    return cells, problems


def refused(form: FormPlan, problems: Sequence[AnswerProblem]) -> Result:
    """The result of answers that cannot be scored."""
    return Result(form.code, (), (), Outcome.UNDETERMINED, None, None, tuple(problems))


def figures_of(form: FormPlan, cells: Sequence[Cell]) -> list[Figure]:
    """The figure of every scale; a scale may use the figures of scales before it."""
    # Positions of scales follow those of leaves (`ScalePlan`).
    by_position = list(cells)
    figures = []
    for scale in form.scales:
        figure = figure_of(scale, by_position)
        figures.append(figure)
        by_position.append(
            Cell(UNKNOWN if figure.raw is None else GIVEN, 0, figure.raw)
        )
    return figures


def scale_result(
    plan: Plan, scale: str, figure: Figure, child: Child, norms: Norms | None
) -> ScaleResult:
    """The figure of a scale and its meaning for this child."""
    judgement = judge(plan, scale, figure.raw, child, norms)
    return ScaleResult(scale, as_number(figure.raw), *figure[1:], *judgement)


def concluded(
    plan: Plan,
    form: FormPlan,
    scales: tuple[ScaleResult, ...],
    critical: Sequence[Critical],
    child: Child,
    norms: Norms | None,
) -> Result:
    """The result of a form from those of its scales and its critical answers."""
    outcomes = [scales[number].outcome for number in form.outcome_scales]
    outcome = (
        combined(outcomes, form.outcome_at_least) if outcomes else Outcome.UNDETERMINED
    )
    # A positive critical item outweighs every scale, even one with too few answers.
    if any(item.is_positive for item in critical):
        outcome = Outcome.POSITIVE
    bands = {scale.code: scale.band for scale in scales}
    suggestion = suggested(
        plan, outcome, bands, child.age_months, has_critical=bool(critical)
    )
    return Result(
        form.code,
        scales,
        tuple([item.item for item in critical]),
        outcome,
        suggestion,
        norms.label if norms else None,
    )
