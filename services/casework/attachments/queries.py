"""Every query on the attachments."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, Select, select

from services.casework.attachments.models import Attachment
from services.casework.attachments.schemas import AttachmentRead
from services.casework.documents.models import Document
from services.casework.people.queries import get_key, place_of
from services.casework.problems import AttachmentNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows
from services.chassis.file_kinds import MediaType
from services.chassis.trust.vault import unseal, unseal_bytes

_ATTACHMENTS = rows_of(Attachment)
# Without the content, which is read only for a download.
COLUMNS = [column for column in _ATTACHMENTS.c if column.name != "content"]


def content_place(attachment_id: UUID) -> str:
    """The place to which the content is sealed; the title has a place of its own."""
    # Both are sealed by one key: with the same place,
    # one could be swapped for the other.
    return f"{place_of('attachments', attachment_id)}|content"


async def list_attachments(
    reading: Reading, document: Document
) -> list[AttachmentRead]:
    """The files of a document within the caller's reach, in the order in which they
    were added.
    """
    key = await get_key(reading, document.person_id)
    statement: Select[Any] = select(*COLUMNS).where(
        _ATTACHMENTS.c.document_id == document.id
    )
    rows = await reading.rows(statement.order_by(_ATTACHMENTS.c.id))
    return [opened(row._mapping, key) for row in rows]


def opened(row: RowMapping, key: bytes) -> AttachmentRead:
    """An attachment as it is shown, with its title."""
    sealed = unseal(key, place_of("attachments", row["id"]), row["sealed"])
    return AttachmentRead.model_validate({**row, **sealed})


async def lock_attachment(
    change: Change, document: Document, attachment_id: UUID
) -> Attachment:
    """One file of a document within the caller's reach, locked until the transaction ends."""
    statement = select(_ATTACHMENTS).where(
        _ATTACHMENTS.c.id == attachment_id, _ATTACHMENTS.c.document_id == document.id
    )
    locking = statement.with_for_update()
    return await change.instance(Attachment, locking, AttachmentNotFound)


class Content(NamedTuple):
    """A file as it is served."""

    version: int
    media_type: MediaType
    content: bytes


async def get_content(
    reading: Reading, document: Document, attachment_id: UUID
) -> Content:
    """The content of one file of a document within the caller's reach;
    AttachmentNotFound where it was deleted.
    """
    key = await get_key(reading, document.person_id)
    columns = [_ATTACHMENTS.c[name] for name in Content._fields]
    statement: Rows = select(*columns).where(
        _ATTACHMENTS.c.id == attachment_id,
        _ATTACHMENTS.c.document_id == document.id,
        _ATTACHMENTS.c.deleted_at.is_(None),
    )
    version, media_type, sealed = await reading.one(statement, AttachmentNotFound)
    content = unseal_bytes(key, content_place(attachment_id), sealed)
    return Content(version, MediaType(media_type), content)
