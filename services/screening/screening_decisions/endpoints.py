"""/screenings/{screening_id}/confirm, …/consent, …/return, …/annul; /screenings:confirm."""

from fastapi import Depends, Request

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.batch_answers import batch_answer
from services.chassis.web.batches import BatchRead
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.idempotency import demand_key
from services.chassis.web.units import Change
from services.screening.demands import CanAnnulScreenings, CanConfirmScreenings
from services.screening.problems import ScreeningNotFound, SecondPersonRequired
from services.screening.screening_decisions import actions
from services.screening.screening_decisions.schemas import (
    ConfirmationBatch,
    ScreeningAnnul,
    ScreeningConfirm,
    ScreeningConsent,
    ScreeningReturn,
)
from services.screening.screenings.schemas import ScreeningDetail, ScreeningRead

router = slice_router(prefix="/screenings", tags=["screenings"])
_CHANGE = (
    ScreeningNotFound,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    StateConflict,
)


# With an Idempotency-Key: a client that lost the answer gets it again, and not a
# refusal of each item.
@router.post(
    ":confirm", responses=answers(BatchRead), dependencies=[Depends(demand_key)]
)
async def confirm_screenings(
    caller: CanConfirmScreenings,
    change: Change,
    request: Request,
    batch: ConfirmationBatch,
) -> Answer:
    """Confirm up to 200 results; each is judged separately and answered in their order.

    Each is confirmed as by `/screenings/{id}/confirm`, in the version that the caller
    has read. An answer has the new `version`, or the `problem` of the refusal.
    A refusal of one does not affect the others.
    """
    verdicts = await actions.confirm_screenings(change, batch, clock.now())
    accept_language = request.headers.get("accept-language", "")
    return batch_answer(verdicts, preferred_language(accept_language))


@router.post(
    "/{screening_id}/confirm",
    responses=answers(ScreeningRead, *_CHANGE, SecondPersonRequired),
)
async def confirm_screening(
    caller: CanConfirmScreenings,
    change: Change,
    screening_id: Id,
    confirmation: ScreeningConfirm,
    if_match: IfMatch = None,
) -> Answer:
    """Confirm a result as a person who is responsible for it.

    A positive result with consent is passed on to those who can make a referral. A
    positive result needs two people: the person who submitted it, or accepted the
    re-scoring that produced it, may not confirm it, unless the campaign's
    protocol has `one_person_may_confirm`.
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.confirm_screening(
        change, screening_id, confirmation, version, clock.now()
    )
    return stored_answer(screening)


@router.post("/{screening_id}/consent", responses=answers(ScreeningDetail, *_CHANGE))
async def record_screening_consent(
    caller: CanConfirmScreenings,
    change: Change,
    screening_id: Id,
    consent: ScreeningConsent,
    if_match: IfMatch = None,
) -> Answer:
    """Record the guardian's answer about a referral after the submission: agreed,
    refused or withdrawn.

    When a confirmed positive result gets consent, it is announced with the same event
    as a result that is confirmed with consent (`confirmed-positive`). The withdrawal of
    a consent is announced, too (`consent-withdrawn`).
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.record_consent(
        change, screening_id, consent, version, clock.now()
    )
    return stored_answer(screening)


@router.post("/{screening_id}/return", responses=answers(ScreeningRead, *_CHANGE))
async def return_screening(
    caller: CanConfirmScreenings,
    change: Change,
    screening_id: Id,
    returning: ScreeningReturn,
    if_match: IfMatch = None,
) -> Answer:
    """Send a form back, with the reason, before anybody confirms its result.

    It is a draft again and does not count: the person who filled it in corrects and
    submits it.
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.return_screening(
        change, screening_id, returning, version, clock.now()
    )
    return stored_answer(screening)


@router.post("/{screening_id}/annul", responses=answers(ScreeningRead, *_CHANGE))
async def annul_screening(
    caller: CanAnnulScreenings,
    change: Change,
    screening_id: Id,
    annulment: ScreeningAnnul,
    if_match: IfMatch = None,
) -> Answer:
    """Annul a screening, with the reason.

    It does not count any more and stays readable.
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.annul_screening(
        change, screening_id, annulment, version, clock.now()
    )
    return stored_answer(screening)
