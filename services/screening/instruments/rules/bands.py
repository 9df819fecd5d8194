"""Cut-offs: the band of a figure for an age, a sex and an informant."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeVar

from services.screening.instruments.rules.ages import covers
from services.screening.instruments.rules.decimals import Exact, exact
from services.screening.instruments.rules.definitions import Band, CutOffs, Form
from services.screening.instruments.rules.items import Label, label_of
from services.screening.instruments.rules.outcomes import (
    Informant,
    Metric,
    Outcome,
    Sex,
)


class Scoped(Protocol):
    """An entry that holds for some ages, one sex and one informant; None means any."""

    @property
    def age_from(self) -> int | None: ...
    @property
    def age_to(self) -> int | None: ...
    @property
    def sex(self) -> str | None: ...
    @property
    def informant(self) -> str | None: ...


OneOfScoped = TypeVar("OneOfScoped", bound=Scoped)


class BandTable(NamedTuple):
    """The bands of one scale for one group of children."""

    scale: str
    metric: Metric
    age_from: int | None
    age_to: int | None
    sex: str | None
    informant: str | None
    edges: tuple[Exact, ...]
    bands: tuple[tuple[str, Outcome], ...]


def _band_table(cut_offs: CutOffs) -> BandTable:
    """The compiled form of cut-offs. The first band is open below, so it has no edge."""
    scope = (cut_offs.age_from, cut_offs.age_to, cut_offs.sex, cut_offs.informant)
    edges = tuple(
        exact(band.at_least) for band in cut_offs.bands[1:] if band.at_least is not None
    )
    bands = tuple((band.code, band.outcome) for band in cut_offs.bands)
    return BandTable(cut_offs.scale, cut_offs.metric, *scope, edges, bands)


def band_tables(cut_offs: Iterable[CutOffs]) -> dict[str, tuple[BandTable, ...]]:
    """The compiled form of cut-offs, by scale."""
    by_scale: dict[str, list[BandTable]] = {}
    for entry in cut_offs:
        by_scale.setdefault(entry.scale, []).append(_band_table(entry))
    return {scale: tuple(tables) for scale, tables in by_scale.items()}


def band_labels(cut_offs: Iterable[CutOffs]) -> dict[tuple[str, str], Label]:
    """The labels of bands, by scale and band."""
    return {
        (entry.scale, band.code): label_of(band.label, band.code)
        for entry in cut_offs
        for band in entry.bands
    }


def band_at(table: BandTable, figure: Exact) -> tuple[str, Outcome]:
    """The band of a figure and its outcome.

    A figure on an edge belongs to the band above it.
    """
    return table.bands[bisect_right(table.edges, figure)]


def fits(scoped: Scoped, age_months: int, sex: str, informant: str) -> bool:
    """Whether an entry holds for this child and this informant."""
    return (
        (scoped.sex is None or scoped.sex == sex)
        and (scoped.informant is None or scoped.informant == informant)
        and covers(scoped.age_from, scoped.age_to, age_months)
    )


def fitting(
    tables: Iterable[OneOfScoped], age_months: int, sex: str, informant: str
) -> OneOfScoped | None:
    """The first table that holds for this child and this informant."""
    for table in tables:
        if fits(table, age_months, sex, informant):
            return table
    return None


def misplaced_edge(bands: Sequence[Band]) -> int | None:
    """The first band whose lower edge is missing, or not above the edge before it.

    Its index, or None when all edges are in order.
    """
    if bands[0].at_least is not None:
        return 0
    for number, (lower, upper) in enumerate(pairwise(bands), 1):
        if upper.at_least is None or (
            lower.at_least is not None and upper.at_least <= lower.at_least
        ):
            return number
    return None


class Span(NamedTuple):
    """Ages in completed months, `end` exclusive, and the position of the entry that
    holds at them.
    """

    start: int
    end: float
    number: int


def overlapping(scoped: Sequence[Scoped]) -> int | None:
    """The lowest position of an entry that overlaps an earlier one; None without any.

    Two entries overlap when both hold for some child.
    """
    overlaps = [
        number
        for sex in Sex
        for informant in Informant
        for number in _overlaps(_spans(scoped, sex, informant))
    ]
    return min(overlaps, default=None)


def _spans(scoped: Sequence[Scoped], sex: str, informant: str) -> list[Span]:
    """The ages at which each entry holds for this sex and informant, the lowest first."""
    return sorted(
        Span(
            entry.age_from or 0,
            math.inf if entry.age_to is None else entry.age_to,
            number,
        )
        for number, entry in enumerate(scoped)
        if entry.sex in {None, sex} and entry.informant in {None, informant}
    )


def _overlaps(spans: Sequence[Span]) -> Iterator[int]:
    """For each span that begins before an earlier one ends, the higher position of the two."""
    # The span with the highest end so far, which need not be the previous one.
    end, furthest = -math.inf, 0
    for span in spans:
        if span.start < min(end, span.end):
            yield max(span.number, furthest)
        if span.end > end:
            end, furthest = span.end, span.number


def leaves_gap(scoped: Sequence[Scoped], forms: Iterable[Form]) -> bool:
    """Whether some child of the forms has no entry.

    The children of a form are girls and boys of its ages, described by its informants.
    """
    return any(
        _covered_until(form.age_from, _spans(scoped, sex, informant)) < form.age_to
        for form in forms
        for informant in form.informants
        # Norms are published for girls and boys, and never for an unknown sex.
        for sex in (Sex.FEMALE, Sex.MALE)
    )


def _covered_until(age: float, spans: Sequence[Span]) -> float:
    """The first age from `age` on that no span covers."""
    for span in spans:
        if span.start <= age:
            age = max(age, span.end)
    return age
