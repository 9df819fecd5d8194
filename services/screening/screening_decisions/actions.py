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
"""The columns that submission fills in, and a consent to what it said."""


async def confirm_screening(
    change: Change,
    screening_id: UUID,
    confirmation: ScreeningConfirm,
    version: int,
    now: datetime,
) -> Stored:
    """A person stands by the result, of a positive one a second person.

    An event announces a positive one with consent to those who refer.
    """
    screening = await lock_screening_for(
        change, Permission.CONFIRM_SCREENINGS, Verb.CONFIRM, screening_id, version
    )
    # Under the lock: a re-scoring that is accepted meanwhile would add somebody who
    # produced the result.
    await queries.require_second_person(change, screening)
    columns = {
        "state": State.CONFIRMED,
        "confirmed_by": change.caller.subject,
        "confirmed_at": now,
    }
    consent = screening.has_consent
    # Only where it differs from what was submitted has this person heard something new,
    # and is on record for it.
    if confirmation.consent_to_refer not in {None, consent}:
        consent = confirmation.consent_to_refer
        columns |= _consent_columns(change, consent, now)
    after = await change_screening(change, screening_id, columns)
    record_change(change, "confirm_screening", "confirmed", screening, after.version)
    # Counts are released by who works on a campaign; a reader would choose the moment.
    if screening.campaign_id is not None:
        await ask_for_release(change, screening.campaign_id)
    if calls_for_referral(State.CONFIRMED, screening.outcome, consent):
        tell_of_screening(change, "confirmed-positive", screening, after.version)
    return after


async def confirm_screenings(
    change: Change, batch: ConfirmationBatch, now: datetime
) -> list[Verdict]:
    """Confirm each of many on its own, as if it had been sent alone."""

    async def confirmed(item: ConfirmationItem) -> Stored:
        return await confirm_screening(change, item.id, item, item.version, now)

    return await judge_each(change, ConfirmationItem, batch.items, confirmed)


def _consent_columns(
    change: Change, has_consent: bool | None, now: datetime
) -> dict[str, Any]:
    """The columns that say what the guardian answered, who recorded it and when."""
    return {
        # Whoever relies on a consent has to be able to prove it (GDPR, art. 7(1)).
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
    """The guardian agrees after all, or takes that back.

    What is known already changes nothing and makes no event.
    """
    screening = await lock_screening_for(
        change, Permission.CONFIRM_SCREENINGS, Verb.CONSENT, screening_id, version
    )
    agrees = consent.consent_to_refer
    event = consent_event(screening.has_consent, agrees)
    if event is None:
        return await get_screening(change, screening_id)
    columns = _consent_columns(change, agrees, now)
    after = await change_screening(change, screening_id, columns)
    record_change(change, "record_consent", event, screening, after.version)
    if calls_for_referral(screening.state, screening.outcome, agrees):
        # The same event as at a confirmation: whoever makes referrals waits for one
        # type only.
        tell_of_screening(change, "confirmed-positive", screening, after.version)
    return await get_screening(change, screening_id)


async def return_screening(
    change: Change,
    screening_id: UUID,
    returning: ScreeningReturn,
    version: int,
    now: datetime,
) -> Stored:
    """Send a form back to whoever filled it in: a draft again, which counts nowhere.

    What was submitted goes, and the answers stay to be corrected.
    """
    screening = await lock_screening_for(
        change, Permission.CONFIRM_SCREENINGS, Verb.RETURN, screening_id, version
    )
    if screening.campaign_id is not None:
        # In a closed one it could not be submitted again.
        await lock_open_campaign(change, screening.campaign_id)
    # Before the columns go that say where it was counted.
    await count_screening(change, screening, screening, -1)
    columns = {
        "state": State.DRAFT,
        "returned_by": change.caller.subject,
        "returned_at": now,
        "returning_reason": returning.reason,
        **dict.fromkeys(_OF_SUBMISSION),
    }
    after = await change_screening(change, screening_id, columns)
    record_change(change, "return_screening", "returned", screening, after.version)
    return after


async def annul_screening(
    change: Change,
    screening_id: UUID,
    annulment: ScreeningAnnul,
    version: int,
    now: datetime,
) -> Stored:
    """Annul a screening: it no longer counts, and stays readable with who annulled it and why."""
    # One person is enough, even for a positive: a mistake has to be stopped at once,
    # and makes nobody positive (docs/decisions/0012-who-sees-an-event.md).
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
    after = await change_screening(change, screening_id, columns)
    record_change(change, "annul_screening", "annulled", screening, after.version)
    return after
