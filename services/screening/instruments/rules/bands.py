"""Cut-offs: which band a figure falls into, for the age, the sex and the informant."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from services.screening.instruments.rules.ages import covers
from services.screening.instruments.rules.definitions import Band, CutOffs, Form
from services.screening.instruments.rules.outcomes import (
    Informant,
    Metric,
    Outcome,
    Sex,
)


class Scoped(Protocol):
    """What holds for some ages, a sex and an informant; None is any."""

    @property
    def age_from(self) -> int | None: ...
    @property
    def age_to(self) -> int | None: ...
    @property
    def sex(self) -> str | None: ...
    @property
    def informant(self) -> str | None: ...


class BandTable(NamedTuple):
    """The bands of one scale for one group of children."""

    scale: str
    metric: Metric
    age_from: int | None
    age_to: int | None
    sex: str | None
    informant: str | None
    edges: tuple[float, ...]
    bands: tuple[tuple[str, Outcome], ...]


def band_table(cut_offs: CutOffs) -> BandTable:
    """Cut-offs, compiled. The first band is open below, so its edge is not needed."""
    scope = (cut_offs.age_from, cut_offs.age_to, cut_offs.sex, cut_offs.informant)
    edges = tuple(
        band.at_least for band in cut_offs.bands[1:] if band.at_least is not None
    )
    bands = tuple((band.code, band.outcome) for band in cut_offs.bands)
    return BandTable(cut_offs.scale, cut_offs.metric, *scope, edges, bands)


def band_at(table: BandTable, figure: float) -> tuple[str, Outcome]:
    """The band of a figure: a figure on an edge belongs to the band above it."""
    return table.bands[bisect_right(table.edges, figure)]


def fits(scoped: Scoped, age_months: int, sex: str, informant: str) -> bool:
    """Whether something holds for this child and this informant."""
    if not covers(scoped.age_from, scoped.age_to, age_months):
        return False
    return scoped.sex in {None, sex} and scoped.informant in {None, informant}


def misplaced_edge(bands: Sequence[Band]) -> int | None:
    """The first band whose lower edge is missing, or not above that of the band before it."""
    if bands[0].at_least is not None:
        return 0
    for number, (lower, upper) in enumerate(pairwise(bands), 1):
        if upper.at_least is None or (
            lower.at_least is not None and upper.at_least <= lower.at_least
        ):
            return number
    return None


def overlapping(scoped: Sequence[Scoped]) -> int | None:
    """One that holds for some child for whom an earlier one holds too; None when each child has one at most."""
    found = [
        number
        for sex in Sex
        for informant in Informant
        for number in _met(_ages_of(scoped, sex, informant))
    ]
    return min(found, default=None)


Span = tuple[int, float, int]
"""From, to, and the number of what holds there."""


def _ages_of(scoped: Sequence[Scoped], sex: str, informant: str) -> list[Span]:
    """The ages at which something holds for this sex and informant, by their beginning."""
    return sorted(
        (one.age_from or 0, math.inf if one.age_to is None else one.age_to, number)
        for number, one in enumerate(scoped)
        if one.sex in {None, sex} and one.informant in {None, informant}
    )


def _met(spans: Sequence[Span]) -> Iterator[int]:
    end, last = -math.inf, 0
    for start, until, number in spans:
        if start < min(end, until):
            yield max(number, last)
        if until > end:
            end, last = until, number


def leaves_gap(scoped: Sequence[Scoped], forms: Iterable[Form]) -> bool:
    """Whether some girl or boy of the forms' ages, described by one of their informants, is covered by none."""
    for form in forms:
        for informant in form.informants:
            for sex in (Sex.FEMALE, Sex.MALE):
                covered: float = form.age_from
                for start, until, _ in _ages_of(scoped, sex, informant):
                    covered = max(covered, until) if start <= covered else covered
                if covered < form.age_to:
                    return True
    return False
