"""The states of a plan's version, and what it needs to be proposed and approved. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from services.casework.cases.rules import Subject


class PlanState(StrEnum):
    """The state of a version of a plan."""

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
    # Not amended while it is proposed: people would approve another text
    # than they have read.
    PlanState.PROPOSED: {
        PlanVerb.APPROVE: PlanState.APPROVED,
        PlanVerb.RETURN: PlanState.DRAFT,
    },
    PlanState.APPROVED: {PlanVerb.ACTIVATE: PlanState.ACTIVE},
    PlanState.ACTIVE: {
        # No endpoint has this verb: it is applied when the next version is activated.
        PlanVerb.SUPERSEDE: PlanState.SUPERSEDED,
        PlanVerb.COMPLETE: PlanState.COMPLETED,
    },
    PlanState.SUPERSEDED: {},
    PlanState.COMPLETED: {},
}
"""The state to which each verb leads, by state. A version is superseded when the next
one becomes active.
"""


def allowed_verbs(state: PlanState) -> list[PlanVerb]:
    """What may be done to a version in this state."""
    return list(TRANSITIONS[state])


class PlanNeed(StrEnum):
    """What a version may lack; a refusal names the missing ones."""

    GOAL = "goal"
    FAMILY_GOAL = "family_goal"
    RECOMMENDATION = "recommendation"
    GUARDIAN_APPROVAL = "guardian_approval"
    TEAM_APPROVAL = "team_approval"


def missing_to_propose(
    subjects: Collection[Subject], recommendations: int
) -> list[PlanNeed]:
    """What a draft still needs, by the subjects of its goals.

    Support is centred on the family (source 001), so a plan must have a goal for it.
    """
    met = {
        PlanNeed.GOAL: bool(subjects),
        PlanNeed.FAMILY_GOAL: Subject.FAMILY in subjects,
        PlanNeed.RECOMMENDATION: recommendations > 0,
    }
    return [need for need, is_met in met.items() if not is_met]


class ApproverRole(StrEnum):
    """The role of an approver. A pupil of age approves in the guardian's place."""

    GUARDIAN = "guardian"
    TEAM_MEMBER = "team_member"


class Approval(NamedTuple):
    """An approval of a version: the role and the account."""

    role: ApproverRole
    by: str


def missing_to_approve(
    approvals: Collection[Approval], written_by: str
) -> list[PlanNeed]:
    """The approvals that a proposed version still needs; if empty, it becomes approved.

    Needed are a guardian's approval and that of a member of the team other than the
    author, so an author alone can never approve it, in any role.
    """
    # Counted by account: two approvals of one account are one.
    by_guardian = {each.by for each in approvals if each.role is ApproverRole.GUARDIAN}
    by_team = {each.by for each in approvals if each.role is ApproverRole.TEAM_MEMBER}
    met = {
        PlanNeed.GUARDIAN_APPROVAL: bool(by_guardian),
        PlanNeed.TEAM_APPROVAL: bool(by_team - {written_by}),
    }
    return [need for need, is_met in met.items() if not is_met]
