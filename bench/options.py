"""How thorough a run is."""

from dataclasses import dataclass, field

from bench.rounds import Rounds

ROUNDS, SECONDS = 5, 4.0
QUICK_ROUNDS, QUICK_SECONDS, QUICK_SIZE = 2, 1.0, 0.1


@dataclass(frozen=True)
class Options:
    """Rounds of every comparison, length of one measurement, part of the full amounts of data."""

    rounds: Rounds = field(default_factory=lambda: Rounds(ROUNDS))
    seconds: float = SECONDS
    size: float = 1.0

    def amount(self, full: int) -> int:
        """The part of `full` that `size` says, at least 1."""
        return max(1, round(full * self.size))
