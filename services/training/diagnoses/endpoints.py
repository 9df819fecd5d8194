"""/authorities/{id}/diagnosis."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.chassis.data import work
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
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
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Change, Reading
from services.training.authorities.queries import get_worked
from services.training.demands import (
    CanMoveAuthorities,
    CanReadAuthorityWork,
    CanWriteAuthorityWork,
)
from services.training.diagnoses import actions, queries
from services.training.diagnoses.schemas import (
    DiagnosisEntry,
    DiagnosisList,
    DiagnosisRead,
    DiagnosisWrite,
    WorkReturn,
)
from services.training.permissions import Permission
from services.training.problems import (
    AuthorityNotFound,
    DiagnosisIncomplete,
    DiagnosisNotFound,
    SubmitterDecides,
)
from services.training.programme_versions.schemas import VersionNumber

router = slice_router(
    prefix="/authorities/{authority_id}/diagnosis", tags=["diagnoses"]
)
_READ = (AuthorityNotFound, DiagnosisNotFound)
_CHANGE = (*_READ, StateConflict, PreconditionRequired, VersionMismatch)
_WRITE, _DECIDE = Permission.WRITE_AUTHORITY_WORK, Permission.MOVE_AUTHORITIES


async def _expected(
    change: work.Change, authority_id: UUID, permission: Permission, if_match: IfMatch
) -> int:
    """The record version in If-Match, which has to name the newest diagnosis."""
    # The ETag has the diagnosis's id: a newer one does not match it.
    newest = await queries.get_newest(change, authority_id, permission)
    return expected_version(if_match, newest.id)


@router.get("", responses=answers(DiagnosisRead, *_READ))
async def get_diagnosis(
    caller: CanReadAuthorityWork, reading: Reading, terms: Terms, authority_id: Id
) -> Answer:
    """The newest version of an authority's diagnosis, with its computed figures."""
    newest = await queries.get_newest(reading, authority_id)
    return stored_answer(queries.shown(newest), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(DiagnosisRead, AuthorityNotFound, StateConflict, status=201),
)
async def begin_diagnosis(
    caller: CanWriteAuthorityWork, change: Change, authority_id: Id, new: DiagnosisWrite
) -> Answer:
    """Begin the first version of a diagnosis, or a new one once the last is accepted.

    Sections may be missing; those that are there have to be consistent: no more schools
    with broadband than schools, no excluded person without a cause.
    """
    diagnosis = await actions.begin_diagnosis(change, authority_id, new)
    return created_answer(
        diagnosis, f"/v1/training/authorities/{authority_id}/diagnosis"
    )


@router.put("", responses=answers(DiagnosisRead, *_CHANGE))
async def revise_diagnosis(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    new: DiagnosisWrite,
    if_match: IfMatch = None,
) -> Answer:
    """Replace the content of a draft or returned version."""
    version = await _expected(change, authority_id, _WRITE, if_match)
    return stored_answer(
        await actions.revise_diagnosis(change, authority_id, new, version)
    )


@router.post("/submit", responses=answers(DiagnosisRead, *_CHANGE, DiagnosisIncomplete))
async def submit_diagnosis(
    caller: CanWriteAuthorityWork,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Submit a diagnosis. The refusal names every section that is missing."""
    version = await _expected(change, authority_id, _WRITE, if_match)
    now = clock.now()
    return stored_answer(
        await actions.submit_diagnosis(change, authority_id, version, now)
    )


@router.post("/accept", responses=answers(DiagnosisRead, *_CHANGE, SubmitterDecides))
async def accept_diagnosis(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Accept a diagnosis that another account submitted."""
    # The address has no version number: decisions are on the newest only.
    version = await _expected(change, authority_id, _DECIDE, if_match)
    now = clock.now()
    return stored_answer(
        await actions.decide_diagnosis(change, authority_id, version, now)
    )


@router.post("/return", responses=answers(DiagnosisRead, *_CHANGE, SubmitterDecides))
async def return_diagnosis(
    caller: CanMoveAuthorities,
    change: Change,
    authority_id: Id,
    why: WorkReturn,
    if_match: IfMatch = None,
) -> Answer:
    """Return a submitted diagnosis for changes, with the reason."""
    version = await _expected(change, authority_id, _DECIDE, if_match)
    now = clock.now()
    return stored_answer(
        await actions.decide_diagnosis(change, authority_id, version, now, why.reason)
    )


@router.get("/versions", responses=answers(Page[DiagnosisEntry], AuthorityNotFound))
async def list_diagnoses(
    caller: CanReadAuthorityWork,
    reading: Reading,
    terms: Terms,
    authority_id: Id,
    query: Annotated[DiagnosisList, Query()],
) -> Answer:
    """The versions of an authority's diagnosis, the newest first."""
    # Without this, an authority out of reach would have an empty list instead of a 404.
    await get_worked(reading, authority_id, Permission.READ_AUTHORITY_WORK)
    listed = queries.list_diagnoses(reading, authority_id, query)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.get("/versions/{number}", responses=answers(DiagnosisRead, *_READ))
async def get_diagnosis_version(
    caller: CanReadAuthorityWork,
    reading: Reading,
    terms: Terms,
    authority_id: Id,
    number: VersionNumber,
) -> Answer:
    """One version of an authority's diagnosis."""
    diagnosis = await queries.get_number(reading, authority_id, number)
    return stored_answer(queries.shown(diagnosis), terms)
