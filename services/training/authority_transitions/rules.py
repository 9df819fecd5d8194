"""The conditions of an authority's steps, except those on its team. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.training.check_ins.rules import CheckInKind, missing_numbers
from services.training.consultation_events.rules import (
    StakeholderGroup,
    not_consulted,
)


class StepNeed(StrEnum):
    """What a step lacks."""

    ACCEPTED_DIAGNOSIS = "accepted_diagnosis"
    ADOPTED_PLAN = "adopted_plan"
    ANSWERS_TO_RECOMMENDATIONS = "answers_to_recommendations"
    STARTED_MEASURE = "started_measure"
    CONSULTATION_OF_EVERY_GROUP = "consultation_of_every_group"
    MONTHLY_CHECK_INS = "monthly_check_ins"
    YEARLY_CHECK_INS = "yearly_check_ins"


class Lack(NamedTuple):
    """Everything that a step lacks, with details by name."""

    missing: Sequence[str]
    about: Mapping[str, Sequence[str | int]]


def lack_of_plan(*, is_adopted: bool, unanswered: Sequence[str] | None) -> Lack:
    """What a plan lacks for the step `plan_ready`.

    `unanswered`: recommendations that no measure answers; None without an accepted
    diagnosis.
    """
    # All three are checked, so that an author can mend all of them at once.
    needs = {
        StepNeed.ACCEPTED_DIAGNOSIS: unanswered is None,
        StepNeed.ADOPTED_PLAN: not is_adopted,
        StepNeed.ANSWERS_TO_RECOMMENDATIONS: bool(unanswered),
    }
    missing = [need for need, is_lacking in needs.items() if is_lacking]
    return Lack(missing, {"unanswered": unanswered or []})


def lack_of_implementation(
    *, has_started: bool, consulted: Mapping[StakeholderGroup, int]
) -> Lack:
    """What the start of the implementation lacks (source 003: six groups)."""
    # Each group at least once: source 003 names six groups, and no number of people.
    groups = not_consulted(consulted)
    # One started measure is enough: measures begin in different years.
    missing = [] if has_started else [StepNeed.STARTED_MEASURE]
    if groups:
        missing.append(StepNeed.CONSULTATION_OF_EVERY_GROUP)
    return Lack(missing, {"not_consulted": groups})


def lack_of_check_ins(kind: CheckInKind, accepted: Collection[int]) -> Lack:
    """What monitoring lacks: the numbers of the check-ins that are not accepted yet."""
    # By number, so that the refusal names the missing reports.
    numbers = missing_numbers(kind, accepted)
    need = {
        CheckInKind.MONTHLY: StepNeed.MONTHLY_CHECK_INS,
        CheckInKind.YEARLY: StepNeed.YEARLY_CHECK_INS,
    }[kind]
    return Lack([need] if numbers else [], {"check_ins": numbers})


def task_error(starts_on: date, ends_on: date, today: date) -> tuple[str, str] | None:
    """Field and code of a wrong task window; None if monitoring can begin today."""
    if ends_on < starts_on:
        return "task_ends_on", "wrong_order"
    # The monitoring begins today, which has to lie within the task.
    if not starts_on <= today <= ends_on:
        return "task_starts_on", "outside_dates"
    return None
