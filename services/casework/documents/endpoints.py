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
    """Documents within the caller's reach, the last recorded first: of the caller's
    counties, of children in the caller's cases, and of children for whom the caller
    acts. Their deadlines are under `/documents/deadlines`.
    """
    listed = queries.list_documents(query, caller)
    page, documents = await opened_page(
        reading, terms, query, listed, DocumentSummary, queries.opened_summary
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

    A document of a panel (the four rulings, the opinion on early support) needs the
    issuer's REGON, its number, day and outcome. An application is recorded with
    `applied_on` alone, so that the last day for the document's issue is known.
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
    """One document, and its deadlines as of a day.

    Deadlines are: issue 30 days after the application (60 in a complex matter),
    delivery within 7 days, appeal within 14, the programme (IPET) by 30 September or
    within 30 days, assessments of functioning (WOPFU) twice in a school year. Each
    names the act that sets it, and is computed by the law in force on the day from
    which it runs.
    """
    document = await queries.get_document(reading, document_id)
    subject = Subject(f"documents/{document_id}", county=document.county_terc)
    people = [document.person_id]
    record_read(reading, "get_document", subject, people, Category.DOCUMENTS)
    # No 304: the deadlines can change with the day, without a new version.
    day = query.on or clock.today()
    return stored_answer(await queries.get_shown(reading, document, day))


@router.patch(
    "/{document_id}",
    responses=answers(
        # A corrected number may be the number of another document.
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
    """Change a document by a merge patch: record its programme and its assessments of
    functioning, or correct errors. The days of delivery, handing in and appeal must
    first be recorded by their own verbs.
    """
    version = expected_version(if_match, document_id)
    document = await actions.amend_document(
        change, document_id, patch, version, clock.today()
    )
    return stored_answer(document)


# Each verb has its own path; they differ only in the column.
async def _note(
    change: Change,
    document_id: UUID,
    verb: DocumentVerb,
    entry: NotedDay,
    if_match: str | None,
) -> Answer:
    version = expected_version(if_match, document_id)
    noting = Noting(verb, entry, version)
    document = await actions.note_day(change, document_id, noting, clock.today())
    return stored_answer(document)


@router.post("/{document_id}/deliver", responses=_NOTED)
async def note_delivery(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    entry: NotedDay,
    if_match: IfMatch = None,
) -> Answer:
    """Record the day on which the guardian received the document. The time to appeal
    runs from that day.
    """
    return await _note(change, document_id, DocumentVerb.DELIVER, entry, if_match)


@router.post("/{document_id}/hand-in", responses=_NOTED)
async def note_hand_in(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    # More than a day: pupils who begin with the school year have another deadline.
    entry: HandIn,
    if_match: IfMatch = None,
) -> Answer:
    """Record the day on which the school received the document. The school's deadlines
    run from that day.
    """
    return await _note(change, document_id, DocumentVerb.HAND_IN, entry, if_match)


# Recorded, not lodged: an appeal goes to the panel that made the ruling.
@router.post("/{document_id}/appeal", responses=_NOTED)
async def note_appeal(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    entry: NotedDay,
    if_match: IfMatch = None,
) -> Answer:
    """Record an appeal from a ruling, lodged within 14 days of its delivery. Opinions
    cannot be appealed.
    """
    return await _note(change, document_id, DocumentVerb.APPEAL, entry, if_match)
