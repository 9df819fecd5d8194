"""/consents."""

from typing import Annotated

from fastapi import Query

from services.casework.consents import actions, queries
from services.casework.consents.schemas import (
    ConsentCreate,
    ConsentList,
    ConsentRead,
)
from services.casework.demands import (
    CanReadConsents,
    CanRecordConsents,
    CanWithdrawConsents,
)
from services.casework.problems import (
    ConsentNotFound,
    DoesNotActForChild,
    PersonNotFound,
    ProcessingRestricted,
)
from services.casework.reads import Category, Look, read_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

_LOOK = Look("list_consents", "consents", Category.CONSENTS, sealed="consents")
router = slice_router(prefix="/consents", tags=["consents"])


@router.get("", responses=answers(Page[ConsentRead]))
async def list_consents(
    caller: CanReadConsents,
    reading: Audited,
    terms: Terms,
    query: Annotated[ConsentList, Query()],
) -> Answer:
    """Consents and other legal bases, the newest first: whose data may be used, which
    categories, for which recipient and purpose.
    """
    listed = queries.list_consents(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        ConsentRead,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        status=201,
    ),
)
async def record_consent(
    caller: CanRecordConsents, change: Change, new: ConsentCreate
) -> Answer:
    """Record a basis on which data about somebody may be used or passed on.

    A consent states who gave it (somebody who acts for the child on that day, or the
    pupil who is of age) and how. Any other basis names its act. Without consent, data
    may leave an institution only under the exceptions of art. 30a of the education law;
    the basis determines which one applies.
    """
    consent = await actions.record_consent(change, new, clock.today())
    return created_answer(consent, f"/v1/casework/consents/{consent.key}")


# 410 once the person is erased: act and evidence were sealed by the person's key.
@router.get("/{consent_id}", responses=answers(ConsentRead, ConsentNotFound, Erased))
async def get_consent(
    caller: CanReadConsents, reading: Audited, terms: Terms, consent_id: Id
) -> Answer:
    """One basis."""
    consent = await queries.get_consent(reading, consent_id)
    subject = Subject(f"consents/{consent_id}", county=consent.county_terc)
    people = [consent.person_id]
    record_read(reading, "get_consent", subject, people, Category.CONSENTS)
    return stored_answer(await queries.get_shown(reading, consent), terms)


@router.post(
    "/{consent_id}/withdraw",
    responses=answers(
        ConsentRead,
        ConsentNotFound,
        DoesNotActForChild,
        Erased,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def withdraw_consent(
    # Guardians have this permission, too: withdrawing must be as easy as giving (GDPR,
    # art. 7(3)).
    caller: CanWithdrawConsents,
    change: Change,
    consent_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Withdraw a consent. Later disclosures on it are refused and waiting ones are
    stopped; data sent before stay on record. Open referrals that rest on it are
    withdrawn with it, and their institutions no longer see the child.
    """
    version = expected_version(if_match, consent_id)
    consent = await actions.withdraw_consent(change, consent_id, version, clock.now())
    return stored_answer(consent)
