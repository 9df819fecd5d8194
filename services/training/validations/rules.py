"""When an outcome can be validated, and what a correction may change. Pure."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class OutcomeState(StrEnum):
    """What is known of an outcome of one person."""

    ACHIEVED = "achieved"
    NOT_ACHIEVED = "not_achieved"
    NOT_VALIDATED = "not_validated"


# Whoever has only a seat has learnt nothing yet that could be validated.
VALIDATED_OF = ("attending", "completed")
"""States of an enrolment in which its outcomes are validated."""


class Stated(NamedTuple):
    """What a validation says."""

    is_achieved: bool
    evidence: str
    validated_on: date


class Frame(NamedTuple):
    """What a validation has to fit.

    The group's first day and version, and the version of the outcome.
    """

    starts_on: date
    version_id: UUID
    outcome_version_id: UUID | None
    """None where there is no such outcome."""


def state_of(is_achieved: bool | None) -> OutcomeState:
    """The state of an outcome by its validation; None where there is none."""
    # Not looked at and not achieved are told apart: only one of them is a failure.
    if is_achieved is None:
        return OutcomeState.NOT_VALIDATED
    return OutcomeState.ACHIEVED if is_achieved else OutcomeState.NOT_ACHIEVED


def day_errors(
    validated_on: date, starts_on: date, today: date
) -> list[tuple[str, str]]:
    """What is wrong with the day of a validation: field and code."""
    if validated_on > today:
        return [("validated_on", "in_future")]
    return [("validated_on", "before_group")] if validated_on < starts_on else []


def errors(stated: Stated, frame: Frame, today: date) -> list[tuple[str, str]]:
    """What is wrong with a validation: fields and codes."""
    # An outcome of an earlier version was never promised to this group.
    of_version = frame.outcome_version_id == frame.version_id
    wrong = [] if of_version else [("outcome_id", "not_of_version")]
    return wrong + day_errors(stated.validated_on, frame.starts_on, today)


def correction_errors(
    before: Stated, after: Stated, starts_on: date, today: date
) -> list[tuple[str, str]]:
    """What is wrong with a correction: fields and codes."""
    # A correction without a change would leave a reason for nothing.
    if before == after:
        return [("is_achieved", "unchanged")]
    return day_errors(after.validated_on, starts_on, today)
