"""When an item is asked, as FHIR R4 says it: `enableWhen`, or an expression in FHIRPath.

A condition is true, false or unknown, and what it is about may not be asked at all. Here
it becomes a formula of plain comparisons that holds exactly when the condition is true.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.screening.instruments.rules.answers import leaf_codes, options_of
from services.screening.instruments.rules.items import Condition, Item, ItemType

ENABLE_EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
NO_ANSWERS = "urn:splot:no-answer"
"""The code system of why a question has no answer."""
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
    """Holds when every part does; without parts always."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True)
class Either:
    """Holds when some part does; without parts never."""

    parts: tuple["Formula", ...]


Formula = Comparison | All | Either
_ALWAYS, _NEVER = All(()), Either(())


class NotExpressible(Exception):
    """FHIR has no comparison for it, such as the sum of what was ticked."""


class FormConditions:
    """The conditions of the items of one form."""

    def __init__(self, items: Sequence[Item], systems: Mapping[str, str]) -> None:
        self._items = {code: item for item in items for code in leaf_codes(item)}
        self._systems = systems

    def members_of(self, condition: Condition | None) -> dict[str, Any]:
        """The members of an item that say when it is asked; its `extension` may be one.

        Nothing where it is always asked, or where FHIR cannot say it.
        """
        if condition is None:
            return {}
        try:
            formula = _flat(self._holds(condition))
        except NotExpressible:
            return {}
        if formula == _ALWAYS:
            return {}
        parts = formula.parts if isinstance(formula, All | Either) else (formula,)
        # Nested, a condition does not fit into one row of comparisons.
        plain = [part for part in parts if isinstance(part, Comparison)]
        if len(plain) == len(parts) > 0:
            behavior = "all" if isinstance(formula, All) else "any"
            tests = [_enable_when(one) for one in plain]
            return {"enableWhen": tests, "enableBehavior": behavior}
        expression = {"language": "text/fhirpath", "expression": _path(formula)}
        url = {"url": ENABLE_EXPRESSION, "valueExpression": expression}
        return {"extension": [url]}

    def _holds(self, condition: Condition) -> Formula:
        """True: every member that the condition has is true."""
        parts = [self._holds(one) for one in condition.all_of or ()]
        if condition.item is not None:
            parts.append(self._test(condition, condition.item))
        if condition.any_of:
            parts.append(Either(tuple(self._holds(one) for one in condition.any_of)))
        parts += [self._fails(one) for one in condition.none_of or ()]
        return All(tuple(parts))

    def _fails(self, condition: Condition) -> Formula:
        """False, which is more than not true: some member is false."""
        parts = [self._fails(one) for one in condition.all_of or ()]
        if condition.item is not None:
            parts.append(self._failed_test(condition, condition.item))
        # De Morgan: none of them holds when each of them fails.
        if condition.any_of:
            parts.append(All(tuple(self._fails(one) for one in condition.any_of)))
        if condition.none_of:
            parts.append(Either(tuple(self._holds(one) for one in condition.none_of)))
        return Either(tuple(parts))

    def _test(self, condition: Condition, leaf: str) -> Formula:
        item = self._items.get(leaf)
        # A question of another form is never asked here: what is said of it is false.
        if item is None:
            return _NEVER
        if item.type == ItemType.NUMBER:
            return All(tuple(_limits(item, leaf, condition, (">=", "<="))))
        codes = [
            code for code, value in options_of(item) if _fits(condition, code, value)
        ]
        # R4 compares single answers: what several add up to it cannot ask.
        if item.type == ItemType.MULTI_SELECT and _has_limits(condition):
            raise NotExpressible
        return Either(tuple(self._is(leaf, code) for code in codes))

    def _failed_test(self, condition: Condition, leaf: str) -> Formula:
        item = self._items.get(leaf)
        # What is not asked settles a test: it is false.
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
            unscored = {code for code, value in options if value is None}
            ticked = sorted(unscored | {*(condition.is_one_of or ())})
            # Unanswered is unknown, and not the same as nothing of these.
            given = Comparison(leaf, "exists", "answerBoolean", True)
            refused = [
                Comparison(leaf, "!=", "answerCoding", _coding(NO_ANSWERS, str(word)))
                for word in item.no_answers
            ]
            unticked = [self._is(leaf, code, "!=") for code in ticked]
            return All((given, *refused, *unticked))
        # "Do not know" settles nothing: it has no value.
        others = [
            code
            for code, value in options
            if value is not None and not _fits(condition, code, value)
        ]
        return Either(tuple(self._is(leaf, code) for code in others))

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
    """The comparisons with the limits; of whole numbers with the nearest whole one."""
    limits = (condition.at_least, condition.at_most)
    for operator, limit, whole in zip(
        operators, limits, (math.ceil, math.floor), strict=True
    ):
        if limit is not None and item.is_whole:
            yield Comparison(leaf, operator, "answerInteger", whole(limit))
        elif limit is not None:
            yield Comparison(leaf, operator, "answerDecimal", limit)


def _flat(formula: Formula) -> Formula:
    """The same without parts that say nothing, and without a kind inside its own kind."""
    if isinstance(formula, Comparison):
        return formula
    kind = type(formula)
    nothing, settling = (_ALWAYS, _NEVER) if kind is All else (_NEVER, _ALWAYS)
    parts: list[Formula] = []
    # From the inside out: what is inside may turn out to say nothing.
    for part in map(_flat, formula.parts):
        if part == settling:
            return settling
        inner = part.parts if isinstance(part, kind) else (part,)
        parts += [one for one in inner if one not in parts]
    parts = [one for one in parts if one != nothing]
    # Conditions inside conditions multiply: a page of them helps no client.
    if len(parts) > _MOST_PARTS:
        raise NotExpressible
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _enable_when(one: Comparison) -> dict[str, Any]:
    return {"question": one.question, "operator": one.operator, one.member: one.answer}


def _path(formula: Formula) -> str:
    """The formula in FHIRPath, about a QuestionnaireResponse."""
    if isinstance(formula, Comparison):
        return _path_of(formula)
    if not formula.parts:
        return "true" if isinstance(formula, All) else "false"
    word = " and " if isinstance(formula, All) else " or "
    return "(" + word.join(_path(part) for part in formula.parts) + ")"


def _path_of(one: Comparison) -> str:
    # By its linkId wherever it stands: rows of a matrix are inside their group.
    answers = f"%resource.descendants().where(linkId = '{one.question}').answer.value"
    if one.operator == "exists":
        return f"{answers}.{'exists' if one.answer else 'empty'}()"
    if one.member == "answerCoding":
        ends = "exists" if one.operator == "=" else "empty"
        return f"{answers}.where(code = '{one.answer['code']}').{ends}()"
    return f"{answers}.where($this {one.operator} {one.answer}).exists()"
