"""Norms: the standard scores of a raw score among children of the same age, sex and informant."""

import math
from collections.abc import Callable
from typing import Annotated, NamedTuple

from pydantic import Field

from services.chassis.ground.scalars import Count, Line, Number, Wire
from services.screening.instruments.rules.bands import (
    BandTable,
    band_labels,
    band_tables,
)
from services.screening.instruments.rules.decimals import Exact, divided, exact
from services.screening.instruments.rules.definitions import CutOffs, Months, ScaleCode
from services.screening.instruments.rules.items import Label, Words
from services.screening.instruments.rules.norm_scores import (
    NORMAL,
    NormScores,
    ScoreTable,
    scores_by_mean,
    scores_by_rows,
    scores_of_z,
)
from services.screening.instruments.rules.outcomes import Informant, Sex

CONFIDENCE = NORMAL.inv_cdf(0.975)
"""Standard errors on either side of a score that make an interval of 95 per cent."""


class Sample(Wire):
    """The children whom the norms describe."""

    n: Annotated[Count, Field(ge=1)]
    year: Annotated[Count, Field(ge=1900, le=2200)]
    country: Line = Field(min_length=2, max_length=100)
    description: Words | None = None


class NormRow(Wire):
    """The scores for raw scores from `at_least` up to the next row.

    Scores that are left out are computed from the others.
    """

    at_least: Number
    z: Number | None = Field(default=None, ge=-10, le=10)
    t: Number | None = Field(default=None, ge=-50, le=150)
    sten: Count | None = Field(default=None, ge=1, le=10)
    stanine: Count | None = Field(default=None, ge=1, le=9)
    percentile: Number | None = Field(default=None, ge=0, le=100)


class NormTable(Wire):
    """The norms of one scale for one group of children: mean and SD, or rows by raw score."""

    scale: ScaleCode
    age_from: Months | None = Field(default=None, description="inclusive")
    age_to: Months | None = Field(default=None, description="exclusive")
    sex: Sex | None = None
    informant: Informant | None = None
    n: Count | None = Field(default=None, ge=1)
    mean: Number | None = None
    sd: Number | None = Field(default=None, gt=0)
    reliability: Number | None = Field(default=None, ge=0, le=1)
    rows: list[NormRow] = Field(default_factory=list, max_length=500)


class NormDocument(Wire):
    """A set of norms and cut-offs for one instrument version."""

    title: Words
    sample: Sample | None = None
    source: Words | None = Field(default=None, description="where they were published")
    norms: list[NormTable] = Field(default_factory=list, max_length=1000)
    cut_offs: list[CutOffs] = Field(default_factory=list, max_length=1000)


class Norms(NamedTuple):
    """A compiled norm set.

    Tables and cut-offs by scale, labels of bands by scale and band; `label` names the
    norm set in results.
    """

    label: str
    tables: dict[str, tuple[ScoreTable, ...]]
    cut_offs: dict[str, tuple[BandTable, ...]]
    bands: dict[tuple[str, str], Label]


def compile_norms(document: NormDocument, label: str) -> Norms:
    """Compile a norm set for scoring."""
    tables: dict[str, list[ScoreTable]] = {}
    for table in document.norms:
        scores_of = _scores_of(table)
        if scores_of is not None:
            scope = (table.age_from, table.age_to, table.sex, table.informant)
            compiled = ScoreTable(*scope, scores_of)
            tables.setdefault(table.scale, []).append(compiled)
    return Norms(
        label,
        {scale: tuple(of_scale) for scale, of_scale in tables.items()},
        band_tables(document.cut_offs),
        band_labels(document.cut_offs),
    )


def _scores_of(table: NormTable) -> Callable[[Exact], NormScores | None] | None:
    """The function from raw to norm scores; None if a table has neither rows nor mean and SD."""
    margin = (
        None
        if table.sd is None or table.reliability is None
        else CONFIDENCE * standard_error(table.sd, table.reliability)
    )
    if table.rows:
        # Rows ascend (`norm_contradictions`). Below the first row there are no scores:
        # the published table ends there.
        edges = [exact(row.at_least) for row in table.rows]
        # A table may have many rows, of which few are used: each is computed at its
        # first use.
        return scores_by_rows(edges, lambda row: _of_row(table.rows[row]), margin)
    if table.mean is None or table.sd is None:
        return None
    return scores_by_mean(exact(table.mean), exact(table.sd), margin)


def _z_of_row(row: NormRow) -> Exact | None:
    if row.z is not None:
        return exact(row.z)
    if row.t is not None:
        return divided(exact(row.t) - 50, 10)
    # 0 and 100 have no z: they lie at minus and plus infinity.
    if row.percentile is not None and 0 < row.percentile < 100:
        return exact(NORMAL.inv_cdf(row.percentile / 100))
    return None


def _of_row(row: NormRow) -> NormScores:
    """The scores in the row; missing ones are computed from its z, T or percentile."""
    z = _z_of_row(row)
    derived = (
        scores_of_z(z) if z is not None else NormScores(None, None, None, None, None)
    )
    return derived._replace(**row.model_dump(exclude={"at_least"}, exclude_none=True))


def standard_error(sd: float, reliability: float) -> float:
    """The standard error of measurement in raw points: SD·√(1 − reliability)."""
    return sd * math.sqrt(1 - reliability)


def reliable_change(
    before: float, after: float, sd: float, reliability: float
) -> float:
    """The reliable change index of Jacobson and Truax (1991).

    The difference of two scores in standard errors of a difference. By chance alone 5
    of 100 changes lie beyond ±1.96. Infinite for a change on a scale without error.
    """
    # The errors of two measurements add up: √(SE² + SE²).
    error = math.sqrt(2) * standard_error(sd, reliability)
    if error == 0:
        return 0.0 if after == before else math.copysign(math.inf, after - before)
    return (after - before) / error
