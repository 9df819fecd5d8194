"""What a survey may ask, and what may follow what. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any


class SurveyState(StrEnum):
    """How far a survey has come."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


SURVEY_ALLOWED: Mapping[SurveyState, tuple[str, ...]] = {
    # Questions that somebody has answered stay as they were put.
    SurveyState.PLANNED: ("amend", "open"),
    SurveyState.OPEN: ("answer", "close"),
    # Never opened again: results that grow by one would tell of that one.
    SurveyState.CLOSED: (),
}


class QuestionKind(StrEnum):
    """What an answer to a question is."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NUMBER = "number"
    TEXT = "text"


CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
RANGES = (QuestionKind.SCALE, QuestionKind.NUMBER)
LONGEST_SCALE = 11
OF_ONE = ("programme_id", "group_id", "conference_id")
"""What a survey can be about."""


def wrong_subject(given: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is wrong with what a survey is about: it is one thing of three."""
    named = [name for name in OF_ONE if given.get(name) is not None]
    if not named:
        return [(OF_ONE[0], "missing")]
    return [(name, "not_allowed") for name in named[1:]]


def wrong_questions(questions: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What contradicts itself in questions: a pointer and a code each."""
    seen: set[str] = set()
    wrong = []
    for number, question in enumerate(questions):
        at = f"questions/{number}"
        if question["code"] in seen:
            wrong.append((f"{at}/code", "repeated"))
        seen.add(question["code"])
        wrong += [(f"{at}/{name}", code) for name, code in _wrong(question)]
    return wrong


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
    # Each step of a scale is a number of its own in the results.
    if kind == QuestionKind.SCALE and highest - lowest >= LONGEST_SCALE:
        yield "highest", "too_large"
