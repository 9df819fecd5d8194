"""The verdict on a figure: its stated and its computed value compared. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from gateway.views.pilot_shapes import Figure, FigurePart, StatedFigure, Verdict

AT_LEAST = "≥ "
"""Stands before a number that is a lower bound."""


class Result(NamedTuple):
    """The value of a figure from the records."""

    computed: str
    parts: Mapping[str, str | None] = {}
    verdict: Verdict | None = None
    """The verdict where the numbers agree, instead of `agrees` or `lower_bound`."""
    is_apart: bool = False
    """Whether the stated and the computed value count different things."""


def figure_of(stated: StatedFigure, result: Result) -> Figure:
    """The figure in the form of the answer."""
    parts = [
        FigurePart(
            label=part.label, stated=part.stated, computed=result.parts.get(name)
        )
        for name, part in stated.parts.items()
    ]
    return Figure(
        id=stated.id,
        source=stated.source,
        label=stated.label,
        stated=stated.stated,
        computed=result.computed,
        verdict=verdict_of(stated, result),
        note=stated.note,
        parts=parts,
    )


def verdict_of(stated: StatedFigure, result: Result) -> Verdict:
    """Whether stated and computed are the same, down to the parts."""
    pairs = [(stated.stated, result.computed)]
    pairs += [
        (part.stated, computed)
        for name, part in stated.parts.items()
        if part.stated is not None and (computed := result.parts.get(name)) is not None
    ]
    if result.is_apart:
        return "agrees" if stated.stated == result.computed else "not_comparable"
    if not all(_meets(*pair) for pair in pairs):
        return "contradiction"
    if result.verdict is not None:
        return result.verdict
    bounds = any(text.startswith(AT_LEAST) for pair in pairs for text in pair)
    return "lower_bound" if bounds else "agrees"


def _meets(stated: str, computed: str) -> bool:
    """Whether a computed value agrees with the stated one."""
    if stated.startswith(AT_LEAST):
        return _number(computed) >= _number(stated)
    # Some records may be unavailable: then the sum of the rest is a lower bound.
    if computed.startswith(AT_LEAST):
        return _number(computed) <= _number(stated)
    return stated == computed


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.removeprefix(AT_LEAST))
    except InvalidOperation:
        return Decimal("NaN")


def counted(numbers: Iterable[int | None]) -> str:
    """The sum; a lower bound where some of the numbers are unavailable."""
    parts = [*numbers]
    bound = AT_LEAST if None in parts else ""
    return f"{bound}{sum(number or 0 for number in parts)}"


def percent(part: Decimal, whole: Decimal, places: int) -> str | None:
    """The share in percent, rounded half up; None if the whole is 0."""
    if not whole:
        return None
    step = Decimal(1).scaleb(-places)
    return str((100 * part / whole).quantize(step, rounding="ROUND_HALF_UP"))
