"""What of a model is tested at a location, decided by two parties together. Pure. Source 002, domain 2.2 and 2.4."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

STEPS_AFTER_A_DECISION = frozenset({"scope_decision", "testing"})
"""Steps of a location that stand on a decision signed by both parties."""


class ScopeParty(StrEnum):
    """Who decides the scope together: the local coalition and the project's team."""

    COALITION = "coalition"
    PROJECT = "project"


def wrong_spheres(spheres: Sequence[int], of_programme: Collection[int]) -> str | None:
    """What is wrong with the spheres chosen; None when they are some of the programme's."""
    if not of_programme:
        return "not_allowed"
    if len({*spheres}) != len(spheres):
        return "repeated"
    return None if {*spheres} <= {*of_programme} else "not_listed"


def missing_signatures(decision: Any) -> list[str]:
    """Whose signature a decision lacks; `decision` stands for the decision itself where there is none."""
    if decision is None:
        return ["decision"]
    return [
        party.value
        for party in ScopeParty
        if getattr(decision, f"signed_by_{party}") is None
    ]


def signature_state(decision: Any) -> str:
    """The state of a decision in one word."""
    if decision.superseded_at is not None:
        return "superseded"
    missing = missing_signatures(decision)
    return (
        "valid"
        if not missing
        else "proposed"
        if len(missing) == len(ScopeParty)
        else f"without_{missing[0]}"
    )


def allowed_signatures(decision: Any) -> list[str]:
    """The signatures that a decision still takes."""
    open_ = [] if decision.superseded_at is not None else missing_signatures(decision)
    return [f"sign-for-{party}" for party in open_]
