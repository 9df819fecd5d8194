"""/merges, and /people/{person_id}/likely-duplicates."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanEditPeople, CanMergePeople
from services.casework.merges import actions, queries
from services.casework.merges.schemas import (
    LikelyDuplicates,
    MergeList,
    MergePropose,
    MergeRead,
)
from services.casework.problems import (
    MergeAlreadyProposed,
    MergeBlocked,
    MergeNotFound,
    PersonAlreadyRegistered,
    PersonNotFound,
    ProcessingRestricted,
    ProposerDecides,
)
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
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
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Audited, Change, Reading

# Without a prefix: duplicates are found below a person, and merges stand by themselves.
router = slice_router(tags=["merges"])
_STEP = (MergeNotFound, StateConflict, PreconditionRequired, VersionMismatch)
_MOVING = (Erased, ProcessingRestricted)


@router.get(
    "/people/{person_id}/likely-duplicates",
    responses=answers(LikelyDuplicates, PersonNotFound, Erased),
)
async def list_likely_duplicates(
    caller: CanEditPeople, reading: Audited, person_id: Id
) -> Answer:
    """Other records of the county that may be the same person: they share a number, or
    two of given name, family name
    and birth date. The look is noted, with all of them.
    """
    found = await queries.list_likely_duplicates(reading, person_id)
    # With everybody who was found: their names are shown, though nobody asked for them.
    people = [person_id, *[each.id for each in found]]
    subject = Subject(f"people/{person_id}/likely-duplicates")
    record_read(reading, "list_likely_duplicates", subject, people, Category.IDENTITY)
    return Answer(LikelyDuplicates(items=found).model_dump_json())


@router.get("/merges", responses=answers(Page[MergeRead]))
async def list_merges(
    caller: CanEditPeople,
    reading: Reading,
    terms: Terms,
    query: Annotated[MergeList, Query()],
) -> Answer:
    """Merges within the caller's reach: what waits to be decided, and what was."""
    # Not audited: a merge shows ids and states, and nothing of what the records hold.
    page = await page_of(reading, terms, query, queries.list_merges(query, caller))
    return page_answer(page, terms)


@router.post(
    # Whoever edits people may propose; on the merge the county's coordinator decides.
    "/merges",
    status_code=201,
    responses=answers(
        MergeRead,
        UnknownReference,
        MergeAlreadyProposed,
        StateConflict,
        *_MOVING,
        status=201,
    ),
)
async def propose_merge(
    caller: CanEditPeople, change: Change, new: MergePropose
) -> Answer:
    """Propose that two records of one county are one person. Another person decides."""
    merge = await actions.propose_merge(change, new)
    return created_answer(merge, f"/v1/casework/merges/{merge.key}")


@router.get("/merges/{merge_id}", responses=answers(MergeRead, MergeNotFound))
async def get_merge(
    caller: CanEditPeople, reading: Reading, terms: Terms, merge_id: Id
) -> Answer:
    """One merge."""
    return stored_answer(await queries.get_merge(reading, merge_id), terms)


@router.post(
    "/merges/{merge_id}/accept",
    responses=answers(MergeRead, *_STEP, *_MOVING, ProposerDecides, MergeBlocked),
)
async def accept_merge(
    caller: CanMergePeople, change: Change, merge_id: Id, if_match: IfMatch = None
) -> Answer:
    """Make one record part of the other: cases, documents, consents and all else lead
    to the record that is kept.

    Whoever proposed it may not accept it. Where rows of both cannot stand together,
    `in_the_way` names their tables.
    """
    version = expected_version(if_match, merge_id)
    return stored_answer(await actions.accept_merge(change, merge_id, version))


@router.post("/merges/{merge_id}/decline", responses=answers(MergeRead, *_STEP))
async def decline_merge(
    caller: CanMergePeople, change: Change, merge_id: Id, if_match: IfMatch = None
) -> Answer:
    """Decline a proposal: they are two people."""
    version = expected_version(if_match, merge_id)
    return stored_answer(await actions.decline_merge(change, merge_id, version))


@router.post(
    "/merges/{merge_id}/undo",
    responses=answers(MergeRead, *_STEP, *_MOVING, PersonAlreadyRegistered),
)
async def undo_merge(
    caller: CanMergePeople, change: Change, merge_id: Id, if_match: IfMatch = None
) -> Answer:
    """Take a merge back: exactly what was moved goes back, as it is now; what was added
    meanwhile stays.
    """
    version = expected_version(if_match, merge_id)
    return stored_answer(await actions.undo_merge(change, merge_id, version))
