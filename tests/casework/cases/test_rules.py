"""The life of a case by its table of states, and what each transition needs."""

from collections.abc import Iterable
from datetime import date
from itertools import chain as joined
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.cases.rules import (
    OPEN,
    TRANSITIONS,
    CaseFacts,
    CaseState,
    CaseVerb,
    ChainStep,
    Need,
    Sector,
    StepStatus,
    allowed_verbs,
    chain,
    is_eligible,
    missing,
    missing_sectors,
    state_after,
)

DAY = date(2026, 3, 2)
WHOLE_TEAM = (Sector.HEALTH, Sector.EDUCATION, Sector.SOCIAL_ASSISTANCE)
ALL = CaseFacts(
    has_legal_basis=True,
    has_guardian=True,
    has_coordinator=True,
    needs_eligibility=True,
    is_eligible=True,
    has_assessment=True,
    team_sectors=WHOLE_TEAM,
    has_approved_plan=True,
    has_active_plan=True,
    has_review=True,
    has_receiving_county=True,
    has_receiving_county_consent=True,
    has_reason=True,
)
STEPS = [(CaseState(state), verb) for state, verbs in TRANSITIONS.items() for verb in verbs]


def walk(verbs: Iterable[CaseVerb], state: CaseState = CaseState.DRAFT) -> CaseState:
    for verb in verbs:
        state = state_after(state, verb)
    return state


def test_a_case_goes_from_draft_to_closed_and_back() -> None:
    states = [CaseState.DRAFT]
    for verb in (
        CaseVerb.CONSENT,
        CaseVerb.ASSESS,
        CaseVerb.CONSULT_TEAM,
        CaseVerb.AGREE_PLAN,
        CaseVerb.START,
        CaseVerb.REVIEW,
        CaseVerb.RESUME,
        CaseVerb.REVIEW,
        CaseVerb.CLOSE,
        CaseVerb.REOPEN,
    ):
        states.append(state_after(states[-1], verb))
    assert states == [
        "draft",
        "consented",
        "assessment",
        "team_consultation",
        "plan_agreed",
        "in_progress",
        "under_review",
        "in_progress",
        "under_review",
        "closed",
        "in_progress",
    ]


def test_any_open_case_can_be_transferred_or_withdrawn_and_no_other() -> None:
    ended = {CaseState.CLOSED, CaseState.TRANSFERRED, CaseState.WITHDRAWN}
    assert set(CaseState) - ended == OPEN
    movable = {state for state in CaseState if CaseVerb.TRANSFER in allowed_verbs(state)}
    withdrawable = {state for state in CaseState if CaseVerb.WITHDRAW in allowed_verbs(state)}
    assert movable == OPEN
    assert withdrawable == OPEN | {CaseState.TRANSFERRED}


def test_a_withdrawn_case_stays_so() -> None:
    assert allowed_verbs(CaseState.WITHDRAWN) == []


@pytest.mark.parametrize("verb", [CaseVerb.ACCEPT_TRANSFER, CaseVerb.DECLINE_TRANSFER])
def test_an_answer_to_a_transfer_leads_back_to_the_state_before(verb: CaseVerb) -> None:
    for before in OPEN:
        assert state_after(CaseState.TRANSFERRED, verb, before) is before
    for no_state in (None, CaseState.CLOSED, CaseState.TRANSFERRED):
        with pytest.raises(ValueError, match="before the transfer"):
            state_after(CaseState.TRANSFERRED, verb, no_state)


def test_every_state_is_reached_from_a_draft() -> None:
    reached = {CaseState.DRAFT}
    for _ in CaseState:
        steps = joined.from_iterable(TRANSITIONS[state].values() for state in reached)
        reached |= {step.to for step in list(steps) if step.to is not None}
    assert reached == set(CaseState)


@pytest.mark.parametrize(("state", "verb"), STEPS)
def test_nothing_is_missing_where_all_is_there(state: CaseState, verb: CaseVerb) -> None:
    assert missing(state, verb, ALL) == []


@pytest.mark.parametrize(("state", "verb"), STEPS)
def test_where_nothing_is_there_all_needs_are_named(state: CaseState, verb: CaseVerb) -> None:
    nothing = CaseFacts(needs_eligibility=True)
    assert missing(state, verb, nothing) == list(TRANSITIONS[state][verb].needs)


