"""Numbers as they are written: a tenth is a tenth, and sums of tenths are exact."""

from fractions import Fraction
from functools import lru_cache

from services.screening.instruments.rules.definitions import Rounding

Exact = int | Fraction
"""A number without rounding error; a whole one is an integer, which computes faster."""
_STEPS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
"""In a whole, by decimals: a scale has six of them at the most."""


@lru_cache(maxsize=16_384)
def exact(value: float) -> Exact:
    """The decimal that a number is written as: 0.1 is 1/10, not the float next to it.

    A float has one shortest decimal, in the order of the floats.
    """
    return whole(Fraction(repr(value)))


def exact_or_none(value: float | None) -> Exact | None:
    """The decimal, where there is a number."""
    return None if value is None else exact(value)


def whole(value: Exact) -> Exact:
    """A number as the integer that it is, if it is one."""
    return value.numerator if value.denominator == 1 else value


def ratio(top: int, bottom: int) -> Exact:
    """An exact quotient of integers."""
    return Fraction(top, bottom) if top % bottom else top // bottom


def divided(value: Exact, by: Exact) -> Exact:
    """An exact quotient."""
    return ratio(value.numerator * by.denominator, value.denominator * by.numerator)


def as_number(value: Exact | None) -> float | None:
    """A figure as JSON has it: a whole one without decimals, others as the nearest float."""
    if value is None or value.denominator != 1:
        return None if value is None else float(value)
    # Not through a float: it would lose the digits of a large one.
    return value.numerator


def rounded(value: Exact, rounding: Rounding, decimals: int) -> Exact:
    """A figure rounded to so many decimals; half up is towards plus infinity."""
    if rounding == Rounding.NONE or value.denominator == 1:
        return value
    return ratio(_rounded_steps(value, rounding, decimals), _STEPS[decimals])


def half_up(value: Exact, decimals: int) -> float:
    """The float nearest to a number rounded half up."""
    return _rounded_steps(value, Rounding.HALF_UP, decimals) / _STEPS[decimals]


def _rounded_steps(value: Exact, rounding: Rounding, decimals: int) -> int:
    """How many steps of the last decimal a number is rounded to.

    In integers: quotients of fractions would look for common divisors each time.
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
