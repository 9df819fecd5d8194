"""Checks of a survey's questions, and its states. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any


class SurveyState(StrEnum):
    """How far a survey has come."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


SURVEY_ALLOWED: Mapping[SurveyState, tuple[str, ...]] = {
    # Questions cannot change once people can answer them.
    SurveyState.PLANNED: ("amend", "open"),
    SurveyState.OPEN: ("answer", "close"),
    # Final: comparing results before and after one more answer would reveal it.
    SurveyState.CLOSED: (),
}


class QuestionKind(StrEnum):
    """The kind of a question's answers."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NUMBER = "number"
    TEXT = "text"


CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
RANGES = (QuestionKind.SCALE, QuestionKind.NUMBER)
LONGEST_SCALE = 11
OF_ONE = ("programme_id", "group_id", "conference_id")
"""The fields of which a survey has exactly one."""


def wrong_subject(subjects: Mapping[str, object]) -> list[tuple[str, str]]:
    """The errors of a survey's subject, which is exactly one of three."""
    set_names = [name for name in OF_ONE if subjects.get(name) is not None]
    if not set_names:
        return [(OF_ONE[0], "missing")]
    return [(name, "not_allowed") for name in set_names[1:]]


def wrong_questions(questions: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The errors of questions: pointers with their codes."""
    codes: set[str] = set()
    errors = []
    for number, question in enumerate(questions):
        at = f"questions/{number}"
        if question["code"] in codes:
            errors.append((f"{at}/code", "repeated"))
        codes.add(question["code"])
        errors += [(f"{at}/{name}", code) for name, code in _wrong(question)]
    return errors


def _wrong(question: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind, options = question["kind"], question["options"]
    if kind not in CHOICES and options:
        yield "options", "not_allowed"
    if kind in CHOICES and len(options) < 2:
        yield "options", "too_few"
    if len({each["code"] for each in options}) < len(options):
        yield "options", "repeated"
    yield from _wrong_range(kind, question["lowest"], question["highest"])


def _wrong_range(
    kind: str, lowest: int | None, highest: int | None
) -> Iterator[tuple[str, str]]:
    for name, bound in (("lowest", lowest), ("highest", highest)):
        if kind not in RANGES and bound is not None:
            yield name, "not_allowed"
        if kind in RANGES and bound is None:
            yield name, "missing"
    if lowest is None or highest is None:
        return
    if lowest >= highest:
        yield "highest", "wrong_order"
    # Bounded, since the results count each step of a scale.
    if kind == QuestionKind.SCALE and highest - lowest >= LONGEST_SCALE:
        yield "highest", "too_large"
