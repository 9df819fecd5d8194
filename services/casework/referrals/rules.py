"""The states of a referral, its reasons, and its deadlines. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.casework.laws.rules.values import LAWS, Laws, in_force


class ReferralState(StrEnum):
    """The state of a referral."""

    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ReferralVerb(StrEnum):
    """What may be done to a referral; only a job uses `expire`."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    DECLINE = "decline"
    SCHEDULE = "schedule"
    COMPLETE = "complete"
    RECORD_NO_SHOW = "record-no-show"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class ReferralDirection(StrEnum):
    """Whether a referral comes to the county or goes out to a support service."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class ReferralOrigin(StrEnum):
    """The origin of a referral: who refers."""

    SCREENING = "screening"
    COUNSELLING_CENTRE = "counselling_centre"
    PARENT = "parent"
    EXPECTING_FAMILY = "expecting_family"
    INSTITUTION = "institution"
    CASE_TEAM = "case_team"


ORIGINS: Mapping[ReferralDirection, tuple[ReferralOrigin, ...]] = {
    ReferralDirection.INBOUND: (
        ReferralOrigin.SCREENING,
        ReferralOrigin.COUNSELLING_CENTRE,
        ReferralOrigin.PARENT,
        ReferralOrigin.EXPECTING_FAMILY,
        ReferralOrigin.INSTITUTION,
    ),
    ReferralDirection.OUTBOUND: (ReferralOrigin.CASE_TEAM,),
}
"""Who may refer in each direction."""

FAMILY = frozenset({ReferralOrigin.PARENT, ReferralOrigin.EXPECTING_FAMILY})
"""Origins in which a family refers its own child."""

# Possible from every open state, so that no referral waits for ever.
_LEAVING = {
    ReferralVerb.WITHDRAW: ReferralState.WITHDRAWN,
    ReferralVerb.EXPIRE: ReferralState.EXPIRED,
}
TRANSITIONS: Mapping[ReferralState, Mapping[ReferralVerb, ReferralState]] = {
    ReferralState.SENT: {ReferralVerb.RECEIVE: ReferralState.RECEIVED, **_LEAVING},
    # Declined only after the receipt, so that the receiver has read it.
    ReferralState.RECEIVED: {
        ReferralVerb.ACCEPT: ReferralState.ACCEPTED,
        ReferralVerb.DECLINE: ReferralState.DECLINED,
        **_LEAVING,
    },
    ReferralState.ACCEPTED: {
        ReferralVerb.SCHEDULE: ReferralState.SCHEDULED,
        **_LEAVING,
    },
    ReferralState.SCHEDULED: {
        ReferralVerb.COMPLETE: ReferralState.COMPLETED,
        ReferralVerb.RECORD_NO_SHOW: ReferralState.NO_SHOW,
        **_LEAVING,
    },
    ReferralState.COMPLETED: {},
    # Final: a family that wants to come later is referred again.
    ReferralState.NO_SHOW: {},
    ReferralState.DECLINED: {},
    ReferralState.WITHDRAWN: {},
    ReferralState.EXPIRED: {},
}
"""The state to which each verb leads, by state."""

# Derived from the table, so that a new state cannot be forgotten here.
OPEN = frozenset(
    state for state, verbs in TRANSITIONS.items() if ReferralVerb.WITHDRAW in verbs
)
"""The states in which a referral waits for somebody."""

SEEN_BY_RECEIVER = OPEN - {ReferralState.SENT} | {ReferralState.COMPLETED}
"""The states in which the receiving institution sees the child: from the receipt on,
and after completed support.
"""


def allowed_verbs(state: ReferralState) -> list[ReferralVerb]:
    """What people may do to a referral in this state."""
    # Without `expire`, which only the job uses.
    return [verb for verb in TRANSITIONS[state] if verb is not ReferralVerb.EXPIRE]


def states_with(verb: ReferralVerb) -> list[ReferralState]:
    """The states in which a verb is allowed."""
    return [state for state, verbs in TRANSITIONS.items() if verb in verbs]


class Label(NamedTuple):
    """A text in both languages."""

    pl: str
    en: str


class ReferralReason(StrEnum):
    """Why a referral was declined or withdrawn."""

    NO_CAPACITY = "no_capacity"
    NOT_ELIGIBLE = "not_eligible"
    OUT_OF_AREA = "out_of_area"
    WRONG_SERVICE = "wrong_service"
    INCOMPLETE_INFORMATION = "incomplete_information"
    ALREADY_SUPPORTED = "already_supported"
    FAMILY_DECLINED = "family_declined"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NEED_CEASED = "need_ceased"
    ENTERED_IN_ERROR = "entered_in_error"
    OTHER = "other"


REASONS: Mapping[ReferralReason, Label] = {
    ReferralReason.NO_CAPACITY: Label("brak wolnych miejsc", "no free places"),
    ReferralReason.NOT_ELIGIBLE: Label(
        "dziecko nie spełnia warunków przyjęcia", "the child does not qualify"
    ),
    ReferralReason.OUT_OF_AREA: Label(
        "poza obszarem działania placówki", "outside the institution's area"
    ),
    ReferralReason.WRONG_SERVICE: Label(
        "placówka nie udziela takiego wsparcia",
        "the institution does not give such support",
    ),
    ReferralReason.INCOMPLETE_INFORMATION: Label(
        "niepełne informacje w skierowaniu", "the referral is incomplete"
    ),
    ReferralReason.ALREADY_SUPPORTED: Label(
        "dziecko otrzymuje już to wsparcie", "the child already has this support"
    ),
    ReferralReason.FAMILY_DECLINED: Label(
        "rodzina zrezygnowała", "the family has declined"
    ),
    ReferralReason.CONSENT_WITHDRAWN: Label(
        "zgoda została wycofana", "the consent was withdrawn"
    ),
    ReferralReason.NEED_CEASED: Label("potrzeba ustała", "the need has ceased"),
    ReferralReason.ENTERED_IN_ERROR: Label(
        "wpisano omyłkowo", "it was entered in error"
    ),
    ReferralReason.OTHER: Label("inny powód", "another reason"),
}

REASONS_OF: Mapping[ReferralVerb, frozenset[ReferralReason]] = {
    ReferralVerb.DECLINE: frozenset(
        {
            ReferralReason.NO_CAPACITY,
            ReferralReason.NOT_ELIGIBLE,
            ReferralReason.OUT_OF_AREA,
            ReferralReason.WRONG_SERVICE,
            ReferralReason.INCOMPLETE_INFORMATION,
            ReferralReason.ALREADY_SUPPORTED,
            ReferralReason.OTHER,
        }
    ),
    ReferralVerb.WITHDRAW: frozenset(
        {
            ReferralReason.ALREADY_SUPPORTED,
            ReferralReason.FAMILY_DECLINED,
            ReferralReason.CONSENT_WITHDRAWN,
            ReferralReason.NEED_CEASED,
            ReferralReason.ENTERED_IN_ERROR,
            ReferralReason.OTHER,
        }
    ),
}
"""The verbs that need a reason: the receiver's, and the sender's."""


def reason_error(
    verb: ReferralVerb, reason: ReferralReason | None, note: str | None = None
) -> str | None:
    """The error code for the reason of a transition; None where it is right.

    `missing`, `not_allowed`, or `note_missing` for the reason `other` without a note.
    """
    reasons = REASONS_OF.get(verb, frozenset[ReferralReason]())
    if reason is None:
        return "missing" if reasons else None
    if reason not in reasons:
        return "not_allowed"
    lacks_note = reason is ReferralReason.OTHER and not (note or "").strip()
    return "note_missing" if lacks_note else None


def end_errors(
    verb: ReferralVerb,
    reason: ReferralReason | None,
    note: str | None,
    *,
    is_identified: bool,
) -> list[tuple[str, str]]:
    """The errors in the end of a referral, each as field and code; empty where there
    are none.

    While the child is not identified no text can be stored,
    and so no reason that needs one.
    """
    code = reason_error(verb, reason, note)
    # Texts are sealed with the child's key. There is none before the identification,
    # and with another key the text could not be erased with the child.
    if not is_identified and code in {None, "note_missing"}:
        wrong = [("note", "not_allowed")] if note is not None else []
        needs_words = reason is ReferralReason.OTHER
        return [*wrong, ("reason", "not_allowed")] if needs_words else wrong
    field = "note" if code == "note_missing" else "reason"
    return [] if code is None else [(field, code)]


def due_on(
    state: ReferralState,
    sent_on: date,
    scheduled_on: date | None = None,
    laws: Laws = LAWS,
) -> date | None:
    """The last day for the next step of a referral; None once it has ended.

    All are counted from the day of sending, by the values of law of that day. A
    scheduled referral is due on the day of its meeting.
    """
    # By the law of the day of sending: a later change must not move days
    # that people know.
    terms = in_force(laws.reaction, sent_on)
    days = {
        ReferralState.SENT: terms.receive_days,
        ReferralState.RECEIVED: terms.decide_days,
        ReferralState.ACCEPTED: terms.begin_days,
        ReferralState.SCHEDULED: terms.begin_days,
    }
    # The agreed day takes precedence over the general term.
    if state is ReferralState.SCHEDULED and scheduled_on is not None:
        return scheduled_on
    return sent_on + timedelta(days=days[state]) if state in days else None


def days_overdue(due: date | None, today: date) -> int:
    """The number of days since the last day; 0 on or before it, or without one."""
    return max((today - due).days, 0) if due is not None else 0


def has_expired(
    state: ReferralState, sent_on: date, today: date, laws: Laws = LAWS
) -> bool:
    """Whether the time to begin is over for a referral that is not scheduled."""
    last = sent_on + timedelta(days=in_force(laws.reaction, sent_on).begin_days)
    # Not once a meeting is scheduled, because then the child has been accepted.
    waits = state in OPEN and state is not ReferralState.SCHEDULED
    return waits and today > last
