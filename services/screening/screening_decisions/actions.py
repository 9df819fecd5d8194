"""Every decision of a person about a screening."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.data.work import Change, Stored
from services.chassis.web.batches import Verdict, judge_each
from services.screening.campaigns.actions import ask_for_release
from services.screening.campaigns.queries import lock_open_campaign
from services.screening.permissions import Permission
from services.screening.screening_decisions import queries
from services.screening.screening_decisions.rules import (
    calls_for_referral,
    consent_event,
)
from services.screening.screening_decisions.schemas import (
    ConfirmationBatch,
    ConfirmationItem,
    ScreeningAnnul,
    ScreeningConfirm,
    ScreeningConsent,
    ScreeningReturn,
)
from services.screening.screenings.actions import (
    change_screening,
    count_screening,
    lock_screening_for,
    record_change,
    tell_of_screening,
)
from services.screening.screenings.queries import get_screening
from services.screening.screenings.rules.states import COUNTED, State, Verb

_OF_SUBMISSION = (
    *("result", "outcome", "norm_set_id", "has_consent", "consent_recorded_by"),
    *("consent_recorded_at", "submitted_by", "submitted_at", "scored_at"),
)
"""The columns that a return empties: those of the result, the consent and the submission."""


async def confirm_screening(
    change: Change,
    screening_id: UUID,
    confirmation: ScreeningConfirm,
    version: int,
    now: datetime,
) -> Stored:
    """Confirm a result as a person; a positive result needs a second person.

    An event announces a positive result with consent to those who make referrals.
    """
    screening = await lock_screening_for(
        change, Permission.CONFIRM_SCREENINGS, Verb.CONFIRM, screening_id, version
    )
    # Under the lock: accepting a re-scoring meanwhile would add a person who produced
    # the result.
    await queries.require_second_person(change, screening)
    columns = {
        "state": State.CONFIRMED,
        "confirmed_by": change.caller.subject,
        "confirmed_at": now,
    }
    consent = screening.has_consent
    # Only an answer that differs from the present one is new: then this person is
    # stored in `consent_recorded_by`.
    if confirmation.consent_to_refer not in {None, consent}:
        consent = confirmation.consent_to_refer
        columns |= _consent_columns(change, consent, now)
    stored = await change_screening(change, screening_id, columns)
    record_change(change, "confirm_screening", "confirmed", screening, stored.version)
    # Changes start a release of the counts. A read never does: a reader could choose
    # the moment.
    if screening.campaign_id is not None:
        await ask_for_release(change, screening.campaign_id)
    if calls_for_referral(State.CONFIRMED, screening.outcome, consent):
        tell_of_screening(change, "confirmed-positive", screening, stored.version)
    return stored


async def confirm_screenings(
    change: Change, batch: ConfirmationBatch, now: datetime
) -> list[Verdict]:
    """Confirm each of many screenings separately, as if it had been sent alone."""

    async def confirm_item(item: ConfirmationItem) -> Stored:
        return await confirm_screening(change, item.id, item, item.version, now)

    return await judge_each(change, ConfirmationItem, batch.items, confirm_item)


def _consent_columns(
    change: Change, has_consent: bool | None, now: datetime
) -> dict[str, Any]:
    """The columns for the guardian's answer, the account that recorded it and the time."""
    return {
        # The controller must be able to prove a consent (GDPR, art. 7(1)).
        "has_consent": has_consent,
        "consent_recorded_by": change.caller.subject,
        "consent_recorded_at": now,
    }


async def record_consent(
    change: Change,
    screening_id: UUID,
    consent: ScreeningConsent,
    version: int,
    now: datetime,
) -> Stored:
    """Record that the guardian now agrees, refuses or withdraws the consent.

    An answer that is already recorded changes nothing and causes no event.
    """
    screening = await lock_screening_for(
        change, Permission.CONFIRM_SCREENINGS, Verb.CONSENT, screening_id, version
    )
    has_consent = consent.consent_to_refer
    event = consent_event(screening.has_consent, has_consent)
    if event is None:
        return await get_screening(change, screening_id)
    columns = _consent_columns(change, has_consent, now)
    stored = await change_screening(change, screening_id, columns)
    record_change(change, "record_consent", event, screening, stored.version)
    if calls_for_referral(screening.state, screening.outcome, has_consent):
        # The same event as for a confirmation, so that followers need only one
        # type of event.
        tell_of_screening(change, "confirmed-positive", screening, stored.version)
    return await get_screening(change, screening_id)


async def return_screening(
    change: Change,
    screening_id: UUID,
    returning: ScreeningReturn,
    version: int,
    now: datetime,
) -> Stored:
    """Send a form back to the person who filled it in: it is a draft again and not counted.

    Result, consent, and account and time of the submission are emptied;
    the answers stay.
    """
    screening = await lock_screening_for(
        change, Permission.CONFIRM_SCREENINGS, Verb.RETURN, screening_id, version
    )
    if screening.campaign_id is not None:
        # In a closed campaign the form could not be submitted again.
        await lock_open_campaign(change, screening.campaign_id)
    # Before the columns are emptied, because they show where the screening was counted.
    await count_screening(change, screening, screening, -1)
    columns = {
        "state": State.DRAFT,
        "returned_by": change.caller.subject,
        "returned_at": now,
        "returning_reason": returning.reason,
        **dict.fromkeys(_OF_SUBMISSION),
    }
    stored = await change_screening(change, screening_id, columns)
    record_change(change, "return_screening", "returned", screening, stored.version)
    return stored


async def annul_screening(
    change: Change,
    screening_id: UUID,
    annulment: ScreeningAnnul,
    version: int,
    now: datetime,
) -> Stored:
    """Annul a screening: it no longer counts, and stays readable with the account and
    the reason.
    """
    # One person is enough, even for a positive result: an error has to be corrected at
    # once, and an annulment makes no child positive
    # (docs/decisions/0012-who-sees-an-event.md).
    screening = await lock_screening_for(
        change, Permission.ANNUL_SCREENINGS, Verb.ANNUL, screening_id, version
    )
    # A draft was never counted.
    if screening.state in COUNTED:
        await count_screening(change, screening, screening, -1)
    columns = {
        "state": State.ANNULLED,
        "annulled_by": change.caller.subject,
        "annulled_at": now,
        "annulling_reason": annulment.reason,
    }
    stored = await change_screening(change, screening_id, columns)
    record_change(change, "annul_screening", "annulled", screening, stored.version)
    return stored
