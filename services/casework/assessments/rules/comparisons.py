"""The ratings of several assessors of the same child, side by side. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from services.casework.assessments.rules.icf import (
    NOT_SPECIFIED,
    QualifierKind,
    on_scale,
)

ON_SCALE = frozenset(
    {QualifierKind.EXTENT, QualifierKind.PERFORMANCE, QualifierKind.CAPACITY}
)
"""Kinds of qualifiers between which there is a distance."""
# In ICF 8 (and +8 for a facilitator) means that too little is known: not a rating.
_NOT_RATED = frozenset({None, NOT_SPECIFIED, f"+{NOT_SPECIFIED}"})


class ComparisonVerdict(StrEnum):
    """Whether assessors agree; not comparable where fewer than two have specified."""

    AGREEMENT = "agreement"
    DISAGREEMENT = "disagreement"
    NOT_COMPARABLE = "not_comparable"


class Rated(NamedTuple):
    """What is rated: a code, and the kind of its qualifier."""

    code: str
    kind: QualifierKind


Ratings = Mapping[Rated, str]


class Comparison(NamedTuple):
    """The qualifier of a code by each assessor; None where the assessor gave none.

    `distance` lies between the two that are furthest apart, from 0 to 8; None where
    fewer than two are on the scale. `is_opposite`: a barrier to one,
    a facilitator to another.
    """

    rated: Rated
    qualifiers: Mapping[str, str | None]
    verdict: ComparisonVerdict
    distance: int | None
    is_opposite: bool


def compare(ratings: Mapping[str, Ratings]) -> list[Comparison]:
    """The ratings of each assessor side by side, in the order of codes.

    An assessor who has not specified a code, or has not rated it, neither agrees nor
    disagrees. "Not applicable" is a rating: it disagrees with every extent.
    """
    rated = sorted({each for of_one in ratings.values() for each in of_one})
    return [_compared(each, ratings) for each in rated]


def _compared(rated: Rated, ratings: Mapping[str, Ratings]) -> Comparison:
    qualifiers = {assessor: of_one.get(rated) for assessor, of_one in ratings.items()}
    specified = [each for each in qualifiers.values() if each not in _NOT_RATED]
    places = list(_places(rated.kind, qualifiers))
    return Comparison(
        rated,
        qualifiers,
        _verdict(specified),
        max(places) - min(places) if len(places) > 1 else None,
        # 0 is on neither side: nothing hinders and nothing helps.
        is_opposite=any(each < 0 for each in places) and any(x > 0 for x in places),
    )


def _places(kind: QualifierKind, qualifiers: Mapping[str, str | None]) -> Iterator[int]:
    # Nature and location are codes, not amounts:
    # there is no distance between two of them.
    if kind in ON_SCALE:
        for qualifier in qualifiers.values():
            place = None if qualifier is None else on_scale(qualifier)
            if place is not None:
                yield place


def _verdict(specified: Sequence[str | None]) -> ComparisonVerdict:
    if len(specified) < 2:
        return ComparisonVerdict.NOT_COMPARABLE
    is_one = len({*specified}) == 1
    return ComparisonVerdict.AGREEMENT if is_one else ComparisonVerdict.DISAGREEMENT


class Agreement(NamedTuple):
    """How many codes assessors agree about, of how many that can be compared."""

    agreed: int
    comparable: int
    not_comparable: int

    @property
    def share(self) -> Fraction | None:
        """The share of comparable codes on which they agree;
        None where nothing can be compared.
        """
        # Exact: the caller rounds it for display.
        return Fraction(self.agreed, self.comparable) if self.comparable else None


def agreement(comparisons: Sequence[Comparison]) -> Agreement:
    """How far assessors agree over all codes."""
    verdicts = [each.verdict for each in comparisons]
    apart = verdicts.count(ComparisonVerdict.NOT_COMPARABLE)
    agreed = verdicts.count(ComparisonVerdict.AGREEMENT)
    return Agreement(agreed, len(verdicts) - apart, apart)
