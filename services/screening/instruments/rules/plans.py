"""A definition compiled into the look-up tables of scoring."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.screening.instruments.rules.ages import covers
from services.screening.instruments.rules.answers import Leaf, leaves_of
from services.screening.instruments.rules.bands import (
    BandTable,
    band_labels,
    band_tables,
)
from services.screening.instruments.rules.conditions import Node
from services.screening.instruments.rules.decimals import Exact, exact_or_none
from services.screening.instruments.rules.definitions import (
    Better,
    Definition,
    Form,
    Suggestion,
)
from services.screening.instruments.rules.items import Item, Label, label_of
from services.screening.instruments.rules.licences import may_show_items
from services.screening.instruments.rules.scale_plans import (
    Places,
    condition_of,
    scale_plan,
)
from services.screening.instruments.rules.scales import ScalePlan


class Critical(NamedTuple):
    """A critical item compiled for one form."""

    item: str
    when: Node
    is_positive: bool


class FormPlan(NamedTuple):
    """One compiled form.

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
    asked_when: tuple[tuple[Node | None, Exact | None], ...]
    scales: tuple[ScalePlan, ...]
    critical: tuple[Critical, ...]
    outcome_scales: tuple[int, ...]
    outcome_at_least: int


class Plan(NamedTuple):
    """A compiled instrument version.

    It has texts of items only if the licence allows them to be shown.
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
        """The code of the form that this informant answers about a child of this age.

        None when there is no such form.
        """
        # Several forms may fit, but only in different languages (`overlapping_forms`):
        # the first one of the document is the default.
        for form in self.forms.values():
            is_for_age = covers(form.age_from, form.age_to, age_months)
            if is_for_age and informant in form.informants:
                return form.code
        return None


def compile_plan(definition: Definition) -> Plan:
    """The plan of a definition that has no contradictions."""
    shows_items = may_show_items(definition.licence)
    return Plan(
        title=label_of(definition.title, ""),
        forms={form.code: _form(definition, form) for form in definition.forms},
        is_corrected_for_prematurity=definition.is_corrected_for_prematurity,
        cut_offs=band_tables(definition.cut_offs),
        suggestions=tuple(definition.suggestions),
        items=_item_labels(definition.items, shows_items=shows_items),
        scales={
            scale.code: label_of(scale.name, scale.code) for scale in definition.scales
        },
        bands=band_labels(definition.cut_offs),
        better={scale.code: scale.better for scale in definition.scales},
        critical={
            critical.item: label_of(
                critical.text if shows_items else None, critical.item
            )
            for critical in definition.critical_items
        },
        form_titles={
            form.code: label_of(form.title, form.code) for form in definition.forms
        },
    )


def _item_labels(items: Sequence[Item], *, shows_items: bool) -> dict[str, Label]:
    labels = {}
    for item in items:
        labels[item.code] = label_of(item.text if shows_items else None, item.code)
        for row in item.rows:
            name = f"{item.code}.{row.code}"
            labels[name] = label_of(row.text if shows_items else None, name)
    return labels


def _form(definition: Definition, form: Form) -> FormPlan:
    items = {item.code: item for item in definition.items}
    leaves = tuple(leaf for code in form.items for leaf in leaves_of(items[code]))
    positions = {leaf.code: number for number, leaf in enumerate(leaves)}
    # In the order of the definition: a scale is computed from scales before it.
    scales = [scale for scale in definition.scales if scale.code in form.scales]
    of_scales = {scale.code: number for number, scale in enumerate(scales, len(leaves))}
    places = Places(leaves, positions, of_scales)
    outcome = form.outcome
    return FormPlan(
        code=form.code,
        age_from=form.age_from,
        age_to=form.age_to,
        informants=frozenset(form.informants),
        leaves=leaves,
        positions=positions,
        asked_when=tuple(_asked_when(items[leaf.item], places) for leaf in leaves),
        scales=tuple(scale_plan(scale, places) for scale in scales),
        critical=_critical(definition, places),
        outcome_scales=tuple(of_scales[code] - len(leaves) for code in outcome.scales)
        if outcome
        else (),
        outcome_at_least=outcome.at_least if outcome else 1,
    )


def _asked_when(item: Item, places: Places) -> tuple[Node | None, Exact | None]:
    """The condition of an item (None: it is always asked), and its value when it is not asked."""
    condition = item.asked_when
    node = None if condition is None else condition_of(condition, places)
    return node, exact_or_none(item.value_when_not_asked)


def _critical(definition: Definition, places: Places) -> tuple[Critical, ...]:
    """The critical items of the form."""
    return tuple(
        Critical(item.item, condition_of(item.when, places), item.is_positive)
        for item in definition.critical_items
        if item.item in places.of_leaves
    )
