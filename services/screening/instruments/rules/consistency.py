"""What in a definition does not go together: each finding names its place by a JSON pointer."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from services.screening.instruments.rules.answers import options_of
from services.screening.instruments.rules.bands import misplaced_edge, overlapping
from services.screening.instruments.rules.definitions import (
    CutOffs,
    Definition,
    Form,
    Scale,
    ScaleKind,
    Suggestion,
)
from services.screening.instruments.rules.items import (
    CHOICES,
    SCORED,
    Block,
    Condition,
    Item,
    ItemType,
)
from services.screening.instruments.rules.plans import items_in

Found = tuple[str, str]
_FEWEST_OPTIONS = 2


def contradictions(definition: Definition) -> list[Found]:
    """Pointer and code of everything that a JSON Schema cannot say; empty when the definition can be compiled."""
    leaves = {leaf: item for item in definition.items for leaf in _leaves(item)}
    scales = {scale.code: scale for scale in definition.scales}
    found = [
        *_repeated("/items", [item.code for item in definition.items]),
        *_repeated("/scales", [scale.code for scale in definition.scales]),
        *_repeated("/forms", [form.code for form in definition.forms]),
        *_each("/items", definition.items, lambda item: _of_item(item, leaves)),
        *_each(
            "/scales", definition.scales, lambda scale: _of_scale(scale, leaves, scales)
        ),
        *_each("/forms", definition.forms, lambda form: _of_form(form, definition)),
        *_forms_that_overlap(definition.forms),
        *cut_offs_at_odds(definition.cut_offs, scales),
        *_each(
            "/suggestions",
            definition.suggestions,
            lambda one: _of_suggestion(one, scales),
        ),
    ]
    for number, one in enumerate(definition.critical_items):
        at = f"/critical_items/{number}"
        found += [] if one.item in leaves else [(f"{at}/item", "not_found")]
        found += _of_condition(one.when, f"{at}/when", leaves)
    return found


def _each(
    at: str, parts: Sequence[object], check: Callable[..., Iterable[Found]]
) -> Iterator[Found]:
    for number, part in enumerate(parts):
        for pointer, code in check(part):
            yield f"{at}/{number}{pointer}", code


def _repeated(at: str, codes: Sequence[str], member: str = "code") -> list[Found]:
    return [
        (f"{at}/{number}/{member}", "repeated")
        for number, code in enumerate(codes)
        if code in codes[:number]
    ]


def _leaves(item: Item) -> list[str]:
    return (
        [f"{item.code}.{row.code}" for row in item.rows]
        if item.type == ItemType.MATRIX
        else [item.code]
    )


def _of_item(item: Item, leaves: dict[str, Item]) -> Iterator[Found]:
    yield from _of_options(item)
    yield from _repeated("/rows", [row.code for row in item.rows])
    if (item.type == ItemType.MATRIX) != bool(item.rows):
        yield "/rows", "missing" if item.type == ItemType.MATRIX else "not_allowed"
    limits = {"/minimum": item.minimum, "/maximum": item.maximum}
    if item.type != ItemType.NUMBER:
        yield from (
            (place, "not_allowed")
            for place, limit in limits.items()
            if limit is not None
        )
    if (
        item.minimum is not None
        and item.maximum is not None
        and item.minimum > item.maximum
    ):
        yield "/maximum", "wrong_order"
    if item.asked_when is not None:
        yield from _of_condition(item.asked_when, "/asked_when", leaves)


def _of_options(item: Item) -> Iterator[Found]:
    codes = [option.code for option in item.options]
    yield from _repeated("/options", codes)
    takes_options = item.type in CHOICES | {ItemType.MULTI_SELECT}
    if takes_options and len(codes) < _FEWEST_OPTIONS:
        yield "/options", "too_short"
    if codes and not takes_options:
        yield "/options", "not_allowed"
    if item.type == ItemType.DICHOTOMOUS and len(
        [one for one in item.options if one.value is not None]
    ) not in {0, 2}:
        yield "/options", "not_allowed"
    if {str(word) for word in item.no_answers} & set(codes):
        yield "/no_answers", "already_taken"


def _of_condition(
    condition: Condition, at: str, leaves: dict[str, Item]
) -> Iterator[Found]:
    groups = {
        name: getattr(condition, name) for name in ("all_of", "any_of", "none_of")
    }
    demands = (condition.is_one_of, condition.at_least, condition.at_most)
    if condition.item is None and not any(groups.values()):
        yield at, "missing"
    if (condition.item is None) != (demands == (None, None, None)):
        yield f"{at}/item", "missing"
    if condition.item is not None:
        yield from _of_test(condition.item, condition.is_one_of or [], at, leaves)
    for name, parts in groups.items():
        for number, part in enumerate(parts or []):
            yield from _of_condition(part, f"{at}/{name}/{number}", leaves)


def _of_test(
    code: str, is_one_of: Sequence[str], at: str, leaves: dict[str, Item]
) -> Iterator[Found]:
    if code not in leaves:
        yield f"{at}/item", "not_found"
        return
    known = {option for option, _ in options_of(leaves[code])}
    for number, option in enumerate(is_one_of):
        if option not in known:
            yield f"{at}/is_one_of/{number}", "not_found"


def _of_scale(
    scale: Scale, leaves: dict[str, Item], scales: dict[str, Scale]
) -> Iterator[Found]:
    if scale.kind == ScaleKind.RULE:
        yield from _of_rule(scale, leaves)
    elif not scale.items and not scale.scales:
        yield "/items", "missing"
    yield from _repeated("/items", [part.item for part in scale.items], "item")
    for number, part in enumerate(scale.items):
        yield from _of_scored(
            part.item, f"/items/{number}/item", leaves, needs_value=True
        )
    before = list(scales)[: list(scales).index(scale.code)]
    for number, code in enumerate(scale.scales):
        if code not in before:
            yield f"/scales/{number}", "wrong_order" if code in scales else "not_found"
    yield from _of_figures(scale)


def _of_figures(scale: Scale) -> Iterator[Found]:
    if scale.kind == ScaleKind.COUNT_AT_OR_ABOVE and scale.threshold is None:
        yield "/threshold", "missing"
    if (scale.kind == ScaleKind.LOOKUP) != bool(scale.table):
        yield "/table", "missing" if scale.kind == ScaleKind.LOOKUP else "not_allowed"
    starts = [row.at_least for row in scale.table]
    if starts != sorted(set(starts)):
        yield "/table", "wrong_order"


def _of_rule(scale: Scale, leaves: dict[str, Item]) -> Iterator[Found]:
    if scale.items or scale.scales:
        yield "/items" if scale.items else "/scales", "not_allowed"
    if not scale.cases:
        yield "/cases", "missing"
    for number, case in enumerate(scale.cases):
        yield from _of_condition(case.when, f"/cases/{number}/when", leaves)
        for code in sorted(items_in(case.when) & leaves.keys()):
            yield from _of_scored(
                code, f"/cases/{number}/when", leaves, needs_value=False
            )
        if case.item is not None:
            yield from _of_scored(
                case.item, f"/cases/{number}/item", leaves, needs_value=True
            )
    if scale.otherwise_item is not None:
        yield from _of_scored(
            scale.otherwise_item, "/otherwise_item", leaves, needs_value=True
        )


def _of_scored(
    code: str, at: str, leaves: dict[str, Item], *, needs_value: bool
) -> Iterator[Found]:
    item = leaves.get(code)
    if item is None:
        yield at, "not_found"
    elif item.block == Block.VALIDATION:
        yield at, "in_validation_block"
    elif needs_value and item.type not in SCORED:
        yield at, "not_scored"


def _of_form(form: Form, definition: Definition) -> Iterator[Found]:
    items = {item.code: item for item in definition.items}
    scales = {scale.code: scale for scale in definition.scales}
    if form.age_from >= form.age_to:
        yield "/age_to", "wrong_order"
    yield from _listed("items", form.items, items)
    yield from _listed("scales", form.scales, scales)
    if all(code in items for code in form.items):
        asked = [items[code] for code in form.items]
        yield from _of_questions(asked)
        yield from _of_measures(form, asked, scales)
    if form.outcome is not None:
        yield from _listed("outcome/scales", form.outcome.scales, form.scales)
        if form.outcome.at_least > len(form.outcome.scales):
            yield "/outcome/at_least", "too_large"


def _listed(name: str, codes: Sequence[str], known: Container[str]) -> Iterator[Found]:
    for number, code in enumerate(codes):
        if code not in known:
            yield f"/{name}/{number}", "not_found"
        elif code in codes[:number]:
            yield f"/{name}/{number}", "repeated"


def _of_questions(items: Sequence[Item]) -> Iterator[Found]:
    """A question may depend on earlier ones only."""
    asked: set[str] = set()
    for number, item in enumerate(items):
        if item.asked_when is not None and items_in(item.asked_when) - asked:
            yield f"/items/{number}", "wrong_order"
        asked |= set(_leaves(item))


def _of_measures(
    form: Form, items: Sequence[Item], scales: dict[str, Scale]
) -> Iterator[Found]:
    """A scale needs an answer of the form; a rule, and a scale of scales, all of theirs."""
    asked = {leaf for item in items for leaf in _leaves(item)}
    for number, code in enumerate(form.scales):
        scale = scales.get(code)
        if scale is None:
            continue
        looked_at = {
            leaf for case in scale.cases for leaf in (*items_in(case.when), case.item)
        }
        needed = (looked_at | {scale.otherwise_item}) - {None}
        listed = {part.item for part in scale.items}
        if (
            needed - asked
            or set(scale.scales) - set(form.scales)
            or (listed and not listed & asked)
        ):
            yield f"/scales/{number}", "not_asked"


def _forms_that_overlap(forms: Sequence[Form]) -> Iterator[Found]:
    for number, later in enumerate(forms):
        for earlier in forms[:number]:
            languages = (
                not earlier.languages
                or not later.languages
                or set(earlier.languages) & set(later.languages)
            )
            ages = max(earlier.age_from, later.age_from) < min(
                earlier.age_to, later.age_to
            )
            if ages and languages and set(earlier.informants) & set(later.informants):
                yield f"/forms/{number}/age_from", "overlapping"


def cut_offs_at_odds(
    given: Sequence[CutOffs], scales: Iterable[str]
) -> Iterator[Found]:
    """What is wrong with cut-offs of these scales: bands out of order, groups of children that meet."""
    known = set(scales)
    by_scale: dict[str, list[int]] = {}
    for number, one in enumerate(given):
        if one.scale not in known:
            yield f"/cut_offs/{number}/scale", "not_found"
        if (
            one.age_from is not None
            and one.age_to is not None
            and one.age_from >= one.age_to
        ):
            yield f"/cut_offs/{number}/age_to", "wrong_order"
        edge = misplaced_edge(one.bands)
        if edge is not None:
            yield f"/cut_offs/{number}/bands/{edge}/at_least", "wrong_order"
        by_scale.setdefault(one.scale, []).append(number)
    for numbers in by_scale.values():
        met = overlapping([given[number] for number in numbers])
        if met is not None:
            yield f"/cut_offs/{numbers[met]}", "overlapping"


def _of_suggestion(one: Suggestion, scales: dict[str, Scale]) -> Iterator[Found]:
    if one.scale is not None and one.scale not in scales:
        yield "/scale", "not_found"
    if one.bands and one.scale is None:
        yield "/scale", "missing"
