"""The life of a referral: states, reasons, and when an answer falls due. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.casework.laws.rules.values import LAWS, Laws, in_force


class ReferralState(StrEnum):
    """Where a referral stands."""

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
    """What may be done to a referral; only the calendar lets one expire."""

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
    """Who refers."""

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
"""Who refers their own child."""

# From every open state: nobody is kept waiting by a referral.
_LEAVING = {
    ReferralVerb.WITHDRAW: ReferralState.WITHDRAWN,
    ReferralVerb.EXPIRE: ReferralState.EXPIRED,
}
TRANSITIONS: Mapping[ReferralState, Mapping[ReferralVerb, ReferralState]] = {
    ReferralState.SENT: {ReferralVerb.RECEIVE: ReferralState.RECEIVED, **_LEAVING},
    # Declined from here on only: who declines has seen what it is about.
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
    # No way back: whoever wants to come after all is referred again.
    ReferralState.NO_SHOW: {},
    ReferralState.DECLINED: {},
    ReferralState.WITHDRAWN: {},
    ReferralState.EXPIRED: {},
}
"""Where each verb leads, in each state."""

# Read from the table, so that a new state cannot be forgotten here.
OPEN = frozenset(
    state for state, verbs in TRANSITIONS.items() if ReferralVerb.WITHDRAW in verbs
)
"""The states in which a referral waits for somebody."""

SEEN_BY_RECEIVER = OPEN - {ReferralState.SENT} | {ReferralState.COMPLETED}
"""When the institution that is asked sees who it is:
from the receipt on, and after support was given.
"""


def allowed_verbs(state: ReferralState) -> list[ReferralVerb]:
    """What people may do to a referral in this state."""
    # Expiry is the calendar's, and offered to nobody.
    return [verb for verb in TRANSITIONS[state] if verb is not ReferralVerb.EXPIRE]


def states_with(verb: ReferralVerb) -> list[ReferralState]:
    """The states in which a verb is allowed."""
    return [state for state, verbs in TRANSITIONS.items() if verb in verbs]


class Label(NamedTuple):
    """A text in both languages."""

    pl: str
    en: str


class ReferralReason(StrEnum):
    """Why a referral came to nothing."""

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
    """What is wrong with the reason of a transition; None when nothing.

    `missing`, `not_allowed`, or `note_missing` where another reason is not told in
    words.
    """
    reasons = REASONS_OF.get(verb, frozenset[ReferralReason]())
    if reason is None:
        return "missing" if reasons else None
    if reason not in reasons:
        return "not_allowed"
    is_untold = reason is ReferralReason.OTHER and not (note or "").strip()
    return "note_missing" if is_untold else None


def end_errors(
    verb: ReferralVerb,
    reason: ReferralReason | None,
    note: str | None,
    *,
    is_identified: bool,
) -> list[tuple[str, str]]:
    """Field and code of what is wrong with an end; empty when all is well.

    Of a child who is not identified no words are kept, and so no reason that needs
    them.
    """
    code = reason_error(verb, reason, note)
    # Words are sealed under the child's key: before somebody is named, there is none,
    # and under another they could not be erased with the child.
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
    """The last day of the step that a referral waits for; None where it waits no more.

    All are counted from the day of sending, by the values that held then. What is
    scheduled is to be completed on its day.
    """
    # Of the day of sending: a later change moves no day that people were told.
    terms = in_force(laws.reaction, sent_on)
    days = {
        ReferralState.SENT: terms.receive_days,
        ReferralState.RECEIVED: terms.decide_days,
        ReferralState.ACCEPTED: terms.begin_days,
        ReferralState.SCHEDULED: terms.begin_days,
    }
    # A day that was agreed on goes before the general term.
    if state is ReferralState.SCHEDULED and scheduled_on is not None:
        return scheduled_on
    return sent_on + timedelta(days=days[state]) if state in days else None


def days_overdue(due: date | None, today: date) -> int:
    """By how many days the last day has passed; 0 on it, before it and without one."""
    return max((today - due).days, 0) if due is not None else 0


def has_expired(
    state: ReferralState, sent_on: date, today: date, laws: Laws = LAWS
) -> bool:
    """Whether the time to begin is over for a referral that nobody has scheduled."""
    last = sent_on + timedelta(days=in_force(laws.reaction, sent_on).begin_days)
    # Once a meeting has its day, somebody has taken the child on.
    waits = state in OPEN and state is not ReferralState.SCHEDULED
    return waits and today > last
