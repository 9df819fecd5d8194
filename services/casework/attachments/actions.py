"""Every change of an attachment: it is added, and not changed afterwards until it is deleted."""

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
# By name: the function is imported in a process of its own.
_CLEANED_BY = {
    MediaType.PDF: f"{_CLEANING}:clean_pdf",
    MediaType.PNG: f"{_CLEANING}:clean_png",
    MediaType.JPEG: f"{_CLEANING}:clean_jpeg",
}


class Place(NamedTuple):
    """Where a file is."""

    document_id: UUID
    attachment_id: UUID


class NewFile(NamedTuple):
    """A file that was sent, and what it was called."""

    media_type: MediaType
    title: str | None
    content: bytes


async def attach_file(change: Change, document_id: UUID, new: NewFile) -> Stored:
    """Keep a file of a document: without its metadata, and sealed.

    UnsupportedMediaType when it is not what it says; ValidationFailed when it is
    something else as well, or cannot be read.
    """
    permission = Permission.EDIT_DOCUMENTS
    document = await get_document(change, document_id, permission)
    content = await _clean(new)
    known = await lock_person(change, document.person_id, permission)
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
            sealed=seal(known.key, place_of("attachments", attachment_id), words),
            content=seal_bytes(known.key, place, content),
        )
        .returning(*queries.COLUMNS)
    )
    row = (await change.one(statement))._mapping
    _record(change, "attach_file", document, row, "added")
    body = queries.opened(row, known.key).model_dump_json()
    return Stored(attachment_id, row["version"], body)


async def delete_attachment(
    change: Change, place: Place, why: AttachmentDelete, version: int, now: datetime
) -> Stored:
    """Take a file's content and name away for good. What it was, who took it away and why stays.

    StateConflict once it is deleted or the case is closed, and LegalHoldPlaced: then
    retention decides.
    """
    permission = Permission.EDIT_DOCUMENTS
    document = await get_document(change, place.document_id, permission)
    known = await lock_person(change, document.person_id, permission)
    found = await queries.lock_attachment(change, document, place.attachment_id)
    require_version(found.version, version)
    if found.deleted_at is not None:
        raise StateConflict(state="deleted", allowed=[])
    if await case_is_closed(change, document):
        raise StateConflict(state="closed", allowed=[])
    await require_no_hold(change, [document.person_id])
    sealing = place_of("attachments", found.id)
    words = unseal(known.key, sealing, found.sealed) | {"title": None, "note": why.note}
    statement = (
        update(Attachment)
        .where(col(Attachment.id) == found.id)
        .values(
            content=b"",
            sealed=seal(known.key, sealing, words),
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
    body = queries.opened(row, known.key).model_dump_json()
    return Stored(found.id, row["version"], body)


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
    # Before it is cleaned: who reads the one kind sees nothing of the other.
    if is_polyglot(new.content, new.media_type):
        raise ValidationFailed(FieldError("pointer", "", "several_kinds"))
    try:
        return await run_confined(_CLEANED_BY[new.media_type], new.content)
    except Broken as broken:
        raise ValidationFailed(FieldError("pointer", "", str(broken))) from None
