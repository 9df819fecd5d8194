"""Conditions on answers, compiled: the same tree is walked for one child and for a column of thousands."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.screening.instruments.rules.answers import GIVEN, NOT_ASKED, Cell, Leaf
from services.screening.instruments.rules.items import Condition
from services.screening.instruments.rules.outcomes import Truth


class Test(NamedTuple):
    """What one answer must be: one of these options, and within these limits."""

    position: int
    bits: int | None
    unscored_bits: int
    low: float | None
    high: float | None


class All(NamedTuple):
    """True when every part is."""

    parts: tuple["Node", ...]


class Either(NamedTuple):
    """True when some part is."""

    parts: tuple["Node", ...]


class Not(NamedTuple):
    """True when the part is false."""

    part: "Node"


Node = Test | All | Either | Not


def compile_condition(
    condition: Condition, leaves: Sequence[Leaf], positions: Mapping[str, int]
) -> Node:
    """A condition with its items found. One of several members must hold in each of them."""
    parts: list[Node] = []
    if condition.item is not None:
        position = positions[condition.item]
        leaf = leaves[position]
        codes = condition.is_one_of
        bits = (
            None if codes is None else sum(leaf.known[code].bits for code in set(codes))
        )
        parts.append(
            Test(
                position,
                bits,
                leaf.unscored_bits,
                condition.at_least,
                condition.at_most,
            )
        )
    for group, kind in (
        (condition.all_of, All),
        (condition.any_of, Either),
        (condition.none_of, Either),
    ):
        if group:
            inner = kind(
                tuple(compile_condition(part, leaves, positions) for part in group)
            )
            parts.append(Not(inner) if group is condition.none_of else inner)
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def truth(node: Node, cells: Sequence[Cell]) -> int:
    """What a condition comes to: unknown while a deciding answer is missing, never true of what was not asked."""
    match node:
        case Test():
            return _test(node, cells[node.position])
        case All():
            return min(truth(part, cells) for part in node.parts)
        case Either():
            return max(truth(part, cells) for part in node.parts)
        case Not():
            return Truth.TRUE - truth(node.part, cells)


def _test(test: Test, cell: Cell) -> int:
    if cell.state != GIVEN:
        return Truth.FALSE if cell.state == NOT_ASKED else Truth.UNKNOWN
    found: int = Truth.TRUE
    if test.bits is not None and not cell.bits & test.bits:
        found = Truth.UNKNOWN if cell.bits & test.unscored_bits else Truth.FALSE
    if test.low is None and test.high is None:
        return found
    if cell.value is None:
        return min(found, Truth.UNKNOWN)
    within = (test.low is None or cell.value >= test.low) and (
        test.high is None or cell.value <= test.high
    )
    return found if within else Truth.FALSE
