"""How thorough a run is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Rounds of every comparison, the length of one measurement, and whether the amounts of data are full."""

    rounds: int = 5
    seconds: float = 4.0
    quick: bool = False

    def amount(self, full: int) -> int:
        """So many rows, or a tenth of them in a quick run."""
        return full // 10 if self.quick else full


QUICK = Options(rounds=2, seconds=1.0, quick=True)
