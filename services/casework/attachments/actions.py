"""Every change of an attachment: it is added, never changed, and may be deleted."""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, update
from sqlmodel import col

from services.casework.attachments import queries
from services.casework.attachments.models import Attachment
from services.casework.attachments.schemas import AttachmentDelete
from services.casework.documents.models import Document
from services.casework.documents.queries import case_is_closed, get_document
from services.casework.legal_holds.queries import require_no_hold
from services.casework.people.queries import lock_person, place_of
from services.casework.permissions import Permission
from services.chassis.confined import run_confined
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.file_kinds import (
    MediaType,
    is_of_kind,
    is_polyglot,
)
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnsupportedMediaType,
    ValidationFailed,
)
from services.chassis.transfer.files import Broken
from services.chassis.trust.vault import seal, seal_bytes, unseal

_CLEANING = "services.casework.attachments.rules.cleaning"
# By name: each function is imported and run in a separate process.
_CLEANED_BY = {
    MediaType.PDF: f"{_CLEANING}:clean_pdf",
    MediaType.PNG: f"{_CLEANING}:clean_png",
    MediaType.JPEG: f"{_CLEANING}:clean_jpeg",
}


class Place(NamedTuple):
    """The document that a file belongs to, and the file's own id."""

    document_id: UUID
    attachment_id: UUID


class NewFile(NamedTuple):
    """The content of a file that was sent, with its media type and its title."""

    media_type: MediaType
    title: str | None
    content: bytes


async def attach_file(change: Change, document_id: UUID, new: NewFile) -> Stored:
    """Store a file of a document, sealed and without its metadata.

    UnsupportedMediaType where the content is not of the media type; ValidationFailed
    where the file is valid as several kinds at once, or cannot be read.
    """
    permission = Permission.EDIT_DOCUMENTS
    document = await get_document(change, document_id, permission)
    content = await _clean(new)
    record = await lock_person(change, document.person_id, permission)
    attachment_id: UUID = await change.scalar(func.uuidv7().select())
    words = {"title": new.title, "sha256": hashlib.sha256(content).hexdigest()}
    place = queries.content_place(attachment_id)
    statement = (
        insert(Attachment)
        .values(
            id=attachment_id,
            county_terc=document.county_terc,
            document_id=document_id,
            person_id=document.person_id,
            media_type=new.media_type,
            size=len(content),
            added_by=change.caller.subject,
            sealed=seal(record.key, place_of("attachments", attachment_id), words),
            content=seal_bytes(record.key, place, content),
        )
        .returning(*queries.COLUMNS)
    )
    row = (await change.one(statement))._mapping
    _record(change, "attach_file", document, row, "added")
    body = queries.opened(row, record.key).model_dump_json()
    return Stored(attachment_id, row["version"], body)


async def delete_attachment(
    change: Change, place: Place, why: AttachmentDelete, version: int, now: datetime
) -> Stored:
    """Delete a file's content and name for good. Its media type and checksum stay, and
    who deleted it and why.

    StateConflict where it is deleted already or the case is closed, and
    LegalHoldPlaced: then only the retention rules decide.
    """
    permission = Permission.EDIT_DOCUMENTS
    document = await get_document(change, place.document_id, permission)
    record = await lock_person(change, document.person_id, permission)
    file = await queries.lock_attachment(change, document, place.attachment_id)
    require_version(file.version, version)
    if file.deleted_at is not None:
        raise StateConflict(state="deleted", allowed=[])
    if await case_is_closed(change, document):
        raise StateConflict(state="closed", allowed=[])
    await require_no_hold(change, [document.person_id])
    sealing = place_of("attachments", file.id)
    words = unseal(record.key, sealing, file.sealed) | {"title": None, "note": why.note}
    statement = (
        update(Attachment)
        .where(col(Attachment.id) == file.id)
        .values(
            content=b"",
            sealed=seal(record.key, sealing, words),
            deleted_at=now,
            deleted_by=change.caller.subject,
            deletion_reason=why.reason,
            version=Attachment.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.COLUMNS)
    )
    row = (await change.one(statement))._mapping
    _record(change, "delete_attachment", document, row, "deleted", reason=why.reason)
    body = queries.opened(row, record.key).model_dump_json()
    return Stored(file.id, row["version"], body)


def _record(
    change: Change,
    action: str,
    document: Document,
    row: RowMapping,
    event: str,
    **detail: Any,
) -> None:
    path = f"documents/{document.id}/attachments/{row['id']}"
    subject = Subject(path, row["version"], document.county_terc)
    detail["media_type"] = row["media_type"]
    people = [str(document.person_id)]
    change.record(action, subject, f"attachment.{event}", people=people, **detail)


async def _clean(new: NewFile) -> bytes:
    if not is_of_kind(new.content, new.media_type):
        raise UnsupportedMediaType(accepted=[*MediaType])
    # Before it is cleaned: a reader of one kind would not notice the other.
    if is_polyglot(new.content, new.media_type):
        raise ValidationFailed(FieldError("pointer", "", "several_kinds"))
    try:
        return await run_confined(_CLEANED_BY[new.media_type], new.content)
    except Broken as broken:
        raise ValidationFailed(FieldError("pointer", "", str(broken))) from None
