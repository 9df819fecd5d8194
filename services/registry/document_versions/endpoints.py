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
# Each file is held in memory as a whole until it is stored.
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

    Drafts are shown only to callers who may edit the document.
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
    # No 304: a later version supersedes this one without a new version of its record.
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
    """Adopt a version that has its file. It may then be evidence of steps, and is
    valid from `valid_from` on, by default the day of the adoption.

    An earlier adopted version is superseded. The ETag is that of the version.
    """
    key = await queries.get_version_id(change, document_id, number)
    version = expected_version(if_match, key)
    adopted = await actions.adopt_version(
        change, document_id, number, adoption, version, clock.today()
    )
    return stored_answer(adopted)


@router.post(
    "/{number}/file",
    # No PUT: a stored file is never replaced; another file is another version.
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
    """Send a PDF, PNG or JPEG file as the body. It is stored once, as it is.

    A file that is not of its declared type, or is of another type as well, is refused.
    """
    # A version out of reach, or one that has its file, is refused before the upload.
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

    # With a reading of its own: the connection of the one above is given back before
    # the parts are sent.
    async def find(reading: Reading, part: int) -> bytes | None:
        return await queries.find_part(reading, version_id, part)

    return file_answer(request, caller, terms, file, find)
