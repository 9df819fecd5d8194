"""What answers a question, and what is told of answers. Pure.

A table of answers is told by the rule of services/chassis/disclosure. Results are told
once, when a survey has closed: no two of them can be compared.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.chassis.disclosure.cells import FEW, may_cross, may_publish
from services.training.surveys.rules import CHOICES, QuestionKind

Value = str | float | list[str]
SKIPPED = "(none)"
"""The cell of those who left a question out. No option can have this code."""


class Given(NamedTuple):
    """What one person answered."""

    role: str | None
    content: Mapping[str, Value]


class Cell(NamedTuple):
    """How many gave an answer."""

    value: str
    number: int


class Table(NamedTuple):
    """How many gave which answer: of everybody, or of one role."""

    role: str | None
    cells: list[Cell]


class QuestionSummary(NamedTuple):
    """What may be told of the answers to one question.

    No tables where that would tell of few.
    """

    code: str
    kind: str
    tables: list[Table]
    mean: float | None
    texts: list[str]


def digest_of(key: bytes, account: str) -> bytes:
    """What stands for an account in one survey; without its key it says nothing."""
    return hmac.new(key, account.encode(), hashlib.sha256).digest()


def wrong_answers(
    questions: Sequence[Mapping[str, Any]], content: Mapping[str, Value]
) -> list[tuple[str, str]]:
    """What is wrong with somebody's answers: a pointer and a code each."""
    known = {question["code"] for question in questions}
    wrong = [(code, "not_listed") for code in content if code not in known]
    for question in questions:
        code = question["code"]
        if code not in content:
            wrong += [(code, "missing")] if question["is_required"] else []
        elif problem := _wrong_value(question, content[code]):
            wrong.append((code, problem))
    return [(f"answers/{code}", problem) for code, problem in wrong]


def _wrong_value(question: Mapping[str, Any], value: Value) -> str | None:
    kind = question["kind"]
    if kind in CHOICES:
        return _wrong_choice(question, value)
    if kind == QuestionKind.TEXT:
        return None if isinstance(value, str) else "wrong_type"
    if not isinstance(value, float | int):
        return "wrong_type"
    if kind == QuestionKind.SCALE and value != int(value):
        return "wrong_type"
    if value < question["lowest"]:
        return "too_small"
    return "too_large" if value > question["highest"] else None


def _wrong_choice(question: Mapping[str, Any], value: Value) -> str | None:
    is_multiple = question["kind"] == QuestionKind.MULTIPLE
    if isinstance(value, list) != is_multiple or isinstance(value, float | int):
        return "wrong_type"
    chosen = value if isinstance(value, list) else [value]
    if len({*chosen}) < len(chosen):
        return "repeated"
    options = {each["code"] for each in question["options"]}
    return None if options.issuperset(chosen) else "not_listed"


def summarise(
    question: Mapping[str, Any],
    answers: Sequence[Given],
    roles: Sequence[str],
    *,
    with_texts: bool,
) -> QuestionSummary:
    """The summary of a question: counts of everybody and by role, a mean, or texts."""
    code, kind = question["code"], question["kind"]
    values = [answer.content.get(code) for answer in answers]
    answered = [value for value in values if value is not None]
    texts: list[str] = []
    mean = None
    tables: list[Table] = []
    if kind == QuestionKind.TEXT:
        texts = _texts(answered) if with_texts else []
    elif kind == QuestionKind.NUMBER:
        mean = _mean(answered, len(values))
    elif kind == QuestionKind.MULTIPLE:
        tables = list(_multiple(question, values))
    else:
        tables = list(_tables(question, answers, roles))
        is_scale = kind == QuestionKind.SCALE and tables
        mean = _mean(answered, len(values)) if is_scale else None
    return QuestionSummary(code, kind, tables, mean, texts)


def _texts(given: Iterable[Value]) -> list[str]:
    """What was written, where at least five wrote; sorted, not as they came."""
    texts = sorted(str(value) for value in given)
    return texts if len(texts) >= FEW else []


def _mean(given: Sequence[Value], number: int) -> float | None:
    """The mean of at least five, unless few others left the question out."""
    skipped = number - len(given)
    if len(given) < FEW or 0 < skipped < FEW:
        return None
    return round(sum(float(str(value)) for value in given) / len(given), 2)


def _multiple(
    question: Mapping[str, Any], values: Sequence[Value | None]
) -> Iterator[Table]:
    # Somebody is in several cells: each option is a table of who chose it and who not.
    for option in question["options"]:
        code = option["code"]
        chosen = sum(isinstance(value, list) and code in value for value in values)
        if may_publish([chosen, len(values) - chosen], FEW):
            yield Table(None, [Cell(code, chosen)])


def _tables(
    question: Mapping[str, Any], answers: Sequence[Given], roles: Sequence[str]
) -> Iterator[Table]:
    cells = _cells_of(question)
    whole = _counted(question["code"], cells, answers)
    if not may_publish(whole, FEW):
        return
    yield Table(None, _named(cells, whole))
    parts = [
        _counted(question["code"], cells, [one for one in answers if one.role == role])
        for role in roles
    ]
    # Both dimensions are told, and no crossing of them is of few.
    if may_publish([sum(part) for part in parts], FEW) and may_cross(parts, FEW):
        for role, part in zip(roles, parts, strict=True):
            yield Table(role, _named(cells, part))


def _cells_of(question: Mapping[str, Any]) -> list[str]:
    if question["kind"] == QuestionKind.SINGLE:
        return [*[each["code"] for each in question["options"]], SKIPPED]
    steps = range(question["lowest"], question["highest"] + 1)
    return [*map(str, steps), SKIPPED]


def _counted(code: str, cells: Sequence[str], answers: Sequence[Given]) -> list[int]:
    counts = Counter(_cell(answer.content.get(code)) for answer in answers)
    return [counts[cell] for cell in cells]


def _cell(value: Value | None) -> str:
    if value is None:
        return SKIPPED
    # JSON knows one kind of number: a step of a scale is stored as 4.0 or as 4.
    return str(int(value)) if isinstance(value, float | int) else str(value)


def _named(cells: Sequence[str], numbers: Sequence[int]) -> list[Cell]:
    return [Cell(*pair) for pair in zip(cells, numbers, strict=True)]
