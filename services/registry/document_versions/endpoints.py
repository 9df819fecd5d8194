"""/documents/{document_id}/versions and their files."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import Response

from services.chassis.file_kinds import MediaType
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.kept_files import FILE_ANSWER, file_answer
from services.chassis.serving.routes import router as slice_router
from services.chassis.small_files import read_small_file, small_upload
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, slot
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page, QueryCount
from services.chassis.web.units import Change, Reading
from services.registry.demands import (
    CanAdoptDocuments,
    CanEditDocuments,
    CanReadDocuments,
)
from services.registry.document_versions import actions, queries
from services.registry.document_versions.schemas import (
    DocumentAdopt,
    DocumentVersionCreate,
    DocumentVersionRead,
)
from services.registry.problems import (
    DocumentFileAlreadyKept,
    DocumentFileMissing,
    DocumentFileNotFound,
    DocumentVersionNotFound,
    PublicDocumentNotFound,
)

router = slice_router(prefix="/documents/{document_id}/versions", tags=["documents"])
_KINDS = [kind.value for kind in MediaType]
MAX_BYTES = 20 * 1024 * 1024
# Each is held whole until it is kept.
_FILES_AT_ONCE = 2
# Bounded: a number that the column cannot hold would fail in the database.
Number = Annotated[QueryCount, Field(ge=1, le=32767)]


@router.get("", responses=answers(Page[DocumentVersionRead], PublicDocumentNotFound))
async def list_document_versions(
    caller: CanReadDocuments,
    reading: Reading,
    terms: Terms,
    document_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The versions of a document, the newest first.

    A draft is shown to those alone who may work on it.
    """
    versions = await queries.list_versions(reading, terms, document_id, query)
    return page_answer(versions, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        DocumentVersionRead, PublicDocumentNotFound, OutsideScope, status=201
    ),
)
async def add_document_version(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    new: DocumentVersionCreate,
) -> Answer:
    """Add the next version of a document; its file follows."""
    version, number = await actions.add_version(change, document_id, new)
    path = f"/v1/registry/documents/{document_id}/versions/{number}"
    return created_answer(version, path)


@router.get(
    "/{number}", responses=answers(DocumentVersionRead, DocumentVersionNotFound)
)
async def get_document_version(
    caller: CanReadDocuments, reading: Reading, document_id: Id, number: Number
) -> Answer:
    """One version with the checksum of its file."""
    version = await queries.get_version(reading, document_id, number)
    # Sent each time: a later one supersedes it, and it keeps its own version.
    return stored_answer(version)


@router.post(
    "/{number}/adopt",
    responses=answers(
        DocumentVersionRead,
        PublicDocumentNotFound,
        DocumentVersionNotFound,
        DocumentFileMissing,
        OutsideScope,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def adopt_document_version(
    caller: CanAdoptDocuments,
    change: Change,
    document_id: Id,
    number: Number,
    adoption: DocumentAdopt,
    if_match: IfMatch = None,
) -> Answer:
    """Adopt a version that has its file. From then on it is evidence, and holds.

    An earlier adopted version is superseded. The ETag is the version's own.
    """
    key = await queries.get_version_id(change, document_id, number)
    version = expected_version(if_match, key)
    adopted = await actions.adopt_version(
        change, document_id, number, adoption, version, clock.today()
    )
    return stored_answer(adopted)


@router.post(
    "/{number}/file",
    # No PUT: a file that is kept is not replaced, another one is another version.
    status_code=201,
    responses=answers(
        DocumentVersionRead,
        *UPLOAD_REFUSALS,
        PublicDocumentNotFound,
        DocumentVersionNotFound,
        DocumentFileAlreadyKept,
        OutsideScope,
        status=201,
    ),
    openapi_extra=small_upload(_KINDS, "the file itself, at most 20 MiB"),
)
async def keep_document_file(
    caller: CanEditDocuments,
    change: Change,
    request: Request,
    document_id: Id,
    number: Number,
) -> Answer:
    """Send a PDF, PNG or JPEG file as the body. It is kept as it is, once.

    A file that is not what it says, or is something else as well, is refused.
    """
    # What has its file, and what is out of reach, is told before one is sent.
    await actions.lock_without_file(change, document_id, number)
    with slot(request.app.state, "documents", _FILES_AT_ONCE):
        file = await read_small_file(request, change, _KINDS, MAX_BYTES)
        kind = MediaType(file.media_type)
        version = await actions.keep_file(
            change, document_id, number, kind, file.content
        )
    path = f"/v1/registry/documents/{document_id}/versions/{number}/file"
    return created_answer(version, path)


@router.get(
    "/{number}/file",
    responses=FILE_ANSWER | problems(DocumentVersionNotFound, DocumentFileNotFound),
)
async def get_document_file(
    caller: CanReadDocuments,
    reading: Reading,
    request: Request,
    terms: Terms,
    document_id: Id,
    number: Number,
) -> Response:
    """The file itself, to be saved. Its ETag is its checksum."""
    version_id, file = await queries.get_file(reading, document_id, number)

    # Not by the reading above: its connection is given back before the parts go out.
    async def find(reading: Reading, part: int) -> bytes | None:
        return await queries.find_part(reading, version_id, part)

    return file_answer(request, caller, terms, file, find)
