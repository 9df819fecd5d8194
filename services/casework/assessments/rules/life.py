"""The life of an assessment, and what it needs to be completed. Pure."""

from collections.abc import Mapping, Sized
from enum import StrEnum


class AssessmentKind(StrEnum):
    """What an assessment is part of: the support of a case, or a school's duty (WOPFU)."""

    FUNCTIONAL = "functional"
    WOPFU = "wopfu"


class AssessmentState(StrEnum):
    """Where an assessment stands."""

    DRAFT = "draft"
    COMPLETED = "completed"
    ANNULLED = "annulled"


class AssessmentVerb(StrEnum):
    """What may be done to an assessment."""

    AMEND = "amend"
    COMPLETE = "complete"
    ANNUL = "annul"


TRANSITIONS: Mapping[AssessmentState, Mapping[AssessmentVerb, AssessmentState]] = {
    AssessmentState.DRAFT: {
        AssessmentVerb.AMEND: AssessmentState.DRAFT,
        AssessmentVerb.COMPLETE: AssessmentState.COMPLETED,
        # A draft as well: it is annulled and not deleted, since its event was told.
        AssessmentVerb.ANNUL: AssessmentState.ANNULLED,
    },
    AssessmentState.COMPLETED: {AssessmentVerb.ANNUL: AssessmentState.ANNULLED},
    AssessmentState.ANNULLED: {},
}
"""Where each verb leads.

What was completed is not changed: it is annulled, and assessed anew.
"""


def allowed_verbs(state: AssessmentState) -> list[AssessmentVerb]:
    """What may be done to an assessment in this state."""
    return list(TRANSITIONS[state])


class AssessmentNeed(StrEnum):
    """What an assessment may lack."""

    FINDING = "finding"
    STRENGTH = "strength"


def missing(findings: Sized, strengths: Sized) -> list[AssessmentNeed]:
    """What an assessment lacks to be completed: who assesses difficulties alone has not
    assessed the child.
    """
    present = {
        AssessmentNeed.FINDING: len(findings) > 0,
        AssessmentNeed.STRENGTH: len(strengths) > 0,
    }
    # All at once, so that nobody completes a draft by one refusal after the other.
    return [need for need, is_there in present.items() if not is_there]
