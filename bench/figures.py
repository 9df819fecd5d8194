"""The results of a run: samples of several rounds, the figures that they are compared with, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple


class Figure(NamedTuple):
    """One quantity, measured once in every round."""

    samples: tuple[float, ...]
    unit: str

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        return min(self.samples), max(self.samples)


class Ratio(NamedTuple):
    """Our figure against another one, round by round, so that a slow moment of the machine is in both parts."""

    samples: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.samples)


class Bar(NamedTuple):
    """A bar, `at_least` or `at_most`, for the quantity that `of` names (share, lead, ours)."""

    of: str
    at_least: float | None = None
    at_most: float | None = None
    goal: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether the value is on the right side of the bar."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True)
class Row:
    """One line of the table. `failure` instead of figures: a peer that is not installed, or one that failed.

    `cpu`: the processor time of one operation of ours, where it is counted.
    """

    workload: str
    case: str
    ours: Figure | None = None
    limit: Figure | None = None
    share: Ratio | None = None
    lead: Ratio | None = None
    cpu: Figure | None = None
    bars: tuple[Bar, ...] = ()
    failure: str = ""
    note: str = ""

    @property
    def rounds(self) -> int:
        return len(self.ours.samples) if self.ours else 0

    @property
    def verdict(self) -> str:
        """`met` or `missed` where there is a bar; the failure, if there is one; else empty."""
        if self.failure:
            return self.failure
        figures = {"share": self.share, "lead": self.lead, "ours": self.ours}
        verdicts = [bar.is_met(value.median) for bar in self.bars if (value := figures[bar.of]) is not None]
        return ("met" if all(verdicts) else "missed") if verdicts else ""


def beside_limit(row: Row, seconds: Sequence[float]) -> Row:
    """The same row with the time of its limit in each round, where it was measured; the share is of time."""
    if row.ours is None or not seconds:
        return row
    scale = 1000 if row.ours.unit == "ms" else 1
    limit = figure([value * scale for value in seconds], row.ours.unit)
    return replace(row, limit=limit, share=per(limit.samples, row.ours.samples))


def figure(samples: Sequence[float], unit: str) -> Figure:
    """Samples of all rounds as one figure."""
    return Figure(tuple(samples), unit)


def per(numerators: Sequence[float], denominators: Sequence[float]) -> Ratio:
    """The ratio in every round."""
    return Ratio(tuple(above / below for above, below in zip(numerators, denominators, strict=True)))
