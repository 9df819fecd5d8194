"""The life of a plan's version, and what it needs to be proposed and approved. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from services.casework.cases.rules import Subject


class PlanState(StrEnum):
    """Where a version of a plan stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    COMPLETED = "completed"


class PlanVerb(StrEnum):
    """What may be done to a version of a plan."""

    AMEND = "amend"
    PROPOSE = "propose"
    RETURN = "return"
    APPROVE = "approve"
    ACTIVATE = "activate"
    SUPERSEDE = "supersede"
    COMPLETE = "complete"


TRANSITIONS: Mapping[PlanState, Mapping[PlanVerb, PlanState]] = {
    PlanState.DRAFT: {
        PlanVerb.AMEND: PlanState.DRAFT,
        PlanVerb.PROPOSE: PlanState.PROPOSED,
    },
    # Not amended while people read it: they would approve another text.
    PlanState.PROPOSED: {
        PlanVerb.APPROVE: PlanState.APPROVED,
        PlanVerb.RETURN: PlanState.DRAFT,
    },
    PlanState.APPROVED: {PlanVerb.ACTIVATE: PlanState.ACTIVE},
    PlanState.ACTIVE: {
        # Nobody asks for this one: it follows when the next version is activated.
        PlanVerb.SUPERSEDE: PlanState.SUPERSEDED,
        PlanVerb.COMPLETE: PlanState.COMPLETED,
    },
    PlanState.SUPERSEDED: {},
    PlanState.COMPLETED: {},
}
"""Where each verb leads. A version is superseded when the next one becomes active."""


def allowed_verbs(state: PlanState) -> list[PlanVerb]:
    """What may be done to a version in this state."""
    return list(TRANSITIONS[state])


class PlanNeed(StrEnum):
    """What a version may lack: the name of what is missing in a refusal."""

    GOAL = "goal"
    FAMILY_GOAL = "family_goal"
    RECOMMENDATION = "recommendation"
    GUARDIAN_APPROVAL = "guardian_approval"
    TEAM_APPROVAL = "team_approval"


def missing_to_propose(
    subjects: Collection[Subject], recommendations: int
) -> list[PlanNeed]:
    """What a draft still needs, by the subjects of its goals.

    Support is centred on the family (source 001): a plan without a goal for it is not
    whole.
    """
    met = {
        PlanNeed.GOAL: bool(subjects),
        PlanNeed.FAMILY_GOAL: Subject.FAMILY in subjects,
        PlanNeed.RECOMMENDATION: recommendations > 0,
    }
    return [need for need, is_met in met.items() if not is_met]


class ApproverRole(StrEnum):
    """How somebody approves. A pupil of age does in the guardian's place."""

    GUARDIAN = "guardian"
    TEAM_MEMBER = "team_member"


class Approval(NamedTuple):
    """Who has approved a version."""

    role: ApproverRole
    by: str


def missing_to_approve(
    approvals: Collection[Approval], written_by: str
) -> list[PlanNeed]:
    """Whose approval a proposed version still needs; without any it becomes approved.

    A guardian approves, and a member of the team who has not written it: so it is never
    approved by its author alone, in whatever roles.
    """
    # By account: who approves twice is one person still.
    by_guardian = {each.by for each in approvals if each.role is ApproverRole.GUARDIAN}
    by_team = {each.by for each in approvals if each.role is ApproverRole.TEAM_MEMBER}
    met = {
        PlanNeed.GUARDIAN_APPROVAL: bool(by_guardian),
        PlanNeed.TEAM_APPROVAL: bool(by_team - {written_by}),
    }
    return [need for need, is_met in met.items() if not is_met]
