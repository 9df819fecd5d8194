"""Checks of validations and of their corrections. Pure."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class OutcomeState(StrEnum):
    """The state of an outcome of one person."""

    ACHIEVED = "achieved"
    NOT_ACHIEVED = "not_achieved"
    NOT_VALIDATED = "not_validated"


# Not `accepted`: the training has not begun.
VALIDATED_OF = ("attending", "completed")
"""States of an enrolment in which its outcomes are validated."""


class ValidationFacts(NamedTuple):
    """The facts of a validation."""

    is_achieved: bool
    evidence: str
    validated_on: date


class Frame(NamedTuple):
    """The facts against which a validation is checked.

    The group's first day and version, and the version of the outcome.
    """

    starts_on: date
    version_id: UUID
    outcome_version_id: UUID | None
    """None for an unknown outcome."""


def state_of(is_achieved: bool | None) -> OutcomeState:
    """The state of an outcome; `is_achieved` is None without a validation."""
    # Not validated differs from not achieved, which is a failure.
    if is_achieved is None:
        return OutcomeState.NOT_VALIDATED
    return OutcomeState.ACHIEVED if is_achieved else OutcomeState.NOT_ACHIEVED


def day_errors(
    validated_on: date, starts_on: date, today: date
) -> list[tuple[str, str]]:
    """The errors of a validation's day: field and code."""
    if validated_on > today:
        return [("validated_on", "in_future")]
    return [("validated_on", "before_group")] if validated_on < starts_on else []


def errors(facts: ValidationFacts, frame: Frame, today: date) -> list[tuple[str, str]]:
    """The errors of a validation: fields and codes."""
    # An outcome of another version is not part of the group's programme.
    of_version = frame.outcome_version_id == frame.version_id
    field_errors = [] if of_version else [("outcome_id", "not_of_version")]
    return field_errors + day_errors(facts.validated_on, frame.starts_on, today)


def correction_errors(
    before: ValidationFacts, after: ValidationFacts, starts_on: date, today: date
) -> list[tuple[str, str]]:
    """The errors of a correction: fields and codes."""
    # A correction has to change something.
    if before == after:
        return [("is_achieved", "unchanged")]
    return day_errors(after.validated_on, starts_on, today)
