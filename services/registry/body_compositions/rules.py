"""How the groups of a composition rule are represented in a body. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from services.registry.bodies.rules import Group


class Seat(NamedTuple):
    """A member as the composition sees them: for which group, and of which institution."""

    group: str
    institution: str | None = None


class GroupCount(NamedTuple):
    """How many represent a group, how many are missing and how many are too many."""

    group: str
    present: int
    missing: int
    surplus: int


def count_groups(groups: Sequence[Group], seats: Sequence[Seat]) -> list[GroupCount]:
    """How each group is represented, in the order of `groups`.

    The pilot platform of a county is exactly 2 + 2 + 1 (source 004).
    """
    return [_count(group, seats) for group in groups]


def _count(group: Group, seats: Sequence[Seat]) -> GroupCount:
    of_group = [seat for seat in seats if seat.group == group.code]
    # Some groups count institutions: there, two people of one institution count once.
    institutions = {seat.institution for seat in of_group if seat.institution}
    present = len(institutions) if group.of_institutions else len(of_group)
    surplus = 0 if group.maximum is None else max(0, present - group.maximum)
    return GroupCount(group.code, present, max(0, group.minimum - present), surplus)


def is_valid(counts: Sequence[GroupCount]) -> bool:
    """Whether no group has too few or too many members."""
    return not any(count.missing or count.surplus for count in counts)
