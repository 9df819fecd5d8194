"""Which institutions and bodies a member of a body may represent. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol

from services.registry.bodies.rules import Group


class Place(Protocol):
    """Where a body works; a body of a whole voivodeship has no county."""

    county_terc: str | None
    voivodeship_terc: str


class DelegatingBody(Place, Protocol):
    """The facts that decide whether a body can delegate members."""

    kind: str
    dissolved_on: date | None
    dissolving_reason: str | None


def member_errors(
    group: Group, institution: object | None, delegating_body: object | None
) -> list[tuple[str, str]]:
    """The errors in the institution and the delegating body of a member:
    field and code.
    """
    wrong = []
    if group.of_institutions and institution is None:
        wrong.append(("institution_id", "missing"))
    if (group.delegating_kind is None) != (delegating_body is None):
        code = "missing" if group.delegating_kind else "not_allowed"
        wrong.append(("delegating_body_id", code))
    return wrong


def delegation_error(
    group: Group, body: Place, sender: DelegatingBody, day: date
) -> str | None:
    """Why `sender` cannot delegate members to `body` for this group on a day;
    None when it can.

    The sender works in the same county, or in the same voivodeship where `body`
    has no county.
    """
    if sender.kind != group.delegating_kind:
        return "wrong_body_kind"
    # A regional platform has no county: all counties of its voivodeship delegate to it.
    if body.county_terc not in (None, sender.county_terc):
        return "outside_county"
    if sender.voivodeship_terc != body.voivodeship_terc:
        return "outside_voivodeship"
    ended_on = sender.dissolved_on
    return "dissolved" if ended_on is not None and ended_on <= day else None


class Ending(NamedTuple):
    """The first day without a seat, and why it ended."""

    held_to: date
    reason: str | None


def ending_of(own_end: Ending | None, bounds: Iterable[Ending]) -> Ending | None:
    """When a seat ends: at its own end, else with the first body that ended;
    None if not yet.

    `bounds`: the ends of the body itself and of the body that sent the member, where
    they are dissolved.
    """
    return own_end or min(bounds, key=lambda end: end.held_to, default=None)


def ending_errors(
    held_from: date, ending: Ending | None, bounds: Iterable[Ending]
) -> list[tuple[str, str]]:
    """The errors in the end of a seat: field and code.

    A seat ends after its first day, has a reason for its end, and does not
    outlast its bodies.
    """
    if ending is None:
        return []
    if ending.held_to <= held_from:
        return [("held_to", "wrong_order")]
    if ending.reason is None:
        return [("ending_reason", "both_or_neither")]
    is_late = any(bound.held_to < ending.held_to for bound in bounds)
    return [("held_to", "outside_validity")] if is_late else []
