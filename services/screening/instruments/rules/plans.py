"""A definition, compiled once into what scoring looks up."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.screening.instruments.rules.ages import covers
from services.screening.instruments.rules.answers import Leaf, leaves_of
from services.screening.instruments.rules.bands import (
    BandTable,
    band_labels,
    band_tables,
)
from services.screening.instruments.rules.conditions import Node, compile_condition
from services.screening.instruments.rules.definitions import (
    Better,
    Case,
    Definition,
    Form,
    Scale,
    ScaleKind,
    Suggestion,
)
from services.screening.instruments.rules.items import Condition, Item, Label, label_of
from services.screening.instruments.rules.licences import may_show_items
from services.screening.instruments.rules.scales import Choice, ScalePlan, Term


class Critical(NamedTuple):
    """A critical item, compiled for one form."""

    item: str
    when: Node
    is_positive: bool


class FormPlan(NamedTuple):
    """One form, compiled.

    `positions` are the places of the leaves by code; `asked_when` holds for each leaf
    its condition and the value that it has when it is not asked; `outcome_scales` are
    places among `scales`.
    """

    code: str
    age_from: int
    age_to: int
    informants: frozenset[str]
    leaves: tuple[Leaf, ...]
    positions: Mapping[str, int]
    asked_when: tuple[tuple[Node | None, float | None], ...]
    scales: tuple[ScalePlan, ...]
    critical: tuple[Critical, ...]
    outcome_scales: tuple[int, ...]
    outcome_at_least: int


class Plan(NamedTuple):
    """An instrument version, compiled.

    Texts of items are in it only if the licence allows them to be shown.
    """

    title: Label
    forms: Mapping[str, FormPlan]
    is_corrected_for_prematurity: bool
    cut_offs: Mapping[str, tuple[BandTable, ...]]
    suggestions: tuple[Suggestion, ...]
    items: Mapping[str, Label]
    scales: Mapping[str, Label]
    bands: Mapping[tuple[str, str], Label]
    better: Mapping[str, Better]
    critical: Mapping[str, Label]
    form_titles: Mapping[str, Label]

    def form_for(self, age_months: int, informant: str) -> str | None:
        """The code of the form for a child of this age that this informant answers.

        None without one.
        """
        # Several may fit, in different languages only (`overlapping_forms`): the first
        # of the document is the one for whoever names none.
        for form in self.forms.values():
            is_for_age = covers(form.age_from, form.age_to, age_months)
            if is_for_age and informant in form.informants:
                return form.code
        return None


def compile_plan(definition: Definition) -> Plan:
    """The plan of a definition that has no contradictions."""
    shown = may_show_items(definition.licence)
    return Plan(
        title=label_of(definition.title, ""),
        forms={form.code: _form(definition, form) for form in definition.forms},
        is_corrected_for_prematurity=definition.is_corrected_for_prematurity,
        cut_offs=band_tables(definition.cut_offs),
        suggestions=tuple(definition.suggestions),
        items=_item_labels(definition.items, shown=shown),
        scales={
            scale.code: label_of(scale.name, scale.code) for scale in definition.scales
        },
        bands=band_labels(definition.cut_offs),
        better={scale.code: scale.better for scale in definition.scales},
        critical={
            critical.item: label_of(critical.text if shown else None, critical.item)
            for critical in definition.critical_items
        },
        form_titles={
            form.code: label_of(form.title, form.code) for form in definition.forms
        },
    )


def _item_labels(items: Sequence[Item], *, shown: bool) -> dict[str, Label]:
    labels = {}
    for item in items:
        labels[item.code] = label_of(item.text if shown else None, item.code)
        for row in item.rows:
            name = f"{item.code}.{row.code}"
            labels[name] = label_of(row.text if shown else None, name)
    return labels


class _Places(NamedTuple):
    """The positions of a form's leaves and, after them, of its scales, by code."""

    leaves: tuple[Leaf, ...]
    of_leaves: Mapping[str, int]
    of_scales: Mapping[str, int]


