"""Which groups, locations and teams of a programme are complete. Pure."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID


class Part(NamedTuple):
    """A group, a location or a team, with the number of its people and its limits."""

    id: UUID
    label: str | None
    people: int
    fewest: int
    most: int

    @property
    def missing(self) -> int:
        """The number of people below the minimum."""
        return max(0, self.fewest - self.people)

    @property
    def excess(self) -> int:
        """The number of people above the maximum."""
        return max(0, self.people - self.most)


class Total(NamedTuple):
    """The counts over all parts of one kind."""

    total: int
    complete: int
    people: int
    incomplete: list[Part]


def added_up(parts: Iterable[Part]) -> Total:
    """How many parts are complete, their people in all, and the parts that are not.

    >>> first, second = UUID(int=1), UUID(int=2)
    >>> added_up([Part(first, "A", 2, 2, 2), Part(second, "B", 1, 2, 2)])[:3]
    (2, 1, 3)
    """
    part_list = [*parts]
    # A part with too many people is incomplete as well: sizes have a maximum.
    incomplete = [part for part in part_list if part.missing or part.excess]
    people = sum(part.people for part in part_list)
    return Total(len(part_list), len(part_list) - len(incomplete), people, incomplete)
