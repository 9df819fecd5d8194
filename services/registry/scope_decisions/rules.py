"""The scope of a test at a location, decided by two parties together. Pure. Source 002,
domain 2.2 and 2.4.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

# `testing` as well: the step of the decision may be skipped, the signatures may not.
STEPS_AFTER_A_DECISION = frozenset({"scope_decision", "testing"})
"""Steps of a location that need a decision signed by both parties."""


class ScopeParty(StrEnum):
    """The parties that decide the scope together: the local coalition and the
    project's team.
    """

    COALITION = "coalition"
    PROJECT = "project"


class Signatures(Protocol):
    """Who signed a decision, and whether a later decision superseded it."""

    signed_by_coalition: str | None
    signed_by_project: str | None
    superseded_at: datetime | None


def wrong_spheres(spheres: Sequence[int], of_programme: Collection[int]) -> str | None:
    """The error in the chosen spheres, as a code; None when all of them are
    the programme's.
    """
    # A programme without spheres has no decisions on scope.
    if not of_programme:
        return "not_allowed"
    if len({*spheres}) != len(spheres):
        return "repeated"
    return None if {*spheres} <= {*of_programme} else "not_listed"


def missing_signatures(decision: Signatures | None) -> list[str]:
    """The parties that have not signed a decision; `["decision"]` where there is no decision at all."""
    if decision is None:
        return ["decision"]
    return [
        party.value
        for party in ScopeParty
        if getattr(decision, f"signed_by_{party}") is None
    ]


def signature_state(decision: Signatures) -> str:
    """The state of a decision: superseded, valid, proposed, or without one of its signatures."""
    if decision.superseded_at is not None:
        return "superseded"
    missing = missing_signatures(decision)
    if not missing:
        return "valid"
    if len(missing) == len(ScopeParty):
        return "proposed"
    return f"without_{missing[0]}"


def allowed_signatures(decision: Signatures) -> list[str]:
    """The signatures that a decision still accepts."""
    if decision.superseded_at is not None:
        return []
    return [f"sign-for-{party}" for party in missing_signatures(decision)]
