"""Batteries: the forms of a stage, when they are complete, and their joint outcome.

Pure.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from services.screening.instruments.rules.outcomes import Outcome


class Combination(StrEnum):
    """How the outcomes of the deciding forms combine: three-valued `or`, three-valued `and`."""

    ANY_POSITIVE = "any_positive"
    ALL_POSITIVE = "all_positive"


class Member(NamedTuple):
    """One form of a battery.

    A form that is not required may be missing; a form that does not decide is only
    collected. A required form is done when each of `informants` has answered it, or any
    informant if that is empty.
    """

    instrument_code: str
    is_required: bool
    decides: bool
    informants: Sequence[str] = ()


class Done(NamedTuple):
    """A form that was filled in, with its informant and its outcome."""

    instrument_code: str
    informant: str
    outcome: Outcome | None


class Battery(NamedTuple):
    """The forms of one stage. Stage one for pupils has several forms."""

    members: Sequence[Member]
    combination: Combination


def missing_forms(battery: Battery, completed_forms: Collection[Done]) -> list[str]:
    """The required instruments that are not yet done, in the order of the battery."""
    informants: dict[str, set[str]] = {}
    for form in completed_forms:
        informants.setdefault(form.instrument_code, set()).add(form.informant)
    return [
        member.instrument_code
        for member in battery.members
        if member.is_required
        and (
            member.instrument_code not in informants
            or {*member.informants} - informants[member.instrument_code]
        )
    ]


def outcome_of(battery: Battery, completed_forms: Collection[Done]) -> Outcome | None:
    """The outcome of a complete battery; None while a required form is missing.

    `any_positive`: one positive form decides; without one, an undetermined form makes
    the battery undetermined. `all_positive` is the mirror image. A battery is
    undetermined if none of its deciding forms has an outcome. Counting uses the same
    rule in SQL (`campaign_counts.statements`); a test compares the two.
    """
    if missing_forms(battery, completed_forms):
        return None
    codes = {member.instrument_code for member in battery.members if member.decides}
    # None is removed: a form without cut-offs has no outcome and cannot decide.
    deciding = {
        form.outcome for form in completed_forms if form.instrument_code in codes
    } - {None}
    strong, weak = Outcome.POSITIVE, Outcome.NEGATIVE
    if battery.combination is Combination.ALL_POSITIVE:
        strong, weak = weak, strong
    if strong in deciding:
        return strong
    is_clear = deciding and Outcome.UNDETERMINED not in deciding
    return weak if is_clear else Outcome.UNDETERMINED


def wrong_battery(members: Sequence[Member]) -> str | None:
    """The code of a fault of a battery; None without a fault."""
    codes = [member.instrument_code for member in members]
    # A plan holds forms by their instrument (`stage_plan`): a second form of one
    # instrument would replace the first.
    if len({*codes}) != len(codes):
        return "repeated"
    if not any(member.is_required for member in members):
        return "nothing_required"
    if any(member.informants and not member.is_required for member in members):
        return "informants_not_required"
    return None if any(member.decides for member in members) else "nothing_decides"


def stage_plan(stage: Mapping[str, Any]) -> dict[str, Any]:
    """A stage of a protocol as a campaign stores it: its forms, and how they decide.

    `strong` is the outcome that a single deciding form can cause, `weak` the outcome
    that needs all of them; `answered_by` are the forms that a given informant
    has to answer.
    """
    forms = stage["forms"]
    strong, weak = Outcome.POSITIVE.value, Outcome.NEGATIVE.value
    if stage["combination"] == Combination.ALL_POSITIVE:
        strong, weak = weak, strong
    return {
        "forms": {
            form["instrument_code"]: form["instrument_version"] for form in forms
        },
        "required": [form["instrument_code"] for form in forms if form["is_required"]],
        "answered_by": [
            {"instrument": form["instrument_code"], "informant": informant}
            for form in forms
            for informant in form.get("informants") or ()
        ],
        "deciding": [form["instrument_code"] for form in forms if form["decides"]],
        "strong": strong,
        "weak": weak,
        "days": stage["days"],
    }
