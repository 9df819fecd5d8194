"""Compiling a scale of a definition for one form."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from services.screening.instruments.rules.answers import Cell, Leaf
from services.screening.instruments.rules.conditions import (
    Node,
    compile_condition,
    items_in,
)
from services.screening.instruments.rules.decimals import Exact, exact, exact_or_none
from services.screening.instruments.rules.definitions import Case, Scale, ScaleKind
from services.screening.instruments.rules.items import Condition
from services.screening.instruments.rules.scales import (
    Choice,
    ScalePlan,
    Term,
    units_of,
)


class Places(NamedTuple):
    """The positions of a form's leaves and, after them, of its scales, by code."""

    leaves: tuple[Leaf, ...]
    of_leaves: Mapping[str, int]
    of_scales: Mapping[str, int]


class _Part(NamedTuple):
    """A term before its weight is converted into units, with the cells of its item's options."""

    position: int
    weight: Exact
    mirror: Exact | None
    cells: tuple[Cell, ...]


def condition_of(condition: Condition, places: Places) -> Node:
    """A compiled condition."""
    return compile_condition(condition, places.leaves, places.of_leaves)


def scale_plan(scale: Scale, places: Places) -> ScalePlan:
    """The compiled scale, from those of its items that the form has."""
    parts = _parts(scale, places)
    plan = ScalePlan(
        code=scale.code,
        kind=scale.kind,
        terms=(),
        weight=0,
        unit=_unit(parts),
        # Only scales of the kind `count_at_or_above` use the threshold, and they all
        # have one.
        threshold=exact(scale.threshold or 0),
        choices=_choices(scale, places),
        table=tuple((exact(row.at_least), exact(row.value)) for row in scale.table),
        min_answered=scale.missing.min_answered,
        min_share=exact_or_none(scale.missing.min_share),
        is_prorated=scale.missing.is_prorated,
        rounding=scale.rounding,
        decimals=scale.decimals,
    )
    # Terms need the plan: the points of an option depend on its kind,
    # threshold and unit.
    terms = tuple(_term(plan, part) for part in parts)
    return plan._replace(terms=terms, weight=sum(term.weight for term in terms))


def _parts(scale: Scale, places: Places) -> list[_Part]:
    """The answers and scales that a scale is computed from.

    For a rule, the answers that it tests or takes its value from.
    """
    positions = places.of_leaves
    if scale.kind == ScaleKind.RULE:
        rule_positions = {
            positions[code] for case in scale.cases for code in _items(case)
        }
        return [_Part(position, 1, None, ()) for position in sorted(rule_positions)]
    parts = []
    for part in scale.items:
        # A form may have only some items of a scale: those for one age or informant.
        if part.item in positions:
            leaf = places.leaves[positions[part.item]]
            mirror = leaf.mirror if part.is_reversed else None
            cells = tuple(leaf.option_cells.values())
            parts.append(_Part(positions[part.item], exact(part.weight), mirror, cells))
    return parts + [
        _Part(places.of_scales[code], 1, None, ())
        for code in scale.scales
        if code in places.of_scales
    ]


def _unit(parts: list[_Part]) -> int:
    """How many units make one point (`ScalePlan`)."""
    values = [cell.value for part in parts for cell in part.cells]
    values += [part.mirror for part in parts]
    of_values = math.lcm(*(value.denominator for value in values if value is not None))
    return of_values * math.lcm(*(part.weight.denominator for part in parts))


def _term(plan: ScalePlan, part: _Part) -> Term:
    term = Term(part.position, int(part.weight * plan.unit), part.mirror, {})
    units_by_bits = {
        # A whole number, because of the choice of the unit.
        cell.bits: int(units_of(plan, cell.value, term))
        for cell in part.cells
        if cell.value is not None
    }
    return term._replace(units_by_bits=units_by_bits)


def _choices(scale: Scale, places: Places) -> tuple[Choice, ...]:
    """The cases of a rule, and the choice for when none of them holds."""
    choices: list[tuple[Node | None, float | None, str | None]] = [
        (condition_of(case.when, places), case.value, case.item) for case in scale.cases
    ]
    choices.append((None, scale.otherwise, scale.otherwise_item))
    return tuple(
        Choice(when, exact_or_none(value), places.of_leaves[item] if item else None)
        for when, value, item in choices
    )


def _items(case: Case) -> set[str]:
    """The items that a case tests or takes its value from."""
    return items_in(case.when) | ({case.item} if case.item else set())