def _form(definition: Definition, form: Form) -> FormPlan:
    items = {item.code: item for item in definition.items}
    leaves = tuple(leaf for code in form.items for leaf in leaves_of(items[code]))
    positions = {leaf.code: number for number, leaf in enumerate(leaves)}
    # In the order of the definition, which is the one in which they can be computed.
    scales = [scale for scale in definition.scales if scale.code in form.scales]
    of_scales = {scale.code: number for number, scale in enumerate(scales, len(leaves))}
    places = _Places(leaves, positions, of_scales)
    outcome = form.outcome
    return FormPlan(
        code=form.code,
        age_from=form.age_from,
        age_to=form.age_to,
        informants=frozenset(form.informants),
        leaves=leaves,
        positions=positions,
        asked_when=tuple(_asked_when(items[leaf.item], places) for leaf in leaves),
        scales=tuple(_scale(scale, places) for scale in scales),
        critical=_critical(definition, places),
        outcome_scales=tuple(of_scales[code] - len(leaves) for code in outcome.scales)
        if outcome
        else (),
        outcome_at_least=outcome.at_least if outcome else 1,
    )


def _condition(condition: Condition, places: _Places) -> Node:
    return compile_condition(condition, places.leaves, places.of_leaves)


def _asked_when(item: Item, places: _Places) -> tuple[Node | None, float | None]:
    """When an item is asked (None: always), and its value when it is not."""
    condition = item.asked_when
    node = None if condition is None else _condition(condition, places)
    return node, item.value_when_not_asked


def _critical(definition: Definition, places: _Places) -> tuple[Critical, ...]:
    """The critical items that the form asks."""
    return tuple(
        Critical(item.item, _condition(item.when, places), item.is_positive)
        for item in definition.critical_items
        if item.item in places.of_leaves
    )


def _scale(scale: Scale, places: _Places) -> ScalePlan:
    """A scale of those of its items that the form asks."""
    last = scale.otherwise_item
    return ScalePlan(
        code=scale.code,
        kind=scale.kind,
        terms=tuple(_terms(scale, places)),
        # Only scales that count look at it, and those have one.
        threshold=scale.threshold or 0.0,
        cases=tuple(_case(case, places) for case in scale.cases),
        otherwise=scale.otherwise,
        otherwise_position=places.of_leaves[last] if last else None,
        table=tuple((row.at_least, row.value) for row in scale.table),
        min_answered=scale.missing.min_answered,
        min_share=scale.missing.min_share,
        is_prorated=scale.missing.is_prorated,
        rounding=scale.rounding,
        decimals=scale.decimals,
    )


def _terms(scale: Scale, places: _Places) -> list[Term]:
    """The answers and scales that a scale is made of.

    For a rule, the answers that it looks at.
    """
    positions = places.of_leaves
    if scale.kind == ScaleKind.RULE:
        looked_at = {positions[code] for case in scale.cases for code in _items(case)}
        return [Term(position, 1.0, None) for position in sorted(looked_at)]
    terms = [
        Term(
            positions[part.item],
            part.weight,
            places.leaves[positions[part.item]].mirror if part.is_reversed else None,
        )
        for part in scale.items
        # A form may ask a part of a scale's items only: those of one age or informant.
        if part.item in positions
    ]
    return terms + [
        Term(places.of_scales[code], 1.0, None)
        for code in scale.scales
        if code in places.of_scales
    ]


def _case(case: Case, places: _Places) -> Choice:
    position = places.of_leaves[case.item] if case.item else None
    return Choice(_condition(case.when, places), case.value, position)


def _items(case: Case) -> set[str]:
    """The items that a case looks at, or takes its value from."""
    return items_in(case.when) | ({case.item} if case.item else set())


def items_in(condition: Condition) -> set[str]:
    """The items that a condition looks at."""
    items = {condition.item} if condition.item else set()
    for group in (condition.all_of, condition.any_of, condition.none_of):
        for part in group or ():
            items |= items_in(part)
    return items
