"""The states of an assessment, and what it needs to be completed. Pure."""

from collections.abc import Mapping, Sized
from enum import StrEnum


class AssessmentKind(StrEnum):
    """The purpose of an assessment: support of a case, or a school's duty (WOPFU)."""

    FUNCTIONAL = "functional"
    WOPFU = "wopfu"


class AssessmentState(StrEnum):
    """The state of an assessment."""

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
        # A draft as well: it is annulled and not deleted,
        # because its event was published.
        AssessmentVerb.ANNUL: AssessmentState.ANNULLED,
    },
    AssessmentState.COMPLETED: {AssessmentVerb.ANNUL: AssessmentState.ANNULLED},
    AssessmentState.ANNULLED: {},
}
"""Where each verb leads.

A completed assessment is not changed: it is annulled, and a new one is made.
"""


def allowed_verbs(state: AssessmentState) -> list[AssessmentVerb]:
    """What may be done to an assessment in this state."""
    return list(TRANSITIONS[state])


class AssessmentNeed(StrEnum):
    """What an assessment may lack."""

    FINDING = "finding"
    STRENGTH = "strength"


def missing(findings: Sized, strengths: Sized) -> list[AssessmentNeed]:
    """What an assessment lacks to be completed. Difficulties alone are not an
    assessment of the child, so it needs a strength, too.
    """
    present = {
        AssessmentNeed.FINDING: len(findings) > 0,
        AssessmentNeed.STRENGTH: len(strengths) > 0,
    }
    # All at once, so that the assessor is not refused several times in a row.
    return [need for need, is_there in present.items() if not is_there]
