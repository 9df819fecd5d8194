"""/legal-holds."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanRetain
from services.casework.legal_holds import actions, queries
from services.casework.legal_holds.schemas import (
    LegalHoldCreate,
    LegalHoldList,
    LegalHoldRead,
)
from services.casework.problems import LegalHoldNotFound, PersonNotFound
from services.casework.reads import Look, read_page, record_read
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

# No category: a hold protects the person's rights and is not one of their records.
_LOOK = Look("list_holds", "legal-holds", None, sealed="legal_holds")
# One chapter of the API document for all that protects data subjects.
router = slice_router(prefix="/legal-holds", tags=["privacy"])


@router.get("", responses=answers(Page[LegalHoldRead]))
async def list_holds(
    caller: CanRetain,
    reading: Audited,
    terms: Terms,
    query: Annotated[LegalHoldList, Query()],
) -> Answer:
    """Legal holds, the newest first: people whose records must not be erased."""
    listed = queries.list_holds(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(LegalHoldRead, PersonNotFound, Erased, status=201),
)
async def place_hold(caller: CanRetain, change: Change, new: LegalHoldCreate) -> Answer:
    """Place a hold on a person's records for a proceeding: they are not erased until it
    is released.
    """
    stored = await actions.place_hold(change, new)
    return created_answer(stored, f"/v1/casework/legal-holds/{stored.key}")


@router.get("/{hold_id}", responses=answers(LegalHoldRead, LegalHoldNotFound, Erased))
async def get_hold(
    caller: CanRetain, reading: Audited, terms: Terms, hold_id: Id
) -> Answer:
    """One hold, with its reason. The access is written to the audit log."""
    hold = await queries.get_hold(reading, hold_id)
    subject = Subject(f"legal-holds/{hold_id}", county=hold.county_terc)
    record_read(reading, "get_hold", subject, [hold.person_id], None)
    return stored_answer(await queries.get_shown(reading, hold), terms)


# A hold is never deleted: it is released, and stays as evidence.
@router.post(
    "/{hold_id}/release",
    responses=answers(
        LegalHoldRead,
        LegalHoldNotFound,
        Erased,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def release_hold(
    caller: CanRetain, change: Change, hold_id: Id, if_match: IfMatch = None
) -> Answer:
    """Release a hold: due records may be erased again."""
    version = expected_version(if_match, hold_id)
    return stored_answer(
        await actions.release_hold(change, hold_id, version, clock.now())
    )
