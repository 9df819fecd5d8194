"""How far a merge has come, what may be done next, and why two records may be one
person. Pure.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from services.casework.people.rules import pairs


class MergeState(StrEnum):
    """Proposed by one, decided by another, and taken back when it was wrong."""

    PROPOSED = "proposed"
    MERGED = "merged"
    DECLINED = "declined"
    UNDONE = "undone"


VERBS: Mapping[MergeState, list[str]] = {
    MergeState.PROPOSED: ["accept", "decline"],
    MergeState.MERGED: ["undo"],
    # No way on from here: the same pair is proposed anew, and decided on anew.
    MergeState.DECLINED: [],
    MergeState.UNDONE: [],
}


class Sharing(StrEnum):
    """What two records have in common."""

    PESEL = "pesel"
    NAMES = "given-family"
    GIVEN_NAME_AND_BIRTH = "given-born"
    FAMILY_NAME_AND_BIRTH = "family-born"


def shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Sharing]:
    """What two identities have in common."""
    mine, theirs = _pairs(one), _pairs(other)
    same = [Sharing(kind) for kind in mine if mine[kind] == theirs.get(kind)]
    has_number = one["pesel"] is not None and one["pesel"] == other["pesel"]
    return [Sharing.PESEL, *same] if has_number else same


def _pairs(identity: Mapping[str, Any]) -> dict[str, str]:
    # A child that is expected may have no name yet, and shares none.
    given, family = identity["given_name"], identity["family_name"]
    born_on: date | None = identity["born_on"]
    return pairs(given, family, born_on) if given and family else {}
