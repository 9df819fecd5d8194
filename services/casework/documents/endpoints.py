"""/documents."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.casework.demands import CanEditDocuments, CanReadDocuments
from services.casework.documents import actions, queries
from services.casework.documents.actions import Noting
from services.casework.documents.rules.life import DocumentVerb
from services.casework.documents.schemas import (
    DocumentCreate,
    DocumentList,
    DocumentQuery,
    DocumentRead,
    DocumentSummary,
    DocumentUpdate,
    HandIn,
    NotedDay,
)
from services.casework.problems import (
    DocumentAlreadyRecorded,
    DocumentNotFound,
    PersonNotFound,
    ProcessingRestricted,
)
from services.casework.reads import Category, opened_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
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
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

_CHANGED = (
    DocumentNotFound,
    Erased,
    ProcessingRestricted,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)
_NOTED = answers(DocumentRead, *_CHANGED)
router = slice_router(prefix="/documents", tags=["documents"])


@router.get("", responses=answers(Page[DocumentSummary]))
async def list_documents(
    caller: CanReadDocuments,
    reading: Audited,
    terms: Terms,
    query: Annotated[DocumentList, Query()],
) -> Answer:
    """Documents within the caller's reach, the last recorded first: of own counties, of
    the children of one's cases, or
    of a child one acts for. What falls due by them is under `/documents/deadlines`.
    """
    listed = queries.list_documents(query, caller)
    page, documents = await opened_page(
        reading, terms, query, listed, queries.opened_summary
    )
    people = {document.person_id for document in documents}
    subject = Subject("documents")
    record_read(reading, "list_documents", subject, people, Category.DOCUMENTS)
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        DocumentRead,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        # Family and school may bring the same paper.
        DocumentAlreadyRecorded,
        UnknownReference,
        status=201,
    ),
)
async def record_document(
    caller: CanEditDocuments, change: Change, new: DocumentCreate
) -> Answer:
    """Record a ruling, an opinion or another document of a child.

    What a panel issues (the four rulings, the opinion on early support) states the
    issuer's REGON, its number, day and
    outcome. What is only applied for is recorded with `applied_on` alone, so that the
    last day of its issue is known.
    """
    document = await actions.record_document(change, new, clock.today())
    return created_answer(document, f"/v1/casework/documents/{document.key}")


@router.get("/{document_id}", responses=answers(DocumentRead, DocumentNotFound, Erased))
async def get_document(
    caller: CanReadDocuments,
    reading: Audited,
    document_id: Id,
    query: Annotated[DocumentQuery, Query()],
) -> Answer:
    """One document, and what falls due by it as of a day.

    Issue 30 days after the application (60 in a complex matter), delivery within 7
    days, appeal within 14, the
    programme (IPET) by 30 September or within 30 days, assessments of functioning
    (WOPFU) twice in a school year: each
    names the act that sets it, and is counted by the law in force on the day from which it runs.
    """
    document = await queries.get_document(reading, document_id)
    subject = Subject(f"documents/{document_id}", county=document.county_terc)
    people = [document.person_id]
    record_read(reading, "get_document", subject, people, Category.DOCUMENTS)
    # Always the whole answer: deadlines change with the day, and the version does not.
    day = query.on or clock.today()
    return stored_answer(await queries.get_shown(reading, document, day))


@router.patch(
    "/{document_id}",
    responses=answers(
        # A number that is put right may be that of another document.
        DocumentRead,
        *_CHANGED,
        DocumentAlreadyRecorded,
        UnknownReference,
    ),
)
async def amend_document(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    patch: DocumentUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a document by a merge patch: note its programme and its assessments of
    functioning, or put right what was
    recorded wrongly. The days of delivery, handing in and appeal are noted by their own
    verbs first.
    """
    version = expected_version(if_match, document_id)
    document = await actions.amend_document(
        change, document_id, patch, version, clock.today()
    )
    return stored_answer(document)


# Each verb has an address of its own; they differ in the column alone.
async def _note(
    change: Change,
    document_id: UUID,
    verb: DocumentVerb,
    noted: NotedDay,
    if_match: str | None,
) -> Answer:
    version = expected_version(if_match, document_id)
    noting = Noting(verb, noted, version)
    document = await actions.note_day(change, document_id, noting, clock.today())
    return stored_answer(document)


@router.post("/{document_id}/deliver", responses=_NOTED)
async def note_delivery(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    noted: NotedDay,
    if_match: IfMatch = None,
) -> Answer:
    """Note on which day the guardian received the document: the time to appeal runs from then."""
    return await _note(change, document_id, DocumentVerb.DELIVER, noted, if_match)


@router.post("/{document_id}/hand-in", responses=_NOTED)
async def note_hand_in(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    # More than a day: who begins with the school year has another deadline.
    noted: HandIn,
    if_match: IfMatch = None,
) -> Answer:
    """Note on which day the school received the document: its own deadlines run from then."""
    return await _note(change, document_id, DocumentVerb.HAND_IN, noted, if_match)


# Noted, not lodged: an appeal goes to the panel that has ruled.
@router.post("/{document_id}/appeal", responses=_NOTED)
async def note_appeal(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    noted: NotedDay,
    if_match: IfMatch = None,
) -> Answer:
    """Note an appeal from a ruling, lodged within 14 days of its delivery. An opinion
    is not appealed from.
    """
    return await _note(change, document_id, DocumentVerb.APPEAL, noted, if_match)
