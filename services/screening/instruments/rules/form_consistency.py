"""Contradictions in the forms of a definition."""

from collections.abc import Iterator, Sequence

from services.screening.instruments.rules.answers import leaf_codes
from services.screening.instruments.rules.conditions import items_in
from services.screening.instruments.rules.definitions import Definition, Form, Scale
from services.screening.instruments.rules.item_consistency import (
    Contradiction,
    unlisted,
)
from services.screening.instruments.rules.items import Item


def form_contradictions(form: Form, definition: Definition) -> Iterator[Contradiction]:
    """The contradictions of a form of this definition."""
    items = {item.code: item for item in definition.items}
    scales = {scale.code: scale for scale in definition.scales}
    if form.age_from >= form.age_to:
        yield "/age_to", "wrong_order"
    yield from unlisted("/items", form.items, items)
    yield from unlisted("/scales", form.scales, scales)
    # Missing items are reported above, and the checks below need all items.
    if all(code in items for code in form.items):
        of_form = [items[code] for code in form.items]
        yield from _of_order(of_form)
        yield from _of_scales(form, of_form, scales)
    if form.outcome is not None:
        yield from unlisted("/outcome/scales", form.outcome.scales, form.scales)
        if form.outcome.at_least > len(form.outcome.scales):
            yield "/outcome/at_least", "too_large"


def _of_order(items: Sequence[Item]) -> Iterator[Contradiction]:
    """The condition of an item may depend on earlier items only."""
    earlier: set[str] = set()
    for number, item in enumerate(items):
        if item.asked_when is not None and items_in(item.asked_when) - earlier:
            yield f"/items/{number}", "wrong_order"
        earlier |= set(leaf_codes(item))


def _of_scales(
    form: Form, items: Sequence[Item], scales: dict[str, Scale]
) -> Iterator[Contradiction]:
    """A scale of items needs at least one of its items in the form.

    A rule needs all of its items, and a scale of scales all of its scales.
    """
    of_form = {leaf for item in items for leaf in leaf_codes(item)}
    for number, code in enumerate(form.scales):
        scale = scales.get(code)
        if scale is None:
            continue
        scale_items = {part.item for part in scale.items}
        if (
            _items_of_rule(scale) - of_form
            or set(scale.scales) - set(form.scales)
            or (scale_items and not scale_items & of_form)
        ):
            yield f"/scales/{number}", "not_asked"


def _items_of_rule(scale: Scale) -> set[str]:
    """The items that a rule tests or takes its value from.

    Empty for other kinds of scales.
    """
    value_items = [*(case.item for case in scale.cases), scale.otherwise_item]
    condition_items = {code for case in scale.cases for code in items_in(case.when)}
    return condition_items | {code for code in value_items if code is not None}


def overlapping_forms(forms: Sequence[Form]) -> Iterator[Contradiction]:
    """Forms whose ages, informants and languages overlap those of an earlier form."""
    for number, later in enumerate(forms):
        for earlier in forms[:number]:
            if _overlap(earlier, later):
                yield f"/forms/{number}/age_from", "overlapping"


def _overlap(first: Form, second: Form) -> bool:
    in_age = max(first.age_from, second.age_from) < min(first.age_to, second.age_to)
    # A form without languages is for all languages.
    in_language = (
        not first.languages
        or not second.languages
        or bool(set(first.languages) & set(second.languages))
    )
    return (
        in_age and in_language and bool(set(first.informants) & set(second.informants))
    )
