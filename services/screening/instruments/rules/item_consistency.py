"""Contradictions in items and in conditions on their answers."""

from collections.abc import Container, Iterator, Sequence

from services.screening.instruments.rules.answers import options_of
from services.screening.instruments.rules.items import (
    CHOICES,
    Condition,
    Item,
    ItemType,
)

Contradiction = tuple[str, str]
"""A JSON pointer into the document (or into the checked part of it), and a stable code.
"""

_FEWEST_OPTIONS = 2


def repetitions(
    at: str, codes: Sequence[str], member: str = "code"
) -> list[Contradiction]:
    """The repeated codes of a list; `member` is the name of the field with the code."""
    return [
        (f"{at}/{number}/{member}", "repeated")
        for number, code in enumerate(codes)
        if code in codes[:number]
    ]


def unlisted(
    at: str, codes: Sequence[str], defined_codes: Container[str]
) -> Iterator[Contradiction]:
    """The codes of a list that are unknown or repeated."""
    for number, code in enumerate(codes):
        if code not in defined_codes:
            yield f"{at}/{number}", "not_found"
        elif code in codes[:number]:
            yield f"{at}/{number}", "repeated"


def item_contradictions(item: Item, leaves: dict[str, Item]) -> Iterator[Contradiction]:
    """The contradictions of an item.

    `leaves` are the items of the definition by the codes of their answers.
    """
    yield from _of_options(item)
    yield from repetitions("/rows", [row.code for row in item.rows])
    if (item.type == ItemType.MATRIX) != bool(item.rows):
        yield "/rows", "missing" if item.type == ItemType.MATRIX else "not_allowed"
    yield from _of_limits(item)
    if item.asked_when is not None:
        yield from condition_contradictions(item.asked_when, "/asked_when", leaves)


def _of_limits(item: Item) -> Iterator[Contradiction]:
    least, most = item.minimum, item.maximum
    if item.type != ItemType.NUMBER:
        if least is not None:
            yield "/minimum", "not_allowed"
        if most is not None:
            yield "/maximum", "not_allowed"
    if least is not None and most is not None and least > most:
        yield "/maximum", "wrong_order"


def _of_options(item: Item) -> Iterator[Contradiction]:
    codes = [option.code for option in item.options]
    yield from repetitions("/options", codes)
    takes_options = item.type in CHOICES | {ItemType.MULTI_SELECT}
    if takes_options and len(codes) < _FEWEST_OPTIONS:
        yield "/options", "too_short"
    if codes and not takes_options:
        yield "/options", "not_allowed"
    scored_options = [option for option in item.options if option.value is not None]
    # Two options have values, or none has; further options without a value ("do not
    # know") are allowed.
    if item.type == ItemType.DICHOTOMOUS and len(scored_options) not in {0, 2}:
        yield "/options", "not_allowed"
    # An option with such a code could never be chosen: the code is read as a
    # refusal to answer.
    if {str(word) for word in item.no_answers} & set(codes):
        yield "/no_answers", "already_taken"


def condition_contradictions(
    condition: Condition, at: str, leaves: dict[str, Item]
) -> Iterator[Contradiction]:
    """The contradictions of the condition at `at` and of the conditions inside it."""
    groups = {
        name: getattr(condition, name) for name in ("all_of", "any_of", "none_of")
    }
    demands = (condition.is_one_of, condition.at_least, condition.at_most)
    if condition.item is None and not any(groups.values()):
        yield at, "missing"
    # A condition with an item but no limits would hold for every answer; limits without
    # an item test nothing.
    if (condition.item is None) != (demands == (None, None, None)):
        yield f"{at}/item", "missing"
    if condition.item is not None:
        yield from _of_test(condition.item, condition.is_one_of or [], at, leaves)
    for name, parts in groups.items():
        for number, part in enumerate(parts or []):
            yield from condition_contradictions(part, f"{at}/{name}/{number}", leaves)


def _of_test(
    code: str, is_one_of: Sequence[str], at: str, leaves: dict[str, Item]
) -> Iterator[Contradiction]:
    if code not in leaves:
        yield f"{at}/item", "not_found"
        return
    options = {option for option, _ in options_of(leaves[code])}
    for number, option in enumerate(is_one_of):
        if option not in options:
            yield f"{at}/is_one_of/{number}", "not_found"
