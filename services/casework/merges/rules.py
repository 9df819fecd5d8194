"""The states of a merge, its verbs, and what two records of one person share. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from services.casework.people.rules import pairs


class MergeState(StrEnum):
    """The state of a merge: proposed by one person, decided by another, undone if it
    was wrong.
    """

    PROPOSED = "proposed"
    MERGED = "merged"
    DECLINED = "declined"
    UNDONE = "undone"


VERBS: Mapping[MergeState, list[str]] = {
    MergeState.PROPOSED: ["accept", "decline"],
    MergeState.MERGED: ["undo"],
    # Final: the same pair may be proposed again.
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
    own_pairs, other_pairs = _pairs(one), _pairs(other)
    same = [
        Sharing(kind) for kind in own_pairs if own_pairs[kind] == other_pairs.get(kind)
    ]
    has_number = one["pesel"] is not None and one["pesel"] == other["pesel"]
    return [Sharing.PESEL, *same] if has_number else same


def _pairs(identity: Mapping[str, Any]) -> dict[str, str]:
    # An expected child may have no name yet, and then shares nothing.
    given_name, family_name = identity["given_name"], identity["family_name"]
    born_on: date | None = identity["born_on"]
    return pairs(given_name, family_name, born_on) if given_name and family_name else {}
