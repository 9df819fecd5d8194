"""/documents/{document_id}/attachments."""

from fastapi import Request
from starlette.responses import Response

from services.casework.attachments import actions, queries
from services.casework.attachments.actions import NewFile, Place
from services.casework.attachments.schemas import (
    ATTACHMENTS,
    AttachmentDelete,
    AttachmentRead,
    Titled,
)
from services.casework.demands import CanEditDocuments, CanReadDocuments
from services.casework.documents.queries import get_document
from services.casework.permissions import Permission
from services.casework.problems import (
    AttachmentNotFound,
    DocumentNotFound,
    LegalHoldPlaced,
    ProcessingRestricted,
)
from services.casework.reads import Category, record_read
from services.casework.settings import CaseworkSettings
from services.chassis.data.effects import Subject
from services.chassis.file_kinds import EXTENSIONS, MediaType
from services.chassis.ground import clock
from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.kept_files import FILE_ANSWER, HARMLESS
from services.chassis.serving.routes import router as slice_router
from services.chassis.small_files import read_small_file, small_upload
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, UPLOADS_AT_ONCE, slot
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, created_answer, etag, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

_KINDS = [kind.value for kind in MediaType]
router = slice_router(prefix="/documents/{document_id}/attachments", tags=["documents"])


@router.get("", responses=answers(Page[AttachmentRead], DocumentNotFound, Erased))
async def list_attachments(
    caller: CanReadDocuments, reading: Audited, document_id: Id
) -> Answer:
    """The files of a document on one page, in the order in which they were added,
    deleted ones included.
    """
    document = await get_document(reading, document_id)
    path = f"documents/{document_id}/attachments"
    subject = Subject(path, county=document.county_terc)
    people = [document.person_id]
    record_read(reading, "list_attachments", subject, people, Category.DOCUMENTS)
    items = ATTACHMENTS.dump_json(await queries.list_attachments(reading, document))
    return Answer(b'{"items":%b,"next_cursor":null}' % items)


@router.post(
    "",
    status_code=201,
    responses=answers(
        AttachmentRead,
        *UPLOAD_REFUSALS,
        DocumentNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        status=201,
    ),
    openapi_extra=small_upload(_KINDS, "the file itself, at most 10 MiB unless set"),
)
async def attach_file(
    caller: CanEditDocuments, change: Change, request: Request, document_id: Id
) -> Answer:
    """Send a PDF, PNG or JPEG file as the body, its name in `Content-Disposition`.

    The file is stored without its metadata (place and camera of a photograph, author
    and history of a PDF), and sealed, like its name. A file is refused where its
    content is not of its media type, is valid as several kinds at once, is encrypted,
    contains active content, or contains other files. The stored file is a copy for
    reading: a digital signature in it is no longer valid.
    """
    # A document out of reach is refused before the file is read.
    await get_document(change, document_id, Permission.EDIT_DOCUMENTS)
    settings: CaseworkSettings = request.app.state.settings
    limit = settings.max_attachment_bytes
    # Each upload holds a database connection for as long as the sender takes.
    with slot(request.app.state, "attachments", UPLOADS_AT_ONCE):
        file = await read_small_file(request, change, _KINDS, limit)
        title = validated(Titled, {"title": file.name}).title
        new = NewFile(MediaType(file.media_type), title, file.content)
        attachment = await actions.attach_file(change, document_id, new)
    location = f"/v1/casework/documents/{document_id}/attachments/{attachment.key}"
    return created_answer(attachment, location)


@router.get(
    "/{attachment_id}",
    responses=FILE_ANSWER | problems(DocumentNotFound, AttachmentNotFound, Erased),
)
async def get_attachment(
    caller: CanReadDocuments, reading: Audited, document_id: Id, attachment_id: Id
) -> Response:
    """The file itself, as a download. Headers forbid browsers to run anything in it.
    The file name contains only its id.
    """
    document = await get_document(reading, document_id)
    path = f"documents/{document_id}/attachments/{attachment_id}"
    subject = Subject(path, county=document.county_terc)
    people = [document.person_id]
    record_read(reading, "get_attachment", subject, people, Category.DOCUMENTS)
    file = await queries.get_content(reading, document, attachment_id)
    # Not the title: a download folder would then show the child's name.
    name = f"{attachment_id}.{EXTENSIONS[file.media_type]}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        # The record's version: a file never changes, and a deletion is a new version.
        "etag": etag(attachment_id, file.version),
        "cache-control": "no-store",
        **HARMLESS,
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


@router.post(
    "/{attachment_id}/delete",
    responses=answers(
        AttachmentRead,
        DocumentNotFound,
        AttachmentNotFound,
        Erased,
        ProcessingRestricted,
        LegalHoldPlaced,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def delete_attachment(
    caller: CanEditDocuments,
    change: Change,
    document_id: Id,
    attachment_id: Id,
    why: AttachmentDelete,
    if_match: IfMatch = None,
) -> Answer:
    """Delete a file that does not belong there: its content and its name are destroyed
    for good.

    Its checksum stays, with who deleted it, when and why. Nothing is deleted once the
    case is closed, or while a legal hold is placed: then the records are kept, and
    later erased, as a whole.
    """
    version = expected_version(if_match, attachment_id)
    place = Place(document_id, attachment_id)
    return stored_answer(
        await actions.delete_attachment(change, place, why, version, clock.now())
    )
