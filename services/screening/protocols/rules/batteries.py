"""Batteries: the forms of a stage, when they are complete, and their joint outcome.

Pure.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from services.screening.instruments.rules.outcomes import Outcome


class Combination(StrEnum):
    """How the outcomes of the deciding forms make one: three-valued `or`, three-valued `and`."""

    ANY_POSITIVE = "any_positive"
    ALL_POSITIVE = "all_positive"


class Member(NamedTuple):
    """One form of a battery.

    A form that is not required may be missing; one that does not decide is only
    collected. A required form is done when each of `informants` has answered it, or
    anybody where none is named.
    """

    instrument_code: str
    is_required: bool
    decides: bool
    informants: Sequence[str] = ()


class Done(NamedTuple):
    """A form that was filled in: by whom, and its outcome."""

    instrument_code: str
    informant: str
    outcome: Outcome | None


class Battery(NamedTuple):
    """The forms of one stage. Stage one of the pupils has several at once."""

    members: Sequence[Member]
    combination: Combination


def missing_forms(battery: Battery, done: Collection[Done]) -> list[str]:
    """The required instruments that are not yet done, in the order of the battery."""
    informants: dict[str, set[str]] = {}
    for form in done:
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


def outcome_of(battery: Battery, done: Collection[Done]) -> Outcome | None:
    """The outcome of a complete battery; None while a required form is missing.

    `any_positive`: one positive decides; without one, an undetermined form leaves it
    undetermined. `all_positive` is its mirror image. A battery none of whose deciding
    forms has an outcome is undetermined. What screenings count by is the same rule in
    SQL (`campaign_counts.statements`); a test compares the two.
    """
    if missing_forms(battery, done):
        return None
    codes = {member.instrument_code for member in battery.members if member.decides}
    # Without None: a form without cut-offs has no outcome, and decides nothing.
    deciding = {form.outcome for form in done if form.instrument_code in codes} - {None}
    strong, weak = Outcome.POSITIVE, Outcome.NEGATIVE
    if battery.combination is Combination.ALL_POSITIVE:
        strong, weak = weak, strong
    if strong in deciding:
        return strong
    is_clear = deciding and Outcome.UNDETERMINED not in deciding
    return weak if is_clear else Outcome.UNDETERMINED


def wrong_battery(members: Sequence[Member]) -> str | None:
    """The code of what is wrong with a battery; None when nothing is."""
    codes = [member.instrument_code for member in members]
    # A plan holds forms by their instrument (`stage_plan`): the second would replace
    # the first.
    if len({*codes}) != len(codes):
        return "repeated"
    if not any(member.is_required for member in members):
        return "nothing_required"
    if any(member.informants and not member.is_required for member in members):
        return "informants_not_required"
    return None if any(member.decides for member in members) else "nothing_decides"


def stage_plan(stage: Mapping[str, Any]) -> dict[str, Any]:
    """A stage of a protocol as a campaign stores it: its forms, and how they decide.

    `strong` is the outcome that one deciding form brings about alone, `weak` the one
    that takes all of them; `answered_by` are the forms that an informant has to answer.
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
