"""Contradictions in the scales of a definition."""

from collections.abc import Iterator

from services.screening.instruments.rules.answers import leaves_of, options_of
from services.screening.instruments.rules.conditions import items_in
from services.screening.instruments.rules.decimals import exact_or_none
from services.screening.instruments.rules.definitions import Scale, ScaleKind
from services.screening.instruments.rules.item_consistency import (
    Contradiction,
    condition_contradictions,
    repetitions,
)
from services.screening.instruments.rules.items import SCORED, Block, Item, ItemType


def scale_contradictions(
    scale: Scale, leaves: dict[str, Item], scales: dict[str, Scale]
) -> Iterator[Contradiction]:
    """The contradictions of a scale; `scales` are all scales in the order of the definition."""
    if scale.kind == ScaleKind.RULE:
        yield from _of_rule(scale, leaves)
    elif not scale.items and not scale.scales:
        yield "/items", "missing"
    yield from repetitions("/items", [part.item for part in scale.items], "item")
    for number, part in enumerate(scale.items):
        at = f"/items/{number}"
        yield from _of_scored_item(part.item, f"{at}/item", leaves, needs_value=True)
        if part.is_reversed and part.item in leaves:
            yield from _of_reversed_item(leaves[part.item], f"{at}/is_reversed")
    # A scale may use only scales before it, because they are computed in this order.
    codes = list(scales)
    earlier_codes = codes[: codes.index(scale.code)]
    for number, code in enumerate(scale.scales):
        if code not in earlier_codes:
            yield f"/scales/{number}", "wrong_order" if code in scales else "not_found"
    yield from _of_figures(scale)


def _of_figures(scale: Scale) -> Iterator[Contradiction]:
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE and scale.threshold is None:
        yield "/threshold", "missing"
    if (scale.kind == ScaleKind.LOOKUP) != bool(scale.table):
        yield "/table", "missing" if scale.kind == ScaleKind.LOOKUP else "not_allowed"
    starts = [row.at_least for row in scale.table]
    if starts != sorted(set(starts)):
        yield "/table", "wrong_order"


def _of_rule(scale: Scale, leaves: dict[str, Item]) -> Iterator[Contradiction]:
    if scale.items or scale.scales:
        yield "/items" if scale.items else "/scales", "not_allowed"
    if not scale.cases:
        yield "/cases", "missing"
    for number, case in enumerate(scale.cases):
        at = f"/cases/{number}/when"
        yield from condition_contradictions(case.when, at, leaves)
        # Unknown items are already reported by `condition_contradictions`.
        for code in sorted(items_in(case.when) & leaves.keys()):
            yield from _of_scored_item(code, at, leaves, needs_value=False)
        if case.item is not None:
            at = f"/cases/{number}/item"
            yield from _of_scored_item(case.item, at, leaves, needs_value=True)
    if scale.otherwise_item is not None:
        yield from _of_scored_item(
            scale.otherwise_item, "/otherwise_item", leaves, needs_value=True
        )


def _of_scored_item(
    code: str, at: str, leaves: dict[str, Item], *, needs_value: bool
) -> Iterator[Contradiction]:
    item = leaves.get(code)
    if item is None:
        yield at, "not_found"
    # Validation items are asked to study the instrument and must not change its scores.
    elif item.block == Block.VALIDATION:
        yield at, "in_validation_block"
    elif needs_value and not _has_values(item):
        yield at, "not_scored"


def _has_values(item: Item) -> bool:
    """Whether some answer to an item has a value."""
    if item.type == ItemType.NUMBER:
        return True
    return item.type in SCORED and any(
        value is not None for _, value in options_of(item)
    )


def _of_reversed_item(item: Item, at: str) -> Iterator[Contradiction]:
    """A reversed item needs a lowest and a highest value, with its default between them."""
    low, high = leaves_of(item)[0].ends
    default = exact_or_none(item.value_when_not_asked)
    # An item whose answers have no values is already reported as `not_scored`.
    if item.type in SCORED and _has_values(item):
        if low is None or high is None:
            yield at, "range_missing"
        elif default is not None and not low <= default <= high:
            yield at, "default_out_of_range"
