"""The life of a referral, its reasons, and whether an answer is overdue."""

from datetime import date, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.laws.rules.values import HOUSE, LAWS, Reaction
from services.casework.referrals.rules import (
    OPEN,
    ORIGINS,
    REASONS,
    REASONS_OF,
    TRANSITIONS,
    ReferralOrigin,
    ReferralReason,
    ReferralState,
    ReferralVerb,
    allowed_verbs,
    days_overdue,
    due_on,
    has_expired,
    reason_error,
    states_with,
)

SENT_ON = date(2026, 3, 2)
DAYS = st.dates(date(2018, 1, 1), date(2080, 1, 1))


def test_a_referral_is_sent_received_accepted_scheduled_and_completed() -> None:
    state = ReferralState.SENT
    states = [state]
    for verb in (
        ReferralVerb.RECEIVE,
        ReferralVerb.ACCEPT,
        ReferralVerb.SCHEDULE,
        ReferralVerb.COMPLETE,
    ):
        state = TRANSITIONS[state][verb]
        states.append(state)
    assert states == ["sent", "received", "accepted", "scheduled", "completed"]


def test_only_a_received_referral_is_declined_and_only_a_scheduled_one_missed() -> None:
    assert states_with(ReferralVerb.DECLINE) == ["received"]
    assert states_with(ReferralVerb.RECORD_NO_SHOW) == ["scheduled"]
    missed = TRANSITIONS[ReferralState.SCHEDULED][ReferralVerb.RECORD_NO_SHOW]
    assert missed is ReferralState.NO_SHOW


def test_an_open_referral_is_withdrawn_or_expires_and_an_ended_one_stays() -> None:
    open_states = ["sent", "received", "accepted", "scheduled"]
    assert states_with(ReferralVerb.WITHDRAW) == open_states
    assert states_with(ReferralVerb.EXPIRE) == open_states
    for state in set(ReferralState) - OPEN:
        assert allowed_verbs(state) == []


def test_nobody_is_offered_to_let_a_referral_expire() -> None:
    assert allowed_verbs(ReferralState.RECEIVED) == ["accept", "decline", "withdraw"]


def test_every_state_is_reached_from_a_sent_referral() -> None:
    reached = chain(["sent"], *(verbs.values() for verbs in TRANSITIONS.values()))
    assert set(reached) == set(ReferralState)


def test_every_origin_refers_in_one_direction() -> None:
    assert sorted(chain(*ORIGINS.values())) == sorted(ReferralOrigin)


def test_every_reason_is_said_in_both_languages_and_serves_a_verb() -> None:
    assert REASONS.keys() == set(ReferralReason) == frozenset().union(*REASONS_OF.values())
    texts = list(chain(*REASONS.values()))
    assert all(texts)
    assert len({*texts}) == 2 * len(ReferralReason)


@pytest.mark.parametrize(
    ("verb", "reason", "note", "error"),
    [
        ("decline", None, None, "missing"),
        ("decline", "no_capacity", None, None),
        ("decline", "family_declined", None, "not_allowed"),
        ("decline", "other", None, "note_missing"),
        ("decline", "other", "  ", "note_missing"),
        ("decline", "other", "the therapist has left", None),
        ("withdraw", "consent_withdrawn", None, None),
        ("withdraw", "no_capacity", None, "not_allowed"),
        ("withdraw", None, "a note", "missing"),
        ("accept", None, None, None),
        ("accept", "other", "a note", "not_allowed"),
    ],
)
def test_a_referral_ends_for_a_reason_that_fits_the_verb(
    verb: str, reason: str | None, note: str | None, error: str | None
) -> None:
    given_reason = None if reason is None else ReferralReason(reason)
    assert reason_error(ReferralVerb(verb), given_reason, note) == error


@pytest.mark.parametrize(
    ("state", "due"),
    [
        ("sent", date(2026, 3, 9)),
        ("received", date(2026, 3, 16)),
        ("accepted", date(2026, 5, 1)),
        ("scheduled", date(2026, 5, 1)),
        ("completed", None),
        ("declined", None),
    ],
)
def test_each_step_has_its_last_day_from_the_day_of_sending(state: str, due: date | None) -> None:
    assert due_on(ReferralState(state), SENT_ON) == due


def test_what_is_scheduled_is_due_on_its_day_and_nothing_else_is() -> None:
    day = date(2026, 4, 7)
    assert due_on(ReferralState.SCHEDULED, SENT_ON, day) == day
    assert due_on(ReferralState.COMPLETED, SENT_ON, day) is None
    assert due_on(ReferralState.ACCEPTED, SENT_ON, day) == date(2026, 5, 1)


def test_a_county_sets_its_own_days_from_a_day_on() -> None:
    ours = Reaction(date(2026, 3, 2), HOUSE, 1, 2, 3, 12)
    laws = LAWS._replace(reaction=(*LAWS.reaction, ours))
    assert due_on(ReferralState.SENT, SENT_ON, laws=laws) == date(2026, 3, 3)
    before = SENT_ON - timedelta(days=1)
    assert due_on(ReferralState.SENT, before, laws=laws) == date(2026, 3, 8)


def test_an_answer_is_overdue_from_the_day_after_its_last() -> None:
    due = date(2026, 3, 16)
    assert days_overdue(due, date(2026, 3, 15)) == 0
    assert days_overdue(due, due) == 0
    assert days_overdue(due, date(2026, 3, 18)) == 2
    assert days_overdue(None, date(2036, 1, 1)) == 0


@given(DAYS)
def test_no_step_is_due_before_the_step_before_it(sent_on: date) -> None:
    due = [due_on(state, sent_on) for state in TRANSITIONS if state in OPEN]
    days = [day for day in due if day is not None]
    assert days == sorted(days)
    assert days[0] > sent_on
    assert len(days) == len(OPEN)


def test_a_referral_expires_when_nothing_was_scheduled_in_time() -> None:
    last = date(2026, 5, 1)
    for state in (ReferralState.SENT, ReferralState.RECEIVED, ReferralState.ACCEPTED):
        assert not has_expired(state, SENT_ON, last)
        assert has_expired(state, SENT_ON, last + timedelta(days=1))
    for state in (ReferralState.SCHEDULED, ReferralState.DECLINED):
        assert not has_expired(state, SENT_ON, date(2036, 1, 1))
