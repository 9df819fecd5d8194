"""A battery: several forms that make one stage, when it is complete and what it comes to. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from services.screening.instruments.rules.outcomes import Outcome


class Combination(StrEnum):
    """How the outcomes of the deciding forms make one: three-valued `or`, three-valued `and`."""

    ANY_POSITIVE = "any_positive"
    ALL_POSITIVE = "all_positive"


class Member(NamedTuple):
    """One form of a battery. What is not required may be missing; what does not decide is collected beside."""

    instrument_code: str
    is_required: bool
    decides: bool


class Battery(NamedTuple):
    """The forms of one stage (source 000: stage one of the pupils was a bundle of three)."""

    members: Sequence[Member]
    combination: Combination


def missing_forms(battery: Battery, done: Collection[str]) -> list[str]:
    """The required instruments that are not yet done, in the order of the battery."""
    return [
        member.instrument_code
        for member in battery.members
        if member.is_required and member[0] not in done
    ]


def outcome_of(
    battery: Battery, outcomes: Mapping[str, Outcome | None]
) -> Outcome | None:
    """What a complete battery comes to; None while a required form is missing.

    `any_positive`: one positive decides; without one, an undetermined form leaves it undetermined. `all_positive` is
    its mirror image. A battery none of whose deciding forms has an outcome is undetermined.
    """
    if missing_forms(battery, outcomes.keys()):
        return None
    decided = [
        outcomes.get(member.instrument_code)
        for member in battery.members
        if member.decides
    ]
    found = [outcome for outcome in decided if outcome is not None]
    strong, weak = Outcome.POSITIVE, Outcome.NEGATIVE
    if battery.combination is Combination.ALL_POSITIVE:
        strong, weak = weak, strong
    if strong in found:
        return strong
    return weak if found and Outcome.UNDETERMINED not in found else Outcome.UNDETERMINED


def wrong_battery(members: Sequence[Member]) -> str | None:
    """What is wrong with a battery; None when nothing."""
    codes = [member.instrument_code for member in members]
    if len({*codes}) != len(codes):
        return "repeated"
    if not any(member.is_required for member in members):
        return "nothing_required"
    return None if any(member.decides for member in members) else "nothing_decides"


def due_dates(
    opened_on: date, days_one: int, days_two: int | None
) -> tuple[date, date | None]:
    """The last days of stage one and of stage two, which begins when stage one ends."""
    first = opened_on + timedelta(days=days_one)
    return first, None if days_two is None else first + timedelta(days=days_two)


def stage_plan(stage: Mapping[str, Any]) -> dict[str, Any]:
    """A stage of a protocol as a campaign keeps it: which forms it takes, requires and decides by, and what decides."""
    forms, outcomes = stage["forms"], [Outcome.POSITIVE.value, Outcome.NEGATIVE.value]
    strong, weak = (
        outcomes if stage["combination"] == Combination.ANY_POSITIVE else outcomes[::-1]
    )
    return {
        "forms": {
            form["instrument_code"]: form["instrument_version"] for form in forms
        },
        "required": [form["instrument_code"] for form in forms if form["is_required"]],
        "deciding": [form["instrument_code"] for form in forms if form["decides"]],
        "strong": strong,
        "weak": weak,
        "days": stage["days"],
    }
