"""What in the forms of a definition contradicts itself."""

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
    """What is wrong with a form of this definition."""
    items = {item.code: item for item in definition.items}
    scales = {scale.code: scale for scale in definition.scales}
    if form.age_from >= form.age_to:
        yield "/age_to", "wrong_order"
    yield from unlisted("/items", form.items, items)
    yield from unlisted("/scales", form.scales, scales)
    # What is missing is reported already, and nothing more can be said without it.
    if all(code in items for code in form.items):
        of_form = [items[code] for code in form.items]
        yield from _of_order(of_form)
        yield from _of_scales(form, of_form, scales)
    if form.outcome is not None:
        yield from unlisted("/outcome/scales", form.outcome.scales, form.scales)
        if form.outcome.at_least > len(form.outcome.scales):
            yield "/outcome/at_least", "too_large"


def _of_order(items: Sequence[Item]) -> Iterator[Contradiction]:
    """Whether an item is asked or not may depend on earlier ones only."""
    earlier: set[str] = set()
    for number, item in enumerate(items):
        if item.asked_when is not None and items_in(item.asked_when) - earlier:
            yield f"/items/{number}", "wrong_order"
        earlier |= set(leaf_codes(item))


def _of_scales(
    form: Form, items: Sequence[Item], scales: dict[str, Scale]
) -> Iterator[Contradiction]:
    """A scale of items needs one item of the form.

    A rule and a scale of scales need all of theirs.
    """
    of_form = {leaf for item in items for leaf in leaf_codes(item)}
    for number, code in enumerate(form.scales):
        scale = scales.get(code)
        if scale is None:
            continue
        listed = {part.item for part in scale.items}
        if (
            _items_of_rule(scale) - of_form
            or set(scale.scales) - set(form.scales)
            or (listed and not listed & of_form)
        ):
            yield f"/scales/{number}", "not_asked"


def _items_of_rule(scale: Scale) -> set[str]:
    """The items that a rule looks at, or takes its value from.

    None of another kind of scale.
    """
    valued = [*(case.item for case in scale.cases), scale.otherwise_item]
    tested = {code for case in scale.cases for code in items_in(case.when)}
    return tested | {code for code in valued if code is not None}


def overlapping_forms(forms: Sequence[Form]) -> Iterator[Contradiction]:
    """Forms for whose age, informant and language an earlier one is meant, too."""
    for number, later in enumerate(forms):
        for earlier in forms[:number]:
            if _overlap(earlier, later):
                yield f"/forms/{number}/age_from", "overlapping"


def _overlap(one: Form, other: Form) -> bool:
    in_age = max(one.age_from, other.age_from) < min(one.age_to, other.age_to)
    # A form without languages is meant for all of them.
    in_language = (
        not one.languages
        or not other.languages
        or bool(set(one.languages) & set(other.languages))
    )
    return in_age and in_language and bool(set(one.informants) & set(other.informants))
