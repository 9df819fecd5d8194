"""A definition, compiled once: everything that scoring looks up is found here beforehand."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.screening.instruments.rules.ages import covers
from services.screening.instruments.rules.answers import Leaf, leaves_of
from services.screening.instruments.rules.bands import BandTable, band_table
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
    """One form, compiled."""

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
    """An instrument version, compiled. Item texts are in it only where the licence lets them out."""

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

    def form_for(self, age_months: int, informant: str) -> str | None:
        """The form for a child of this age, answered by this informant."""
        fitting = [
            form
            for form in self.forms.values()
            if covers(form.age_from, form.age_to, age_months)
        ]
        return next(
            (form.code for form in fitting if informant in form.informants), None
        )


def compile_plan(definition: Definition) -> Plan:
    """The plan of a definition without contradictions."""
    shown = may_show_items(definition.licence)
    cut_offs: dict[str, list[BandTable]] = {}
    for given in definition.cut_offs:
        cut_offs.setdefault(given.scale, []).append(band_table(given))
    return Plan(
        title=label_of(definition.title, ""),
        forms={form.code: _form(definition, form) for form in definition.forms},
        is_corrected_for_prematurity=definition.is_corrected_for_prematurity,
        cut_offs={scale: tuple(tables) for scale, tables in cut_offs.items()},
        suggestions=tuple(definition.suggestions),
        items=_item_labels(definition.items, shown=shown),
        scales={
            scale.code: label_of(scale.name, scale.code) for scale in definition.scales
        },
        bands={
            (one.scale, band.code): label_of(band.label, band.code)
            for one in definition.cut_offs
            for band in one.bands
        },
        better={scale.code: scale.better for scale in definition.scales},
        critical={
            one.item: label_of(one.text if shown else None, one.item)
            for one in definition.critical_items
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


def _form(definition: Definition, form: Form) -> FormPlan:
    items = {item.code: item for item in definition.items}
    leaves = tuple(leaf for code in form.items for leaf in leaves_of(items[code]))
    positions = {leaf.code: number for number, leaf in enumerate(leaves)}
    asked = []
    for leaf in leaves:
        item = items[leaf.item]
        condition = _compiled(item.asked_when, leaves, positions)
        asked.append((condition, item.value_when_not_asked))
    wanted = {code: number for number, code in enumerate(form.scales)}
    chosen = [scale for scale in definition.scales if scale.code in wanted]
    places = {scale.code: len(leaves) + number for number, scale in enumerate(chosen)}
    rule = form.outcome
    return FormPlan(
        code=form.code,
        age_from=form.age_from,
        age_to=form.age_to,
        informants=frozenset(form.informants),
        leaves=leaves,
        positions=positions,
        asked_when=tuple(asked),
        scales=tuple(_scale(scale, leaves, positions, places) for scale in chosen),
        critical=tuple(
            Critical(
                one.item,
                compile_condition(one.when, leaves, positions),
                one.is_positive,
            )
            for one in definition.critical_items
            if one.item in positions
        ),
        outcome_scales=tuple(places[code] - len(leaves) for code in rule.scales)
        if rule
        else (),
        outcome_at_least=rule.at_least if rule else 1,
    )


def _compiled(
    condition: Condition | None, leaves: Sequence[Leaf], positions: Mapping[str, int]
) -> Node | None:
    return (
        None if condition is None else compile_condition(condition, leaves, positions)
    )


def _scale(
    scale: Scale,
    leaves: Sequence[Leaf],
    positions: Mapping[str, int],
    places: Mapping[str, int],
) -> ScalePlan:
    """A scale of those of its items that the form asks."""
    terms = [
        Term(
            positions[part.item],
            part.weight,
            leaves[positions[part.item]].mirror if part.is_reversed else None,
        )
        for part in scale.items
        if part.item in positions
    ]
    terms += [Term(places[code], 1.0, None) for code in scale.scales if code in places]
    cases = [_case(case, leaves, positions) for case in scale.cases]
    if scale.kind == ScaleKind.RULE:
        looked_at = {
            number for case in scale.cases for number in _positions_in(case, positions)
        }
        terms = [Term(position, 1.0, None) for position in sorted(looked_at)]
    return ScalePlan(
        code=scale.code,
        kind=scale.kind,
        terms=tuple(terms),
        threshold=scale.threshold or 0.0,
        cases=tuple(cases),
        otherwise=scale.otherwise,
        otherwise_position=positions[scale.otherwise_item]
        if scale.otherwise_item
        else None,
        table=tuple((row.at_least, row.value) for row in scale.table),
        min_answered=scale.missing.min_answered,
        min_share=scale.missing.min_share,
        is_prorated=scale.missing.is_prorated,
        rounding=scale.rounding,
        decimals=scale.decimals,
    )


def _case(case: Case, leaves: Sequence[Leaf], positions: Mapping[str, int]) -> Choice:
    when = compile_condition(case.when, leaves, positions)
    return Choice(when, case.value, positions[case.item] if case.item else None)


def items_in(condition: Condition) -> set[str]:
    """The items that a condition looks at."""
    found = {condition.item} if condition.item else set()
    for group in (condition.all_of, condition.any_of, condition.none_of):
        for part in group or ():
            found |= items_in(part)
    return found


def _positions_in(case: Case, positions: Mapping[str, int]) -> set[int]:
    return {
        positions[code]
        for code in items_in(case.when) | ({case.item} if case.item else set())
    }
