"""The condition under which an item is asked, in FHIR R4: `enableWhen` or a FHIRPath expression.

A condition is true, false or unknown, and the item that it tests may itself not be
asked. Here it becomes a formula of plain comparisons that holds exactly when the
condition is true.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.screening.instruments.rules.answers import leaf_codes, options_of
from services.screening.instruments.rules.items import Condition, Item, ItemType

ENABLE_EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
NO_ANSWERS = "urn:splot:no-answer"
"""The code system of the reasons why a question has no answer."""
_MOST_PARTS = 200


@dataclass(frozen=True)
class Comparison:
    """One `enableWhen`: a question, an operator of R4, and the answer."""

    question: str
    operator: str
    member: str
    answer: Any


@dataclass(frozen=True)
class All:
    """A formula that holds when every part holds; without parts it always holds."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True)
class Either:
    """A formula that holds when some part holds; without parts it never holds."""

    parts: tuple["Formula", ...]


Formula = Comparison | All | Either
_ALWAYS, _NEVER = All(()), Either(())


class NotExpressible(Exception):
    """FHIR has no comparison for this condition, such as one on the sum of several options."""


class FormConditions:
    """The conditions of the items of one form."""

    def __init__(self, items: Sequence[Item], systems: Mapping[str, str]) -> None:
        self._items = {code: item for item in items for code in leaf_codes(item)}
        self._systems = systems

    def members_of(self, condition: Condition | None) -> dict[str, Any]:
        """The members of an item that hold its condition; `extension` may be one of them.

        Empty when the item is always asked, or when FHIR cannot express the condition.
        """
        if condition is None:
            return {}
        try:
            formula = _simplify(self._holds(condition))
        except NotExpressible:
            return {}
        if formula == _ALWAYS:
            return {}
        parts = formula.parts if isinstance(formula, All | Either) else (formula,)
        # A nested condition does not fit into one list of comparisons.
        comparisons = [part for part in parts if isinstance(part, Comparison)]
        if len(comparisons) == len(parts) > 0:
            behavior = "all" if isinstance(formula, All) else "any"
            tests = [_enable_when(comparison) for comparison in comparisons]
            return {"enableWhen": tests, "enableBehavior": behavior}
        expression = {"language": "text/fhirpath", "expression": _path(formula)}
        url = {"url": ENABLE_EXPRESSION, "valueExpression": expression}
        return {"extension": [url]}

    def _holds(self, condition: Condition) -> Formula:
        """The formula for "the condition is true": every member of it is true."""
        parts = [self._holds(part) for part in condition.all_of or ()]
        if condition.item is not None:
            parts.append(self._test(condition, condition.item))
        if condition.any_of:
            parts.append(Either(tuple(self._holds(part) for part in condition.any_of)))
        parts += [self._fails(part) for part in condition.none_of or ()]
        return All(tuple(parts))

    def _fails(self, condition: Condition) -> Formula:
        """The formula for "the condition is false", which is more than not true: some
        member is false.
        """
        parts = [self._fails(part) for part in condition.all_of or ()]
        if condition.item is not None:
            parts.append(self._failed_test(condition, condition.item))
        # De Morgan: `any_of` is false when each part is false.
        if condition.any_of:
            parts.append(All(tuple(self._fails(part) for part in condition.any_of)))
        if condition.none_of:
            parts.append(Either(tuple(self._holds(part) for part in condition.none_of)))
        return Either(tuple(parts))

    def _test(self, condition: Condition, leaf: str) -> Formula:
        item = self._items.get(leaf)
        # A question of another form is never asked in this one: every test of
        # it is false.
        if item is None:
            return _NEVER
        if item.type == ItemType.NUMBER:
            return All(tuple(_limits(item, leaf, condition, (">=", "<="))))
        codes = [
            code for code, value in options_of(item) if _fits(condition, code, value)
        ]
        # R4 compares single answers: it cannot test the sum of several.
        if item.type == ItemType.MULTI_SELECT and _has_limits(condition):
            raise NotExpressible
        return Either(tuple(self._is(leaf, code) for code in codes))

    def _failed_test(self, condition: Condition, leaf: str) -> Formula:
        item = self._items.get(leaf)
        # A test of a question that is not asked is false.
        if item is None:
            return _ALWAYS
        not_asked = _NEVER if item.asked_when is None else self._fails(item.asked_when)
        if item.type == ItemType.NUMBER:
            outside: Formula = Either(tuple(_limits(item, leaf, condition, ("<", ">"))))
        else:
            outside = self._other_choices(condition, leaf, item)
        return Either((outside, not_asked))

    def _other_choices(self, condition: Condition, leaf: str, item: Item) -> Formula:
        options = options_of(item)
        if item.type == ItemType.MULTI_SELECT:
            if _has_limits(condition):
                raise NotExpressible
            unscored_codes = {code for code, value in options if value is None}
            codes = sorted(unscored_codes | {*(condition.is_one_of or ())})
            # A question without an answer is unknown, which is not the same as "none of
            # these options".
            is_answered = Comparison(leaf, "exists", "answerBoolean", True)
            no_refusals = [
                Comparison(leaf, "!=", "answerCoding", _coding(NO_ANSWERS, str(word)))
                for word in item.no_answers
            ]
            not_ticked = [self._is(leaf, code, "!=") for code in codes]
            return All((is_answered, *no_refusals, *not_ticked))
        # "Do not know" makes the test neither true nor false: it has no value.
        other_codes = [
            code
            for code, value in options
            if value is not None and not _fits(condition, code, value)
        ]
        return Either(tuple(self._is(leaf, code) for code in other_codes))

    def _is(self, leaf: str, code: str, operator: str = "=") -> Comparison:
        system = self._systems[leaf.partition(".")[0]]
        return Comparison(leaf, operator, "answerCoding", _coding(system, code))


