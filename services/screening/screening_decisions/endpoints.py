"""/screenings/{screening_id}/confirm, …/consent and …/annul."""

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change
from services.screening.demands import CanAnnulScreenings, CanConfirmScreenings
from services.screening.problems import ScreeningNotFound, SecondPersonRequired
from services.screening.screening_decisions import actions
from services.screening.screening_decisions.schemas import (
    ScreeningAnnul,
    ScreeningConfirm,
    ScreeningConsent,
)
from services.screening.screenings.schemas import ScreeningDetail, ScreeningRead

router = slice_router(prefix="/screenings/{screening_id}", tags=["screenings"])
_CHANGE = (
    ScreeningNotFound,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
    StateConflict,
)


@router.post(
    "/confirm", responses=answers(ScreeningRead, *_CHANGE, SecondPersonRequired)
)
async def confirm_screening(
    caller: CanConfirmScreenings,
    change: Change,
    screening_id: Id,
    confirmation: ScreeningConfirm,
    if_match: IfMatch = None,
) -> Answer:
    """A person stands by the result. A positive one with consent is told to those who can make a
    referral of it.

    Two people stand by a positive result: who submitted it, or accepted the re-scoring that it
    comes of, does not confirm it, unless the campaign's protocol says `one_person_may_confirm`.
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.confirm_screening(
        change, screening_id, confirmation, version, clock.now()
    )
    return stored_answer(screening)


@router.post("/consent", responses=answers(ScreeningDetail, *_CHANGE))
async def record_screening_consent(
    caller: CanConfirmScreenings,
    change: Change,
    screening_id: Id,
    consent: ScreeningConsent,
    if_match: IfMatch = None,
) -> Answer:
    """What the guardian said of a referral after the screening was submitted: agreed, refused, or
    taken back.

    A confirmed positive that has consent from now on is told as one that was confirmed with it
    (`confirmed-positive`); a consent that is taken back is told too (`consent-withdrawn`).
    """
    version = expected_version(if_match, screening_id)
    screening = await actions.record_consent(
        change, screening_id, consent, version, clock.now()
    )
    return stored_answer(screening)


@router.post("/annul", responses=answers(ScreeningRead, *_CHANGE))
async def annul_screening(
    caller: CanAnnulScreenings,
    change: Change,
    screening_id: Id,
    annulment: ScreeningAnnul,
    if_match: IfMatch = None,
) -> Answer:
    """Annul a screening, with the reason. It does not count any more and stays readable."""
    version = expected_version(if_match, screening_id)
    screening = await actions.annul_screening(
        change, screening_id, annulment, version, clock.now()
    )
    return stored_answer(screening)
