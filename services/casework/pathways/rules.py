"""Pathways of support: steps with offsets, from which a plan computes days. Pure.

A step is a number of calendar days after the plan's start, or after another step.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from services.casework.cases.rules import Sector


class PathwayState(StrEnum):
    """The state of a version of a pathway; only a published one is used in a plan."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class PathwayVerb(StrEnum):
    """What may be done to a version of a pathway."""

    AMEND = "amend"
    PUBLISH = "publish"
    RETIRE = "retire"
    INSTANTIATE = "instantiate"


_ALLOWED: Mapping[PathwayState, tuple[PathwayVerb, ...]] = {
    PathwayState.DRAFT: (PathwayVerb.AMEND, PathwayVerb.PUBLISH),
    # Never amended again, because plans may have been made from it.
    PathwayState.PUBLISHED: (PathwayVerb.INSTANTIATE, PathwayVerb.RETIRE),
    PathwayState.RETIRED: (),
}


def allowed_verbs(state: PathwayState) -> list[PathwayVerb]:
    """What may be done to a version in this state."""
    return list(_ALLOWED[state])


class PathwayStep(NamedTuple):
    """A step: its sector, and its distance in days from another step or from the start."""

    key: str
    sector: Sector
    offset_days: int
    after: str | None = None


def step_errors(steps: Sequence[PathwayStep]) -> list[tuple[int, str, str]]:
    """The errors in the steps of a pathway, each as index of the step, field and code.

    Keys must be unique, offsets not negative, and every step must follow the start or
    another step, without a circle.
    """
    keys = [step.key for step in steps]
    wrong = []
    for place, step in enumerate(steps):
        if step.key in keys[:place]:
            wrong.append((place, "key", "duplicate"))
        if step.offset_days < 0:
            wrong.append((place, "offset_days", "negative"))
        if step.after is not None and step.after not in keys:
            wrong.append((place, "after", "unknown"))
    # Only where all keys are unique and known, because the graph is built from them.
    circle = () if wrong else _circle(steps)
    return wrong + [(keys.index(key), "after", "circle") for key in circle]


def _graph(steps: Sequence[PathwayStep]) -> TopologicalSorter[str]:
    return TopologicalSorter(
        {step.key: () if step.after is None else (step.after,) for step in steps}
    )


def _circle(steps: Sequence[PathwayStep]) -> list[str]:
    try:
        _graph(steps).prepare()
    except CycleError as error:
        # The error names the first key twice, as the beginning and the end
        # of the circle.
        keys: list[str] = error.args[1]
        return sorted({*keys})
    return []


def schedule(
    steps: Sequence[PathwayStep],
    starts_on: date,
    done_on: Mapping[str, date] | None = None,
    fixed_on: Mapping[str, date] | None = None,
) -> dict[str, date]:
    """The day of each step, by key in the order of the steps.

    A completed step keeps its day, and so does a step with a day set by hand; later
    steps count from that day. All others move with the start of the plan. Raises
    ValueError for steps with `step_errors`.
    """
    if step_errors(steps):
        raise ValueError("these steps make no pathway")
    # The day of completion takes precedence over the day that was set.
    settled = {**(fixed_on or {}), **(done_on or {})}
    by_key = {step.key: step for step in steps}
    days: dict[str, date] = {}
    # In topological order: in the template a step may come
    # before the one that it follows.
    for key in _graph(steps).static_order():
        step = by_key[key]
        since = starts_on if step.after is None else days[step.after]
        days[key] = settled.get(key, since + timedelta(days=step.offset_days))
    return {step.key: days[step.key] for step in steps}


class Moved(NamedTuple):
    """A step whose day changes."""

    key: str
    before: date
    after: date


def moved(before: Mapping[str, date], after: Mapping[str, date]) -> list[Moved]:
    """The steps whose day differs between two schedules, for notifications."""
    return [
        Moved(key, before[key], day)
        for key, day in after.items()
        if key in before and before[key] != day
    ]


class EntryCriteria(NamedTuple):
    """For whom a pathway is meant; a criterion that is not set admits everybody.

    Ages are completed months, both inclusive; any one of the documents is enough.
    `is_expected`: for families that expect a child.
    """

    from_months: int | None = None
    to_months: int | None = None
    documents: frozenset[str] = frozenset()
    is_expected: bool | None = None


def unmet(
    criteria: EntryCriteria, age_months: int | None, documents: Collection[str]
) -> list[str]:
    """The names of the criteria that a child does not meet;
    its age is None before the birth.
    """
    born = age_months is not None
    # Before the birth the age is below every lower limit and within every upper limit.
    age = -1 if age_months is None else age_months
    met = {
        "is_expected": criteria.is_expected in (None, not born),
        "from_months": criteria.from_months is None or age >= criteria.from_months,
        "to_months": criteria.to_months is None or age <= criteria.to_months,
        "documents": not criteria.documents
        or not criteria.documents.isdisjoint(documents),
    }
    return [name for name, is_met in met.items() if not is_met]
