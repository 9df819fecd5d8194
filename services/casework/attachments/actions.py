"""Every change of an attachment: it is added, and not changed afterwards."""

import hashlib
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, insert

from services.casework.attachments import queries
from services.casework.attachments.models import Attachment
from services.casework.documents.queries import get_document
from services.casework.people.queries import lock_person, place_of
from services.casework.permissions import Permission
from services.chassis.confined import run_confined
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.file_kinds import (
    MediaType,
    is_of_kind,
    is_polyglot,
)
from services.chassis.ground.problems import (
    FieldError,
    UnsupportedMediaType,
    ValidationFailed,
)
from services.chassis.transfer.files import Broken
from services.chassis.trust.vault import seal, seal_bytes

_CLEANING = "services.casework.attachments.rules.cleaning"
# By name: the function is imported in a process of its own.
_CLEANED_BY = {
    MediaType.PDF: f"{_CLEANING}:clean_pdf",
    MediaType.PNG: f"{_CLEANING}:clean_png",
    MediaType.JPEG: f"{_CLEANING}:clean_jpeg",
}


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
    told = {"title": new.title, "sha256": hashlib.sha256(content).hexdigest()}
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
            sealed=seal(known.key, place_of("attachments", attachment_id), told),
            content=seal_bytes(known.key, place, content),
        )
        .returning(*queries.COLUMNS)
    )
    row = (await change.one(statement))._mapping
    path = f"documents/{document_id}/attachments/{attachment_id}"
    subject = Subject(path, row["version"], document.county_terc)
    change.record(
        "attach_file",
        subject,
        "attachment.added",
        people=[str(document.person_id)],
        media_type=new.media_type.value,
    )
    body = queries.opened(row, known.key).model_dump_json()
    return Stored(attachment_id, row["version"], body)


# Called before anything is locked: it may take many seconds.
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
