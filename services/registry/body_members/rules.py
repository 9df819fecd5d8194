"""Whom a member of a body may stand for. Pure."""

from datetime import date
from typing import Protocol

from services.registry.bodies.rules import Group


class Place(Protocol):
    """Where a body works; one of a whole voivodeship has no county."""

    county_terc: str | None
    voivodeship_terc: str


class DelegatingBody(Place, Protocol):
    """What decides whether a body can delegate members."""

    kind: str
    dissolved_on: date | None


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
    group: Group, body: Place, delegating: DelegatingBody
) -> str | None:
    """Why a body cannot delegate members to `body` for this group; None when it can.

    It works in the same county, or in the same voivodeship where `body` has no county.
    """
    if delegating.kind != group.delegating_kind:
        return "wrong_body_kind"
    # A regional platform has no county: all counties of its voivodeship delegate to it.
    if body.county_terc not in (None, delegating.county_terc):
        return "outside_county"
    if delegating.voivodeship_terc != body.voivodeship_terc:
        return "outside_voivodeship"
    return "dissolved" if delegating.dissolved_on is not None else None
