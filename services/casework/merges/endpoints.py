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

# Without a prefix: the paths of duplicates and merges begin differently.
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
    two of given name, family name and birth date. The access is written to the audit
    log, with all of these people.
    """
    duplicates = await queries.list_likely_duplicates(reading, person_id)
    # With all people found, because their names are shown.
    people = [person_id, *[each.id for each in duplicates]]
    subject = Subject(f"people/{person_id}/likely-duplicates")
    record_read(reading, "list_likely_duplicates", subject, people, Category.IDENTITY)
    return Answer(LikelyDuplicates(items=duplicates).model_dump_json())


@router.get("/merges", responses=answers(Page[MergeRead]))
async def list_merges(
    caller: CanEditPeople,
    reading: Reading,
    terms: Terms,
    query: Annotated[MergeList, Query()],
) -> Answer:
    """Merges within the caller's reach, undecided and decided ones."""
    # Not audited: a merge shows ids and states, and no content of the records.
    page = await page_of(reading, terms, query, queries.list_merges(query, caller))
    return page_answer(page, terms)


@router.post(
    # Everybody who may edit people may propose a merge;
    # the county's coordinator decides.
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
    """Merge one record into the other: cases, documents, consents and all other rows
    are moved to the kept record.

    The person who proposed it may not accept it. Where rows of both records conflict,
    `in_the_way` names their tables.
    """
    version = expected_version(if_match, merge_id)
    return stored_answer(await actions.accept_merge(change, merge_id, version))


@router.post("/merges/{merge_id}/decline", responses=answers(MergeRead, *_STEP))
async def decline_merge(
    caller: CanMergePeople, change: Change, merge_id: Id, if_match: IfMatch = None
) -> Answer:
    """Decline a proposal: the records are two people."""
    version = expected_version(if_match, merge_id)
    return stored_answer(await actions.decline_merge(change, merge_id, version))


@router.post(
    "/merges/{merge_id}/undo",
    responses=answers(MergeRead, *_STEP, *_MOVING, PersonAlreadyRegistered),
)
async def undo_merge(
    caller: CanMergePeople, change: Change, merge_id: Id, if_match: IfMatch = None
) -> Answer:
    """Undo a merge: exactly the rows that were moved are moved back, in their present
    state; rows added since then stay.
    """
    version = expected_version(if_match, merge_id)
    return stored_answer(await actions.undo_merge(change, merge_id, version))