def _coding(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code}


def _has_limits(condition: Condition) -> bool:
    return condition.at_least is not None or condition.at_most is not None


def _fits(condition: Condition, code: str, value: float | None) -> bool:
    if condition.is_one_of is not None and code not in condition.is_one_of:
        return False
    if not _has_limits(condition):
        return True
    least, most = condition.at_least, condition.at_most
    return (
        value is not None
        and (least is None or value >= least)
        and (most is None or value <= most)
    )


def _limits(
    item: Item, leaf: str, condition: Condition, operators: tuple[str, str]
) -> Iterator[Comparison]:
    """The comparisons with the limits; for whole numbers the limits are rounded to whole ones."""
    limits = (condition.at_least, condition.at_most)
    for operator, limit, whole in zip(
        operators, limits, (math.ceil, math.floor), strict=True
    ):
        if limit is not None and item.is_whole:
            yield Comparison(leaf, operator, "answerInteger", whole(limit))
        elif limit is not None:
            yield Comparison(leaf, operator, "answerDecimal", limit)


def _simplify(formula: Formula) -> Formula:
    """An equal formula without neutral parts, and without All in All or Either in Either."""
    if isinstance(formula, Comparison):
        return formula
    kind = type(formula)
    neutral, absorbing = (_ALWAYS, _NEVER) if kind is All else (_NEVER, _ALWAYS)
    parts: list[Formula] = []
    # From the inside out: an inner part may become a neutral or an absorbing one.
    for simple in map(_simplify, formula.parts):
        if simple == absorbing:
            return absorbing
        inner = simple.parts if isinstance(simple, kind) else (simple,)
        parts += [part for part in inner if part not in parts]
    parts = [part for part in parts if part != neutral]
    # Nested conditions multiply their parts: no client can use hundreds of them.
    if len(parts) > _MOST_PARTS:
        raise NotExpressible
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _enable_when(comparison: Comparison) -> dict[str, Any]:
    return {
        "question": comparison.question,
        "operator": comparison.operator,
        comparison.member: comparison.answer,
    }


def _path(formula: Formula) -> str:
    """The formula as a FHIRPath expression on a QuestionnaireResponse."""
    if isinstance(formula, Comparison):
        return _path_of(formula)
    if not formula.parts:
        return "true" if isinstance(formula, All) else "false"
    word = " and " if isinstance(formula, All) else " or "
    return "(" + word.join(_path(part) for part in formula.parts) + ")"


def _path_of(comparison: Comparison) -> str:
    # By its linkId at any depth: rows of a matrix are nested in their group.
    item = f"%resource.descendants().where(linkId = '{comparison.question}')"
    answers = f"{item}.answer.value"
    if comparison.operator == "exists":
        return f"{answers}.{'exists' if comparison.answer else 'empty'}()"
    if comparison.member == "answerCoding":
        ends = "exists" if comparison.operator == "=" else "empty"
        return f"{answers}.where(code = '{comparison.answer['code']}').{ends}()"
    test = f"$this {comparison.operator} {comparison.answer}"
    return f"{answers}.where({test}).exists()"
