"""Checks of answers to surveys, and their publishable results. Pure.

Tables are published by the rules of services/chassis/disclosure. Results exist only for
closed surveys, so that no two results can be compared.
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
"""The cell of people who skipped a question. No option can have this code."""


class AnswerSheet(NamedTuple):
    """The answers of one person, by code of the question."""

    role: str | None
    content: Mapping[str, Value]


class Cell(NamedTuple):
    """An answer and the number of people who gave it."""

    value: str
    number: int


class Table(NamedTuple):
    """The counts of all answers to a question, of everybody or of one role."""

    role: str | None
    cells: list[Cell]


class QuestionSummary(NamedTuple):
    """The publishable results of one question.

    Without tables where their numbers are below the disclosure limit.
    """

    code: str
    kind: str
    tables: list[Table]
    mean: float | None
    texts: list[str]


def digest_of(key: bytes, account: str) -> bytes:
    """A keyed digest of an account, which cannot be traced without the survey's key."""
    return hmac.new(key, account.encode(), hashlib.sha256).digest()


def wrong_answers(
    questions: Sequence[Mapping[str, Any]], content: Mapping[str, Value]
) -> list[tuple[str, str]]:
    """The errors of one person's answers: pointers with their codes."""
    question_codes = {question["code"] for question in questions}
    errors = [(code, "not_listed") for code in content if code not in question_codes]
    for question in questions:
        code = question["code"]
        if code not in content:
            errors += [(code, "missing")] if question["is_required"] else []
        elif problem := _wrong_value(question, content[code]):
            errors.append((code, problem))
    return [(f"answers/{code}", problem) for code, problem in errors]


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
    choices = value if isinstance(value, list) else [value]
    if len({*choices}) < len(choices):
        return "repeated"
    options = {each["code"] for each in question["options"]}
    return None if options.issuperset(choices) else "not_listed"


def summarise(
    question: Mapping[str, Any],
    answers: Sequence[AnswerSheet],
    roles: Sequence[str],
    *,
    with_texts: bool,
) -> QuestionSummary:
    """The results of a question: counts of everybody and by role, a mean, or texts."""
    code, kind = question["code"], question["kind"]
    values = [answer.content.get(code) for answer in answers]
    given_values = [value for value in values if value is not None]
    texts: list[str] = []
    mean = None
    tables: list[Table] = []
    if kind == QuestionKind.TEXT:
        texts = _texts(given_values) if with_texts else []
    elif kind == QuestionKind.NUMBER:
        mean = _mean(given_values, len(values))
    elif kind == QuestionKind.MULTIPLE:
        tables = list(_multiple(question, values))
    else:
        tables = list(_tables(question, answers, roles))
        is_scale = kind == QuestionKind.SCALE and tables
        mean = _mean(given_values, len(values)) if is_scale else None
    return QuestionSummary(code, kind, tables, mean, texts)


def _texts(values: Iterable[Value]) -> list[str]:
    """The written texts if there are at least five, sorted to hide their order."""
    texts = sorted(str(value) for value in values)
    return texts if len(texts) >= FEW else []


def _mean(values: Sequence[Value], number: int) -> float | None:
    """The mean of at least five values; None also where one to four people skipped."""
    skipped = number - len(values)
    if len(values) < FEW or 0 < skipped < FEW:
        return None
    return round(sum(float(str(value)) for value in values) / len(values), 2)


def _multiple(
    question: Mapping[str, Any], values: Sequence[Value | None]
) -> Iterator[Table]:
    # A person may choose several options: each option is checked as its own table.
    for option in question["options"]:
        code = option["code"]
        number = sum(isinstance(value, list) and code in value for value in values)
        if may_publish([number, len(values) - number], FEW):
            yield Table(None, [Cell(code, number)])


def _tables(
    question: Mapping[str, Any], answers: Sequence[AnswerSheet], roles: Sequence[str]
) -> Iterator[Table]:
    cells = _cells_of(question)
    totals = _counts(question["code"], cells, answers)
    if not may_publish(totals, FEW):
        return
    yield Table(None, _as_cells(cells, totals))
    parts = [
        _counts(
            question["code"], cells, [each for each in answers if each.role == role]
        )
        for role in roles
    ]
    # Totals by role and all cells of the cross table have to be publishable.
    if may_publish([sum(part) for part in parts], FEW) and may_cross(parts, FEW):
        for role, part in zip(roles, parts, strict=True):
            yield Table(role, _as_cells(cells, part))


def _cells_of(question: Mapping[str, Any]) -> list[str]:
    if question["kind"] == QuestionKind.SINGLE:
        return [*[each["code"] for each in question["options"]], SKIPPED]
    steps = range(question["lowest"], question["highest"] + 1)
    return [*map(str, steps), SKIPPED]


def _counts(
    code: str, cells: Sequence[str], answers: Sequence[AnswerSheet]
) -> list[int]:
    counts = Counter(_cell(answer.content.get(code)) for answer in answers)
    return [counts[cell] for cell in cells]


def _cell(value: Value | None) -> str:
    if value is None:
        return SKIPPED
    # JSON has one type of number: a step of a scale may be stored as 4.0 or 4.
    return str(int(value)) if isinstance(value, float | int) else str(value)


def _as_cells(cells: Sequence[str], numbers: Sequence[int]) -> list[Cell]:
    return [Cell(*pair) for pair in zip(cells, numbers, strict=True)]