@pytest.mark.parametrize(
    ("state", "verb", "lost", "needed"),
    [
        ("draft", "consent", {"has_legal_basis": False}, "legal_basis"),
        ("draft", "consent", {"has_guardian": False}, "guardian"),
        ("consented", "assess", {"is_eligible": False}, "eligibility_document"),
        ("consented", "assess", {"has_coordinator": False}, "coordinator"),
        ("assessment", "consult-team", {"has_assessment": False}, "assessment"),
        ("team_consultation", "agree-plan", {"has_approved_plan": False}, "approved_plan"),
        ("plan_agreed", "start", {"has_active_plan": False}, "active_plan"),
        ("plan_agreed", "start", {"has_legal_basis": False}, "legal_basis"),
        ("under_review", "close", {"has_review": False}, "review"),
        ("under_review", "close", {"has_reason": False}, "reason"),
        ("closed", "reopen", {"has_reason": False}, "reason"),
        ("in_progress", "transfer", {"has_receiving_county": False}, "receiving_county"),
        (
            "in_progress",
            "transfer",
            {"has_receiving_county_consent": False},
            "receiving_county_consent",
        ),
        ("transferred", "accept-transfer", {"has_coordinator": False}, "coordinator"),
    ],
)
def test_the_one_thing_that_is_missing_is_named(state: str, verb: str, lost: dict[str, Any], needed: str) -> None:
    facts = ALL._replace(**lost)
    assert missing(CaseState(state), CaseVerb(verb), facts) == [needed]


def test_only_a_lead_centre_needs_a_document_of_eligibility() -> None:
    facts = ALL._replace(is_eligible=False, needs_eligibility=False)
    assert missing(CaseState.CONSENTED, CaseVerb.ASSESS, facts) == []


@given(st.sets(st.sampled_from(Sector)))
def test_a_team_needs_health_education_and_social_assistance(
    sectors: set[Sector],
) -> None:
    lacking = [sector for sector in WHOLE_TEAM if sector not in sectors]
    assert missing_sectors(sectors) == lacking
    facts = ALL._replace(team_sectors=sectors)
    assert missing(CaseState.ASSESSMENT, CaseVerb.CONSULT_TEAM, facts) == [Need(f"team_{sector}") for sector in lacking]


@pytest.mark.parametrize(
    "document",
    [
        "early_support_need_opinion",
        "special_education_ruling",
        "rehabilitation_classes_ruling",
        "medical_certificate",
        "disability_ruling",
        "medical_documentation",
    ],
)
def test_any_one_of_six_documents_admits_to_a_lead_centre(document: str) -> None:
    assert is_eligible([document, "individual_teaching_ruling"], DAY)


def test_another_document_or_none_does_not_admit() -> None:
    assert not is_eligible([], DAY)
    assert not is_eligible(["individual_teaching_ruling"], DAY)


N, D, S = ChainStep
DUE, DONE, WAITING, NOT_NEEDED = StepStatus


@pytest.mark.parametrize(
    ("findings", "statuses"),
    [
        ({}, [DUE, WAITING, WAITING]),
        ({N: True}, [DONE, DUE, WAITING]),
        ({N: False}, [DONE, NOT_NEEDED, NOT_NEEDED]),
        ({N: True, D: False}, [DONE, DONE, NOT_NEEDED]),
        ({N: True, D: True}, [DONE, DONE, DUE]),
        ({N: True, D: True, S: False}, [DONE, DONE, DONE]),
        ({D: True}, [DUE, WAITING, WAITING]),
        ({N: False, D: True, S: True}, [DONE, NOT_NEEDED, NOT_NEEDED]),
    ],
)
def test_each_step_of_the_centre_follows_only_if_the_one_before_found_a_need(
    findings: dict[ChainStep, bool], statuses: list[StepStatus]
) -> None:
    assert list(chain(findings).values()) == statuses


@given(st.dictionaries(st.sampled_from(ChainStep), st.booleans()))
def test_at_most_one_step_is_due(findings: dict[ChainStep, bool]) -> None:
    statuses = list(chain(findings).values())
    assert statuses.count(DUE) <= 1
    assert statuses == sorted(statuses, key=[DONE, DUE, WAITING, NOT_NEEDED].index)
