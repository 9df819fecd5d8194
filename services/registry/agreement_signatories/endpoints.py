"""/agreements/{agreement_id}/signatories."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    Duplicate,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.agreement_signatories import actions, queries
from services.registry.agreement_signatories.schemas import (
    SignatoryCreate,
    SignatoryList,
    SignatoryRead,
    SignatoryWithdraw,
)
from services.registry.demands import CanEditAgreements, CanReadAgreements
from services.registry.problems import (
    AgreementNotFound,
    AlreadySignatory,
    NotAnOpenDocument,
    SignatoryNotFound,
)

router = slice_router(
    prefix="/agreements/{agreement_id}/signatories", tags=["agreements"]
)
_CHANGE = (AgreementNotFound, OutsideScope, StateConflict)


@router.get(
    "",
    responses=answers(Page[SignatoryRead], AgreementNotFound),
)
async def list_signatories(
    caller: CanReadAgreements,
    reading: Reading,
    terms: Terms,
    agreement_id: Id,
    query: Annotated[SignatoryList, Query()],
) -> Answer:
    """The parties of an agreement, those that withdrew included, or the parties of one day."""
    parties = await queries.list_signatories(reading, terms, agreement_id, query)
    return page_answer(parties, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        SignatoryRead,
        *_CHANGE,
        AlreadySignatory,
        Duplicate,
        NotAnOpenDocument,
        UnknownReference,
        status=201,
    ),
)
async def add_signatory(
    caller: CanEditAgreements, change: Change, agreement_id: Id, new: SignatoryCreate
) -> Answer:
    """Add a party to a draft. A pact is an open document: others join it, with a date, after it is signed."""
    party = await actions.add_signatory(change, agreement_id, new, clock.today())
    path = f"/v1/registry/agreements/{agreement_id}/signatories/{party.key}"
    return created_answer(party, path)


@router.get("/{signatory_id}", responses=answers(SignatoryRead, SignatoryNotFound))
async def get_signatory(
    caller: CanReadAgreements,
    reading: Reading,
    terms: Terms,
    agreement_id: Id,
    signatory_id: Id,
) -> Answer:
    """One party of an agreement, also one that has left."""
    party = await queries.get_signatory(reading, agreement_id, signatory_id)
    return stored_answer(party, terms)


@router.post(
    "/{signatory_id}/withdraw",
    responses=answers(
        SignatoryRead,
        *_CHANGE,
        PreconditionRequired,
        VersionMismatch,
        SignatoryNotFound,
    ),
)
async def withdraw_signatory(
    caller: CanEditAgreements,
    change: Change,
    agreement_id: Id,
    signatory_id: Id,
    end: SignatoryWithdraw,
    if_match: IfMatch = None,
) -> Answer:
    """Record that a party withdraws. It stays in the history of the agreement."""
    version = expected_version(if_match, signatory_id)
    party = await actions.withdraw_signatory(
        change, agreement_id, signatory_id, end, version, clock.today()
    )
    return stored_answer(party)
