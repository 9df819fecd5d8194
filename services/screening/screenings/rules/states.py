"""The states of a screening and the verbs that are allowed in each."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """The state of a screening.

    A screening whose form has no scales stays submitted: there is no result to confirm.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCORED = "scored"
    CONFIRMED = "confirmed"
    ANNULLED = "annulled"


class Verb(StrEnum):
    """What may be done to a screening."""

    AMEND = "amend"
    SUBMIT = "submit"
    CONFIRM = "confirm"
    RETURN = "return"
    CONSENT = "consent"
    ANNUL = "annul"


_ALLOWED: Mapping[str, tuple[Verb, ...]] = {
    State.DRAFT: (Verb.AMEND, Verb.SUBMIT, Verb.ANNUL),
    # Without a result there is nothing to confirm and no reason for a referral.
    State.SUBMITTED: (Verb.RETURN, Verb.ANNUL),
    State.SCORED: (Verb.CONFIRM, Verb.RETURN, Verb.CONSENT, Verb.ANNUL),
    State.CONFIRMED: (Verb.CONSENT, Verb.ANNUL),
    State.ANNULLED: (),
}
COUNTED = frozenset({State.SUBMITTED, State.SCORED, State.CONFIRMED})
"""The states in which a screening counts in its campaign."""


def allowed_verbs(state: str) -> list[Verb]:
    """The verbs that are allowed in this state."""
    return list(_ALLOWED[state])
