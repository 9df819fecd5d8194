"""Contradictions in a definition that a JSON Schema cannot express."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from services.screening.instruments.rules.answers import leaf_codes
from services.screening.instruments.rules.bands import misplaced_edge, overlapping
from services.screening.instruments.rules.definitions import (
    CutOffs,
    Definition,
    Scale,
    Suggestion,
)
from services.screening.instruments.rules.form_consistency import (
    form_contradictions,
    overlapping_forms,
)
from services.screening.instruments.rules.item_consistency import (
    Contradiction,
    condition_contradictions,
    item_contradictions,
    repetitions,
)
from services.screening.instruments.rules.items import Item
from services.screening.instruments.rules.scale_consistency import scale_contradictions

Part = TypeVar("Part")


def contradictions(definition: Definition) -> list[Contradiction]:
    """All contradictions that prevent the compilation of a definition; empty without any."""
    leaves = {leaf: item for item in definition.items for leaf in leaf_codes(item)}
    scales = {scale.code: scale for scale in definition.scales}
    return [
        *repetitions("/items", [item.code for item in definition.items]),
        *repetitions("/scales", [scale.code for scale in definition.scales]),
        *repetitions("/forms", [form.code for form in definition.forms]),
        *_of_each(
            "/items", definition.items, lambda item: item_contradictions(item, leaves)
        ),
        *_of_each(
            "/scales",
            definition.scales,
            lambda scale: scale_contradictions(scale, leaves, scales),
        ),
        *_of_each(
            "/forms",
            definition.forms,
            lambda form: form_contradictions(form, definition),
        ),
        *overlapping_forms(definition.forms),
        *cut_off_contradictions(definition.cut_offs, scales),
        *_of_each(
            "/suggestions",
            definition.suggestions,
            lambda suggestion: _of_suggestion(suggestion, scales),
        ),
        *_of_critical_items(definition, leaves),
    ]


def _of_each(
    at: str,
    parts: Sequence[Part],
    contradictions_of: Callable[[Part], Iterable[Contradiction]],
) -> Iterator[Contradiction]:
    """The contradictions of every part of a list, with pointers below `at`."""
    for number, part in enumerate(parts):
        for pointer, code in contradictions_of(part):
            yield f"{at}/{number}{pointer}", code


def _of_suggestion(
    suggestion: Suggestion, scales: dict[str, Scale]
) -> Iterator[Contradiction]:
    if suggestion.scale is not None and suggestion.scale not in scales:
        yield "/scale", "not_found"
    if suggestion.bands and suggestion.scale is None:
        yield "/scale", "missing"


def _of_critical_items(
    definition: Definition, leaves: dict[str, Item]
) -> Iterator[Contradiction]:
    for number, critical in enumerate(definition.critical_items):
        at = f"/critical_items/{number}"
        if critical.item not in leaves:
            yield f"{at}/item", "not_found"
        yield from condition_contradictions(critical.when, f"{at}/when", leaves)


def cut_off_contradictions(
    cut_offs: Sequence[CutOffs], scales: Iterable[str]
) -> Iterator[Contradiction]:
    """The contradictions of cut-offs for these scales.

    Examples: bands are out of order, or two cut-offs hold for one child.
    """
    scale_codes = set(scales)
    for number, entry in enumerate(cut_offs):
        at = f"/cut_offs/{number}"
        if entry.scale not in scale_codes:
            yield f"{at}/scale", "not_found"
        first, end = entry.age_from, entry.age_to
        if first is not None and end is not None and first >= end:
            yield f"{at}/age_to", "wrong_order"
        edge = misplaced_edge(entry.bands)
        if edge is not None:
            yield f"{at}/bands/{edge}/at_least", "wrong_order"
    for scale in dict.fromkeys(entry.scale for entry in cut_offs):
        numbers = [
            number for number, entry in enumerate(cut_offs) if entry.scale == scale
        ]
        # One scale at a time: one child may have cut-offs of different scales.
        second = overlapping([cut_offs[number] for number in numbers])
        if second is not None:
            yield f"/cut_offs/{numbers[second]}", "overlapping"
