"""/agreements."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.agreements import actions, queries
from services.registry.agreements.schemas import (
    AgreementCreate,
    AgreementList,
    AgreementRead,
    AgreementSign,
    AgreementTerminate,
    AgreementUpdate,
)
from services.registry.demands import CanEditAgreements, CanReadAgreements
from services.registry.problems import (
    AgreementIncomplete,
    AgreementNotFound,
)

router = slice_router(prefix="/agreements", tags=["agreements"])
_CHANGE = (
    AgreementNotFound,
    OutsideScope,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get(
    "",
    responses=answers(
        Page[AgreementRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_agreements(
    caller: CanReadAgreements,
    reading: Reading,
    request: Request,
    query: Annotated[AgreementList, Query()],
) -> Response:
    """Agreements, pacts and letters of intent: by county, kind and state, or those that bind on the day `as_of`."""
    # Of all counties: agreements of local authorities are public.
    listed = queries.list_agreements(query, clock.today())
    return await list_answer(request, reading, query, listed)


@router.post(
    "",
    status_code=201,
    responses=answers(AgreementRead, OutsideScope, UnknownReference, status=201),
)
async def create_agreement(
    caller: CanEditAgreements, change: Change, new: AgreementCreate
) -> Answer:
    """Draw up an agreement. It is a draft until its parties sign it."""
    agreement = await actions.create_agreement(change, new, clock.today())
    return created_answer(agreement, f"/v1/registry/agreements/{agreement.key}")


@router.get("/{agreement_id}", responses=answers(AgreementRead, AgreementNotFound))
async def get_agreement(
    caller: CanReadAgreements, reading: Reading, terms: Terms, agreement_id: Id
) -> Answer:
    """One agreement."""
    agreement, is_expired = await queries.get_agreement(
        reading, agreement_id, clock.today()
    )
    # No 304 for an expired agreement: the date changed its state without a new version.
    return stored_answer(agreement, None if is_expired else terms)


@router.patch(
    "/{agreement_id}", responses=answers(AgreementRead, *_CHANGE, UnknownReference)
)
async def amend_agreement(
    caller: CanEditAgreements,
    change: Change,
    agreement_id: Id,
    patch: AgreementUpdate,
    # Optional to the framework: `expected_version` refuses its absence as 428, and not
    # as a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Change a draft by a merge patch. A signed agreement is not changed: it gets a new
    version of its text.
    """
    version = expected_version(if_match, agreement_id)
    agreement = await actions.amend_agreement(
        change, agreement_id, patch, version, clock.today()
    )
    return stored_answer(agreement)


@router.post(
    "/{agreement_id}/sign",
    responses=answers(AgreementRead, *_CHANGE, AgreementIncomplete),
)
async def sign_agreement(
    caller: CanEditAgreements,
    change: Change,
    agreement_id: Id,
    signing: AgreementSign,
    if_match: IfMatch = None,
) -> Answer:
    """Record that the parties signed.

    The agreement needs its first day, a text with a checksum, and two parties; a
    letter of intent needs an author and an addressee instead. The error names
    everything that is missing.
    """
    version = expected_version(if_match, agreement_id)
    agreement = await actions.sign_agreement(
        change, agreement_id, signing, version, clock.today()
    )
    return stored_answer(agreement)


@router.post("/{agreement_id}/terminate", responses=answers(AgreementRead, *_CHANGE))
async def terminate_agreement(
    caller: CanEditAgreements,
    change: Change,
    agreement_id: Id,
    end: AgreementTerminate,
    if_match: IfMatch = None,
) -> Answer:
    """End a signed agreement before its time. From that day on its parties and
    texts do not change; it stays readable.
    """
    version = expected_version(if_match, agreement_id)
    agreement = await actions.terminate_agreement(
        change, agreement_id, end, version, clock.today()
    )
    return stored_answer(agreement)
