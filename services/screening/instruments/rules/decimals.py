"""Exact decimal numbers: 0.1 is exactly a tenth, and sums of tenths are exact."""

from fractions import Fraction
from functools import lru_cache

from services.screening.instruments.rules.definitions import Rounding

Exact = int | Fraction
"""A number without rounding error; a whole one is an integer, which computes faster."""
_STEPS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
"""How many steps of the last decimal make 1, by the number of decimals (at most six)."""


@lru_cache(maxsize=16_384)
def exact(value: float) -> Exact:
    """The shortest decimal of a float: 0.1 gives 1/10, not the exact value of the float.

    Every float has one shortest decimal, and these have the same order as the floats.
    """
    return whole(Fraction(repr(value)))


def exact_or_none(value: float | None) -> Exact | None:
    """The decimal, where there is a number."""
    return None if value is None else exact(value)


def whole(value: Exact) -> Exact:
    """The number as an int if it is a whole number, otherwise unchanged."""
    return value.numerator if value.denominator == 1 else value


def ratio(top: int, bottom: int) -> Exact:
    """An exact quotient of integers."""
    return Fraction(top, bottom) if top % bottom else top // bottom


def divided(value: Exact, by: Exact) -> Exact:
    """An exact quotient."""
    return ratio(value.numerator * by.denominator, value.denominator * by.numerator)


def as_number(value: Exact | None) -> float | None:
    """A figure as a JSON number: a whole one as an int, any other as the nearest float."""
    if value is None or value.denominator != 1:
        return None if value is None else float(value)
    # Not through a float, which would lose digits of a large number.
    return value.numerator


def rounded(value: Exact, rounding: Rounding, decimals: int) -> Exact:
    """A figure rounded to `decimals` decimals; half up is towards plus infinity."""
    if rounding == Rounding.NONE or value.denominator == 1:
        return value
    return ratio(_rounded_steps(value, rounding, decimals), _STEPS[decimals])


def half_up(value: Exact, decimals: int) -> float:
    """The float nearest to a number rounded half up."""
    return _rounded_steps(value, Rounding.HALF_UP, decimals) / _STEPS[decimals]


def _rounded_steps(value: Exact, rounding: Rounding, decimals: int) -> int:
    """A rounded number, counted in steps of the last decimal.

    Computed with integers, because every operation on fractions searches
    for common divisors.
    """
    top, bottom = value.numerator * _STEPS[decimals], value.denominator
    match rounding:
        case Rounding.HALF_UP:
            return (2 * top + bottom) // (2 * bottom)
        case Rounding.HALF_EVEN:
            below, rest = divmod(top, bottom)
            is_up = 2 * rest > bottom or (2 * rest == bottom and below % 2 == 1)
            return below + is_up
        case Rounding.UP:
            return -(-top // bottom)
        case _:
            return top // bottom
