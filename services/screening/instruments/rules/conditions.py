"""Compiled conditions on answers: one tree is used for one child and for columns of thousands."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.screening.instruments.rules.answers import GIVEN, NOT_ASKED, Cell, Leaf
from services.screening.instruments.rules.decimals import Exact, exact_or_none
from services.screening.instruments.rules.items import Condition
from services.screening.instruments.rules.outcomes import Truth


class Test(NamedTuple):
    """A test of the answer at a position; None sets no limit.

    The answer must be one of the options in `bits`, and its value must lie between
    `low` and `high`. With one of `unscored_bits` ("do not know") the result is unknown.
    """

    position: int
    bits: int | None
    unscored_bits: int
    low: Exact | None
    high: Exact | None


class All(NamedTuple):
    """True when every part is true."""

    parts: tuple["Node", ...]


class Either(NamedTuple):
    """True when some part is true."""

    parts: tuple["Node", ...]


class Not(NamedTuple):
    """True when the part is false."""

    part: "Node"


Node = Test | All | Either | Not


def compile_condition(
    condition: Condition, leaves: Sequence[Leaf], positions: Mapping[str, int]
) -> Node:
    """Compile a condition over the leaves, which are referred to by their positions.

    Of a condition with several members each must hold.
    """

    def compiled(group: Sequence[Condition]) -> tuple[Node, ...]:
        return tuple(compile_condition(part, leaves, positions) for part in group)

    parts: list[Node] = []
    if condition.item is not None:
        position = positions[condition.item]
        parts.append(_compiled_test(condition, position, leaves[position]))
    if condition.all_of:
        parts.append(All(compiled(condition.all_of)))
    if condition.any_of:
        parts.append(Either(compiled(condition.any_of)))
    if condition.none_of:
        parts.append(Not(Either(compiled(condition.none_of))))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _compiled_test(condition: Condition, position: int, leaf: Leaf) -> Test:
    bits = None
    if condition.is_one_of is not None:
        # A set, because the bit of an option that is added twice would be that of the
        # next option.
        bits = sum(leaf.option_cells[code].bits for code in set(condition.is_one_of))
    low, high = exact_or_none(condition.at_least), exact_or_none(condition.at_most)
    return Test(position, bits, leaf.unscored_bits, low, high)


def truth(node: Node, cells: Sequence[Cell]) -> int:
    """The `Truth` of a condition: unknown while a deciding answer is missing.

    A test of a question that was not asked is false.
    """
    match node:
        case Test():
            return _truth_of_test(node, cells[node.position])
        case All():
            return min(truth(part, cells) for part in node.parts)
        case Either():
            return max(truth(part, cells) for part in node.parts)
        case Not():
            return Truth.TRUE - truth(node.part, cells)


def _truth_of_test(test: Test, cell: Cell) -> int:
    if cell.state != GIVEN:
        return Truth.FALSE if cell.state == NOT_ASKED else Truth.UNKNOWN
    result: int = Truth.TRUE
    if test.bits is not None and not cell.bits & test.bits:
        # "Do not know" is chosen like any option, and leaves the test unknown.
        result = Truth.UNKNOWN if cell.bits & test.unscored_bits else Truth.FALSE
    if test.low is None and test.high is None:
        return result
    if cell.value is None:
        return min(result, Truth.UNKNOWN)
    is_within = (test.low is None or cell.value >= test.low) and (
        test.high is None or cell.value <= test.high
    )
    return result if is_within else Truth.FALSE


def items_in(condition: Condition) -> set[str]:
    """The codes of the items that a condition tests."""
    items = {condition.item} if condition.item else set()
    for group in (condition.all_of, condition.any_of, condition.none_of):
        for part in group or ():
            items |= items_in(part)
    return items
