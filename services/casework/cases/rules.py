"""The states of a case, the needs of each transition, and its team. Pure."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.casework.laws.rules.values import LAWS, Laws, in_force


class CaseState(StrEnum):
    """The state of a case. A transferred case waits for the receiving county."""

    DRAFT = "draft"
    CONSENTED = "consented"
    ASSESSMENT = "assessment"
    TEAM_CONSULTATION = "team_consultation"
    PLAN_AGREED = "plan_agreed"
    IN_PROGRESS = "in_progress"
    UNDER_REVIEW = "under_review"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


class CaseVerb(StrEnum):
    """What may be done to a case."""

    CONSENT = "consent"
    ASSESS = "assess"
    CONSULT_TEAM = "consult-team"
    AGREE_PLAN = "agree-plan"
    START = "start"
    REVIEW = "review"
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    ACCEPT_TRANSFER = "accept-transfer"
    DECLINE_TRANSFER = "decline-transfer"
    WITHDRAW = "withdraw"


class Need(StrEnum):
    """What a transition may need; a refusal names the missing ones."""

    LEGAL_BASIS = "legal_basis"
    GUARDIAN = "guardian"
    COORDINATOR = "coordinator"
    ELIGIBILITY_DOCUMENT = "eligibility_document"
    ASSESSMENT = "assessment"
    TEAM_HEALTH = "team_health"
    TEAM_EDUCATION = "team_education"
    TEAM_SOCIAL_ASSISTANCE = "team_social_assistance"
    APPROVED_PLAN = "approved_plan"
    ACTIVE_PLAN = "active_plan"
    REVIEW = "review"
    RECEIVING_COUNTY = "receiving_county"
    RECEIVING_COUNTY_CONSENT = "receiving_county_consent"
    REASON = "reason"


class Sector(StrEnum):
    """The sectors that work together (source 000)."""

    HEALTH = "health"
    EDUCATION = "education"
    SOCIAL_ASSISTANCE = "social_assistance"
    FAMILY_SUPPORT = "family_support"


class SupportKind(StrEnum):
    """The five kinds of support (source 001)."""

    INFORMATIONAL = "informational"
    EMOTIONAL = "emotional"
    SOCIAL = "social"
    DIAGNOSTIC = "diagnostic"
    THERAPEUTIC = "therapeutic"


class Subject(StrEnum):
    """Whom a need, a strength or a goal is about (source 000)."""

    CHILD = "child"
    PUPIL = "pupil"
    FAMILY = "family"
    ENVIRONMENT = "environment"


# Family support is a sector, too, but no team must have it.
TEAM_SECTORS: Mapping[Sector, Need] = {
    Sector.HEALTH: Need.TEAM_HEALTH,
    Sector.EDUCATION: Need.TEAM_EDUCATION,
    Sector.SOCIAL_ASSISTANCE: Need.TEAM_SOCIAL_ASSISTANCE,
}
"""The three sectors without which a team is not whole (source 000)."""


class Transition(NamedTuple):
    """The next state (None: the one before the transfer), and what the verb needs."""

    to: CaseState | None
    needs: tuple[Need, ...] = ()


_TEAM = tuple(TEAM_SECTORS.values())
# Checked at each step of the work: a consent may be withdrawn, a coordinator may leave.
_ALWAYS = (Need.LEGAL_BASIS, Need.COORDINATOR)
_LEAVING: Mapping[CaseVerb, Transition] = {
    CaseVerb.TRANSFER: Transition(
        CaseState.TRANSFERRED,
        (Need.RECEIVING_COUNTY, Need.RECEIVING_COUNTY_CONSENT, Need.REASON),
    ),
    CaseVerb.WITHDRAW: Transition(CaseState.WITHDRAWN, (Need.REASON,)),
}

TRANSITIONS: Mapping[CaseState, Mapping[CaseVerb, Transition]] = {
    CaseState.DRAFT: {
        CaseVerb.CONSENT: Transition(
            CaseState.CONSENTED, (Need.LEGAL_BASIS, Need.GUARDIAN)
        ),
        **_LEAVING,
    },
    CaseState.CONSENTED: {
        CaseVerb.ASSESS: Transition(
            CaseState.ASSESSMENT, (*_ALWAYS, Need.ELIGIBILITY_DOCUMENT)
        ),
        **_LEAVING,
    },
    CaseState.ASSESSMENT: {
        CaseVerb.CONSULT_TEAM: Transition(
            CaseState.TEAM_CONSULTATION, (*_ALWAYS, Need.ASSESSMENT, *_TEAM)
        ),
        **_LEAVING,
    },
    CaseState.TEAM_CONSULTATION: {
        CaseVerb.AGREE_PLAN: Transition(
            CaseState.PLAN_AGREED, (*_ALWAYS, *_TEAM, Need.APPROVED_PLAN)
        ),
        **_LEAVING,
    },
    CaseState.PLAN_AGREED: {
        CaseVerb.START: Transition(CaseState.IN_PROGRESS, (*_ALWAYS, Need.ACTIVE_PLAN)),
        **_LEAVING,
    },
    CaseState.IN_PROGRESS: {
        CaseVerb.REVIEW: Transition(CaseState.UNDER_REVIEW, (Need.COORDINATOR,)),
        **_LEAVING,
    },
    CaseState.UNDER_REVIEW: {
        CaseVerb.RESUME: Transition(
            CaseState.IN_PROGRESS, (*_ALWAYS, Need.REVIEW, Need.ACTIVE_PLAN)
        ),
        # Closing needs no legal basis: without one, the work must end anyway.
        CaseVerb.CLOSE: Transition(CaseState.CLOSED, (Need.REVIEW, Need.REASON)),
        **_LEAVING,
    },
    CaseState.CLOSED: {
        CaseVerb.REOPEN: Transition(CaseState.IN_PROGRESS, (*_ALWAYS, Need.REASON)),
    },
    CaseState.TRANSFERRED: {
        CaseVerb.ACCEPT_TRANSFER: Transition(None, _ALWAYS),
        CaseVerb.DECLINE_TRANSFER: Transition(None, (Need.REASON,)),
        # A family need not wait until two counties agree.
        CaseVerb.WITHDRAW: _LEAVING[CaseVerb.WITHDRAW],
    },
    # Final: a family that comes back gets a new case.
    CaseState.WITHDRAWN: {},
}
"""Everything that may be done to a case, in each state."""

OPEN = frozenset(
    # A case can be transferred exactly in the states in which it is worked on.
    state
    for state, verbs in TRANSITIONS.items()
    if CaseVerb.TRANSFER in verbs
)
"""The states in which a county works on a case."""
ENDED = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})


def allowed_verbs(state: CaseState) -> list[CaseVerb]:
    """What may be done to a case in this state."""
    return list(TRANSITIONS[state])


def state_after(
    state: CaseState, verb: CaseVerb, before_transfer: CaseState | None = None
) -> CaseState:
    """The state after an allowed verb; `before_transfer` is the one before a transfer.

    Raises KeyError for a verb that the state does not allow, ValueError for an answer
    to a transfer without an open state before it.
    """
    to = TRANSITIONS[state][verb].to
    if to is not None:
        return to
    if before_transfer not in OPEN:
        raise ValueError("the state before the transfer is not an open one")
    return before_transfer


class CaseFacts(NamedTuple):
    """The facts of a case that decide whether a transition is allowed.

    `has_guardian`: somebody may act for the child, the pupil of age or the expecting
    parent included. `has_legal_basis`: a consent or another basis holds for the county
    that has, or accepts, the case. `needs_eligibility`: it is led by a lead
    coordination centre (WOKRO).
    """

    has_legal_basis: bool = False
    has_guardian: bool = False
    has_coordinator: bool = False
    needs_eligibility: bool = False
    is_eligible: bool = False
    has_assessment: bool = False
    team_sectors: Collection[Sector] = ()
    has_approved_plan: bool = False
    has_active_plan: bool = False
    has_review: bool = False
    has_receiving_county: bool = False
    has_receiving_county_consent: bool = False
    has_reason: bool = False


def missing_sectors(sectors: Collection[Sector]) -> list[Sector]:
    """The sectors that a team still needs."""
    return [sector for sector in TEAM_SECTORS if sector not in sectors]


def missing(state: CaseState, verb: CaseVerb, facts: CaseFacts) -> list[Need]:
    """What an allowed transition still needs, in the order of its needs."""
    met = {
        Need.LEGAL_BASIS: facts.has_legal_basis,
        Need.GUARDIAN: facts.has_guardian,
        Need.COORDINATOR: facts.has_coordinator,
        # Required only in lead coordination centres (Dz.U. 2023 poz. 1801).
        Need.ELIGIBILITY_DOCUMENT: facts.is_eligible or not facts.needs_eligibility,
        Need.ASSESSMENT: facts.has_assessment,
        Need.APPROVED_PLAN: facts.has_approved_plan,
        Need.ACTIVE_PLAN: facts.has_active_plan,
        Need.REVIEW: facts.has_review,
        Need.RECEIVING_COUNTY: facts.has_receiving_county,
        Need.RECEIVING_COUNTY_CONSENT: facts.has_receiving_county_consent,
        Need.REASON: facts.has_reason,
    } | {need: sector in facts.team_sectors for sector, need in TEAM_SECTORS.items()}
    return [need for need in TRANSITIONS[state][verb].needs if not met[need]]


def is_eligible(documents: Collection[str], day: date, laws: Laws = LAWS) -> bool:
    """Whether a document of a child admits it to a lead coordination centre.

    `documents` are the kinds of the documents that are valid
    on the day and find a need.
    """
    return not in_force(laws.eligibility, day).documents.isdisjoint(documents)


class ChainStep(StrEnum):
    """The steps of a lead coordination centre for a child and its family, in order.

    Dz.U. 2023 poz. 1801 § 1(1) points 2 to 4: needs; directions and schedule, if a need
    follows; services, if they follow from the directions.
    """

    NEEDS = "needs"
    DIRECTIONS_AND_SCHEDULE = "directions_and_schedule"
    SERVICES = "services"


class StepStatus(StrEnum):
    """The status of a step of the chain."""

    DUE = "due"
    DONE = "done"
    WAITING = "waiting"
    NOT_NEEDED = "not_needed"


def chain(findings: Mapping[ChainStep, bool]) -> dict[ChainStep, StepStatus]:
    """The status of each step, by whether each step done found a need for the next.

    A step waits for the steps before it, and is not needed after a step that found no
    need. Findings of steps that wait or are not needed are ignored.
    """
    statuses = {}
    status = StepStatus.DUE
    for step in ChainStep:
        if status is StepStatus.DUE and step in findings:
            statuses[step] = StepStatus.DONE
            status = StepStatus.DUE if findings[step] else StepStatus.NOT_NEEDED
            continue
        statuses[step] = status
        status = StepStatus.WAITING if status is StepStatus.DUE else status
    return statuses
