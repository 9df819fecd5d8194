"""/documents."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
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
from services.registry.demands import CanEditDocuments, CanReadDocuments
from services.registry.documents import actions, queries
from services.registry.documents.schemas import (
    DocumentCreate,
    DocumentList,
    DocumentRead,
    DocumentUpdate,
)
from services.registry.problems import PublicDocumentNotFound

router = slice_router(prefix="/documents", tags=["documents"])


@router.get("", responses=answers(Page[DocumentRead]))
async def list_public_documents(
    caller: CanReadDocuments,
    reading: Reading,
    terms: Terms,
    query: Annotated[DocumentList, Query()],
) -> Answer:
    """The documents of programmes, their sites and bodies of cooperation."""
    return page_answer(await queries.list_documents(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(DocumentRead, OutsideScope, UnknownReference, status=201),
)
async def create_public_document(
    caller: CanEditDocuments, change: Change, new: DocumentCreate
) -> Answer:
    """Create a document of one programme, one site or one body; its versions follow.

    A programme has no county: to create a document of a programme, a caller must reach
    every county. Documents hold no data on single persons.
    """
    document = await actions.create_document(change, new)
    return created_answer(document, f"/v1/registry/documents/{document.key}")


@router.get("/{document_id}", responses=answers(DocumentRead, PublicDocumentNotFound))
async def get_public_document(
    caller: CanReadDocuments, reading: Reading, terms: Terms, document_id: Id
) -> Answer:
    """One document, with the number of its latest adopted version."""
    return stored_answer(await queries.get_document(reading, document_id), terms)


# No endpoint changes a state: only the versions of a document have one.
@router.patch(
    "/{document_id}",
    responses=answers(
        DocumentRead,
        PublicDocumentNotFound,
        OutsideScope,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_public_document(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    patch: DocumentUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a document's title by a merge patch."""
    version = expected_version(if_match, document_id)
    document = await actions.amend_document(change, document_id, patch, version)
    return stored_answer(document)
