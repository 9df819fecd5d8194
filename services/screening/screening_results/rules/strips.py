"""The content of a scale's picture: its range, its bands and the child's figure. Pure."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from services.screening.instruments.rules.bands import BandTable, fits
from services.screening.instruments.rules.definitions import Better
from services.screening.instruments.rules.items import Label
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Child, Metric, Outcome
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.reach import Reach, reach_of
from services.screening.instruments.rules.scoring import Result, ScaleResult

BandLabels = Mapping[tuple[str, str], Label]
"""The label of each band, by the codes of the scale and the band."""
_RANGES: Mapping[Metric, tuple[float, float]] = {
    # Three standard deviations on either side: 3 children of 1000 are beyond them.
    Metric.Z: (-3.0, 3.0),
    Metric.T: (20.0, 80.0),
    Metric.STEN: (1.0, 10.0),
    Metric.STANINE: (1.0, 9.0),
    Metric.PERCENTILE: (0.0, 100.0),
}


class Stretch(NamedTuple):
    """The part of a band that lies within the picture."""

    start: float
    end: float
    outcome: Outcome | None


class Strip(NamedTuple):
    """One scale of one child.

    `figure` and the cut-offs are in `metric`; `cut_offs` are the figures at which the
    outcome changes; `error` is the 95 % interval in raw points.
    """

    scale: ScaleResult
    name: Label
    metric: Metric
    figure: float | None
    low: float
    high: float
    stretches: tuple[Stretch, ...]
    cut_offs: tuple[float, ...]
    error: tuple[float, float] | None
    band: Label | None
    better: Better | None


def strips_of(
    plan: Plan, result: Result, child: Child, norms: Norms | None, labels: BandLabels
) -> list[Strip]:
    """A strip for every scale of a result."""
    reach = reach_of(plan.forms[result.form])
    return [
        _strip(plan, scale, _table_for(plan, scale.code, child, norms), reach, labels)
        for scale in result.scales
    ]


def _table_for(
    plan: Plan, scale: str, child: Child, norms: Norms | None
) -> BandTable | None:
    """The cut-offs for this child; those of the norms take precedence over the instrument's."""
    # The same rule as in `judgements.judge`: a picture with other cut-offs would
    # contradict the words of the result.
    of_norms = norms.cut_offs.get(scale) if norms else None
    tables = of_norms or plan.cut_offs.get(scale, ())
    return next((table for table in tables if fits(table, *child)), None)


def _strip(
    plan: Plan,
    scale: ScaleResult,
    table: BandTable | None,
    reach: Mapping[str, Reach],
    labels: BandLabels,
) -> Strip:
    metric = _metric(scale, table)
    figure = _figure(scale, metric)
    edges = tuple(map(float, table.edges)) if table else ()
    figures = [*edges, *([] if figure is None else [figure])]
    low, high = _range(metric, reach[scale.code], figures)
    error = None
    if metric == Metric.RAW and scale.norms and scale.norms.low is not None:
        ends = (scale.norms.low, scale.norms.high or scale.norms.low)
        error = (max(low, float(ends[0])), min(high, float(ends[1])))
    band = labels.get((scale.code, scale.band)) if scale.band else None
    return Strip(
        scale,
        plan.scales.get(scale.code, Label(scale.code, scale.code)),
        metric,
        figure,
        low,
        high,
        _stretches(table, edges, low, high),
        _cut_offs(table, edges),
        error,
        band,
        plan.better.get(scale.code, Better.LOWER) if table else None,
    )


def _metric(scale: ScaleResult, table: BandTable | None) -> Metric:
    if table is not None:
        return table.metric
    # Raw points depend on the age: T scores, with their known mean and
    # deviation, say more.
    has_t = scale.norms is not None and scale.norms.t is not None
    return Metric.T if has_t else Metric.RAW


def _figure(scale: ScaleResult, metric: Metric) -> float | None:
    figure = (
        scale.raw if metric == Metric.RAW else getattr(scale.norms, metric.value, None)
    )
    return None if figure is None else float(figure)


def _range(metric: Metric, reach: Reach, figures: list[float]) -> tuple[float, float]:
    """The range of the picture, which includes all figures of the scale."""
    low, high = _RANGES.get(metric, (float(reach.low), float(reach.high)))
    # A number without limits has no range of its own: the known figures give one.
    if math.isinf(low):
        low = min(0.0, *figures, 0.0)
    if math.isinf(high):
        high = 1.25 * max(1.0, *figures, 1.0)
    low, high = min([low, *figures]), max([high, *figures])
    return (low, high) if high > low else (low, low + 1)


def _stretches(
    table: BandTable | None, edges: tuple[float, ...], low: float, high: float
) -> tuple[Stretch, ...]:
    outcomes = [outcome for _, outcome in table.bands] if table else [None]
    # An edge at an end of the range leaves a band with a width of 0, which
    # is not drawn.
    ends = [low, *edges, high]
    return tuple(
        Stretch(start, end, outcome)
        for (start, end), outcome in zip(pairwise(ends), outcomes, strict=True)
        if end > start
    )


def _cut_offs(table: BandTable | None, edges: tuple[float, ...]) -> tuple[float, ...]:
    if table is None:
        return ()
    outcomes = [outcome for _, outcome in table.bands]
    return tuple(
        edge
        for edge, (below, above) in zip(edges, pairwise(outcomes), strict=True)
        if below != above
    )
