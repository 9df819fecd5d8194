"""The meaning of a score: its norm scores, its band and outcome, and the suggestion."""

from collections.abc import Mapping
from typing import NamedTuple

from services.screening.instruments.rules.ages import covers
from services.screening.instruments.rules.bands import band_at, fitting
from services.screening.instruments.rules.decimals import Exact, exact
from services.screening.instruments.rules.norm_scores import NormScores, norm_scores
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Child, Metric, Outcome
from services.screening.instruments.rules.plans import Plan


class Judgement(NamedTuple):
    """The norm scores of a raw score, its band, and the outcome of that band.

    Without cut-offs for the scale there is no outcome.
    """

    norms: NormScores | None
    band: str | None
    outcome: Outcome | None


def judge(
    plan: Plan, scale: str, raw: Exact | None, child: Child, norms: Norms | None
) -> Judgement:
    """The meaning of a raw score of a scale for this child.

    Cut-offs of the norms take precedence over those of the instrument.
    """
    scores = (
        norm_scores(norms.tables.get(scale, ()), raw, *child)
        if norms and raw is not None
        else None
    )
    of_norms = norms.cut_offs.get(scale) if norms else None
    tables = of_norms or plan.cut_offs.get(scale, ())
    if not tables:
        return Judgement(scores, None, None)
    table = fitting(tables, *child)
    figure = None if table is None else _figure(table.metric, raw, scores)
    if table is None or figure is None:
        # The scale has cut-offs, but none that fits: "negative" would claim too much.
        return Judgement(scores, None, Outcome.UNDETERMINED)
    return Judgement(scores, *band_at(table, figure))


def _figure(
    metric: Metric, raw: Exact | None, scores: NormScores | None
) -> Exact | None:
    """The figure that a cut-off is compared with."""
    if metric == Metric.RAW:
        return raw
    # None also when there are no norms for the child.
    figure: float | None = getattr(scores, metric, None)
    return None if figure is None else exact(figure)


def suggested(
    plan: Plan,
    outcome: Outcome,
    bands: Mapping[str, str | None],
    age_months: int,
    *,
    has_critical: bool,
) -> str | None:
    """The code of the first suggestion that fits.

    `bands` are those of the scales, by code.
    """
    for suggestion in plan.suggestions:
        if (
            (
                suggestion.scale is None
                or bands.get(suggestion.scale) in suggestion.bands
            )
            and (not suggestion.outcomes or outcome in suggestion.outcomes)
            and covers(suggestion.age_from, suggestion.age_to, age_months)
            and suggestion.is_critical in {None, has_critical}
        ):
            return suggestion.code
    return None
