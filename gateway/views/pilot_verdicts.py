"""What is to be thought of a figure: stated and computed beside each other. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from gateway.views.pilot_shapes import Figure, FigurePart, StatedFigure, Verdict

AT_LEAST = "≥ "
"""Before a number that is a lower bound."""


class Found(NamedTuple):
    """What the records come to."""

    computed: str
    parts: Mapping[str, str | None] = {}
    verdict: Verdict | None = None
    """Of a figure that agrees and still is something else."""
    is_apart: bool = False
    """Stated and computed are of two different things."""


def figure_of(stated: StatedFigure, found: Found) -> Figure:
    """The figure as it is answered."""
    parts = [
        FigurePart(label=part.label, stated=part.stated, computed=found.parts.get(name))
        for name, part in stated.parts.items()
    ]
    return Figure(
        id=stated.id,
        source=stated.source,
        label=stated.label,
        stated=stated.stated,
        computed=found.computed,
        verdict=verdict_of(stated, found),
        note=stated.note,
        parts=parts,
    )


def verdict_of(stated: StatedFigure, found: Found) -> Verdict:
    """Whether stated and computed are the same, down to the parts."""
    pairs = [(stated.stated, found.computed)]
    pairs += [
        (part.stated, computed)
        for name, part in stated.parts.items()
        if part.stated is not None and (computed := found.parts.get(name)) is not None
    ]
    if found.is_apart:
        return "agrees" if stated.stated == found.computed else "not_comparable"
    if not all(_meets(*pair) for pair in pairs):
        return "contradiction"
    if found.verdict is not None:
        return found.verdict
    bounds = any(text.startswith(AT_LEAST) for pair in pairs for text in pair)
    return "lower_bound" if bounds else "agrees"


def _meets(stated: str, computed: str) -> bool:
    """Whether a computed value can be what is stated."""
    if stated.startswith(AT_LEAST):
        return _number(computed) >= _number(stated)
    # Some of the records may not be told: then the rest of them is a lower bound.
    if computed.startswith(AT_LEAST):
        return _number(computed) <= _number(stated)
    return stated == computed


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.removeprefix(AT_LEAST))
    except InvalidOperation:
        return Decimal("NaN")


def counted(numbers: Iterable[int | None]) -> str:
    """The sum; a lower bound where some of the numbers are not told."""
    parts = [*numbers]
    bound = AT_LEAST if None in parts else ""
    return f"{bound}{sum(number or 0 for number in parts)}"


def percent(part: Decimal, whole: Decimal, places: int) -> str | None:
    """The share in percent, rounded half up; None of nothing."""
    if not whole:
        return None
    step = Decimal(1).scaleb(-places)
    return str((100 * part / whole).quantize(step, rounding="ROUND_HALF_UP"))
