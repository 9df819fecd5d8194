"""Which groups, locations and teams of a programme are complete. Pure."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID


class Part(NamedTuple):
    """A group, a location or a team: how many people it has, and how many it needs."""

    id: UUID
    label: str | None
    people: int
    fewest: int
    most: int

    @property
    def missing(self) -> int:
        """How many people are too few."""
        return max(0, self.fewest - self.people)

    @property
    def excess(self) -> int:
        """How many people are too many."""
        return max(0, self.people - self.most)


class Total(NamedTuple):
    """All parts of one kind."""

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
    known = [*parts]
    # Too many is no better: two of a location are two, and not three.
    incomplete = [part for part in known if part.missing or part.excess]
    people = sum(part.people for part in known)
    return Total(len(known), len(known) - len(incomplete), people, incomplete)
