"""One set of answers, scored."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from services.screening.instruments.rules.ages import covers
from services.screening.instruments.rules.answers import (
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
from services.screening.instruments.rules.bands import band_at, fits
from services.screening.instruments.rules.conditions import truth
from services.screening.instruments.rules.norms import Norms, NormScores, norm_scores
from services.screening.instruments.rules.outcomes import (
    Metric,
    Outcome,
    Truth,
    combined,
)
from services.screening.instruments.rules.plans import FormPlan, Plan
from services.screening.instruments.rules.scales import Figure, figure_of


class ScaleResult(NamedTuple):
    """What one scale came to."""

    code: str
    raw: float | None
    answered: int
    expected: int
    is_prorated: bool
    norms: NormScores | None
    band: str | None
    outcome: Outcome | None

    def as_json(self) -> dict[str, Any]:
        """The scale as the wire and the database have it."""
        return {**self._asdict(), "norms": self.norms._asdict() if self.norms else None}


class Result(NamedTuple):
    """What a form came to; with problems, the answers cannot be scored and nothing else is said."""

    form: str
    scales: tuple[ScaleResult, ...]
    critical: tuple[str, ...]
    outcome: Outcome
    suggestion: str | None
    norm_set: str | None
    problems: tuple[AnswerProblem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The result as the wire and the database have it. Problems are refused before anything is kept."""
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
    """The JSON of many results, that of each scale result and of each conclusion made once however many share it."""
    known: dict[int, tuple[ScaleResult, str]] = {}
    ends: dict[Any, str] = {}
    for result in results:
        texts = []
        for scale in result.scales:
            found = known.get(id(scale))
            if found is None:
                found = known[id(scale)] = (scale, _json(scale.as_json()))
            texts.append(found[1])
        rest = (result.form, *result[2:6])
        end = ends.get(rest)
        if end is None:
            told = result._replace(scales=()).as_json()
            del told["scales"]
            end = ends[rest] = _json(told)[1:]
        yield f'{{"scales":[{",".join(texts)}],{end}'


def bands_text(result: Result) -> str:
    """The JSON of the band of every scale that has one."""
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


def result_of(kept: Mapping[str, Any]) -> Result:
    """A result from its JSON."""
    scales = []
    for scale in kept["scales"]:
        norms = NormScores(**scale["norms"]) if scale["norms"] else None
        outcome = Outcome(scale["outcome"]) if scale["outcome"] else None
        scales.append(ScaleResult(**{**scale, "norms": norms, "outcome": outcome}))
    others = (kept["suggestion"], kept["norm_set"])
    return Result(
        kept["form"],
        tuple(scales),
        tuple(kept["critical"]),
        Outcome(kept["outcome"]),
        *others,
    )


def score(
    plan: Plan,
    form_code: str,
    answers: Answers,
    *,
    age_months: int,
    sex: str,
    informant: str,
    norms: Norms | None,
) -> Result:
    """The result of one form. Answers that the form does not know, or does not take, are named in `problems`."""
    form = plan.forms[form_code]
    cells, problems = read_answers(form, answers)
    if problems:
        return refused(form, problems)
    figures = figures_of(form, cells)
    scales = tuple(
        judge(plan, scale.code, figure, (age_months, sex, informant), norms)
        for scale, figure in zip(form.scales, figures, strict=True)
    )
    critical = [one for one in form.critical if truth(one.when, cells) == Truth.TRUE]
    return concluded(
        plan,
        form,
        scales,
        [one.item for one in critical],
        any(one.is_positive for one in critical),
        age_months,
        norms,
    )


def read_answers(
    form: FormPlan, answers: Answers
) -> tuple[list[Cell], list[AnswerProblem]]:
    """A cell for every leaf, and what is wrong with the answers. What was not asked must not be answered."""
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
        cell: Cell | str | None = (
            leaf.by_word.get(answer) if type(answer) is str else None
        )
        if cell is None:
            cell = MISSING if answer is None else read_cell(leaf, answer)
        if isinstance(cell, str):
            problems.append(AnswerProblem(pointer_to(leaf.code), cell))
            cell = MISSING
        cells.append(cell)
    return cells, problems


def refused(form: FormPlan, problems: Sequence[AnswerProblem]) -> Result:
    """The result of answers that cannot be scored."""
    return Result(form.code, (), (), Outcome.UNDETERMINED, None, None, tuple(problems))


def figures_of(form: FormPlan, cells: list[Cell]) -> list[Figure]:
    """The figure of every scale; a scale may be made of those before it."""
    known = list(cells)
    figures = []
    for scale in form.scales:
        figure = figure_of(scale, known)
        figures.append(figure)
        known.append(Cell(UNKNOWN if figure.raw is None else 0, 0, figure.raw))
    return figures


def judge(
    plan: Plan,
    scale: str,
    figure: Figure,
    child: tuple[int, str, str],
    norms: Norms | None,
) -> ScaleResult:
    """What a figure means for a child of this age and sex, described by this informant."""
    worth = (
        norm_scores(norms.tables.get(scale, ()), figure.raw, *child)
        if norms and figure.raw is not None
        else None
    )
    tables = (norms.cut_offs.get(scale) if norms else None) or plan.cut_offs.get(
        scale, ()
    )
    band: str | None = None
    outcome = Outcome.UNDETERMINED if tables else None
    table = next((table for table in tables if fits(table, *child)), None)
    measured = None if table is None else _measured(table.metric, figure.raw, worth)
    if table is not None and measured is not None:
        band, outcome = band_at(table, measured)
    return ScaleResult(scale, as_number(figure.raw), *figure[1:], worth, band, outcome)


def _measured(
    metric: Metric, raw: float | None, worth: NormScores | None
) -> float | None:
    if metric == Metric.RAW:
        return raw
    found: float | None = getattr(worth, metric, None)
    return found


def as_number(value: float | None) -> float | None:
    """A whole figure as a whole number."""
    return int(value) if value is not None and value == int(value) else value


def concluded(
    plan: Plan,
    form: FormPlan,
    scales: tuple[ScaleResult, ...],
    critical: Sequence[str],
    is_positive: bool,
    age_months: int,
    norms: Norms | None,
) -> Result:
    """The outcome of the whole form and what is suggested."""
    judged = [scales[number].outcome for number in form.outcome_scales]
    outcome = (
        combined(judged, form.outcome_at_least) if judged else Outcome.UNDETERMINED
    )
    outcome = Outcome.POSITIVE if is_positive else outcome
    bands = {scale.code: scale.band for scale in scales}
    suggestion = _suggestion(
        plan, outcome, bands, age_months, has_critical=bool(critical)
    )
    return Result(
        form.code,
        scales,
        tuple(critical),
        outcome,
        suggestion,
        norms.label if norms else None,
    )


def _suggestion(
    plan: Plan,
    outcome: Outcome,
    bands: Mapping[str, str | None],
    age_months: int,
    *,
    has_critical: bool,
) -> str | None:
    for one in plan.suggestions:
        in_band = one.scale is None or bands.get(one.scale) in one.bands
        in_outcome = not one.outcomes or outcome in one.outcomes
        in_age = covers(one.age_from, one.age_to, age_months)
        if (
            in_band
            and in_outcome
            and in_age
            and one.is_critical in {None, has_critical}
        ):
            return one.code
    return None
