"""Whom a member of a body may stand for. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol

from services.registry.bodies.rules import Group


class Place(Protocol):
    """Where a body works; one of a whole voivodeship has no county."""

    county_terc: str | None
    voivodeship_terc: str


class DelegatingBody(Place, Protocol):
    """What decides whether a body can delegate members."""

    kind: str
    dissolved_on: date | None
    dissolving_reason: str | None


def member_errors(
    group: Group, institution: object | None, delegating_body: object | None
) -> list[tuple[str, str]]:
    """What is wrong with whom a member of the group stands for: field and code."""
    wrong = []
    if group.of_institutions and institution is None:
        wrong.append(("institution_id", "missing"))
    if (group.delegating_kind is None) != (delegating_body is None):
        code = "missing" if group.delegating_kind else "not_allowed"
        wrong.append(("delegating_body_id", code))
    return wrong


def delegation_error(
    group: Group, body: Place, delegating: DelegatingBody, day: date
) -> str | None:
    """Why a body cannot delegate members to `body` for this group on that day; None when it can.

    It works in the same county, or in the same voivodeship where `body` has no county.
    """
    if delegating.kind != group.delegating_kind:
        return "wrong_body_kind"
    # A regional platform has no county: all counties of its voivodeship delegate to it.
    if body.county_terc not in (None, delegating.county_terc):
        return "outside_county"
    if delegating.voivodeship_terc != body.voivodeship_terc:
        return "outside_voivodeship"
    ended_on = delegating.dissolved_on
    return "dissolved" if ended_on is not None and ended_on <= day else None


class Ending(NamedTuple):
    """The first day without a seat, and why it ended."""

    held_to: date
    reason: str | None


def ending_of(named: Ending | None, bounds: Iterable[Ending]) -> Ending | None:
    """When a seat that is entered ends: as named, else with the first body that ended, else not
    yet.

    `bounds`: the ends of the body itself and of the one that sent the member, where they are
    dissolved.
    """
    return named or min(bounds, key=lambda end: end.held_to, default=None)


def ending_errors(
    held_from: date, ending: Ending | None, bounds: Iterable[Ending]
) -> list[tuple[str, str]]:
    """What is wrong with the end of a seat: field and code.

    It ends after it began, and not after a body of its own.
    """
    if ending is None:
        return []
    if ending.held_to <= held_from:
        return [("held_to", "wrong_order")]
    if ending.reason is None:
        return [("ending_reason", "both_or_neither")]
    is_late = any(bound.held_to < ending.held_to for bound in bounds)
    return [("held_to", "outside_validity")] if is_late else []
