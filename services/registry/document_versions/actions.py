"""Every change of a version: it is added, its file is kept, it is adopted."""

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.file_kinds import MediaType, is_of_kind, is_polyglot
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnsupportedMediaType,
    ValidationFailed,
    refuse,
)
from services.chassis.trust.access import demand
from services.registry.document_versions import queries, rules
from services.registry.document_versions.models import DocumentPart, DocumentVersion
from services.registry.document_versions.schemas import (
    DocumentAdopt,
    DocumentVersionCreate,
)
from services.registry.documents.actions import change_document
from services.registry.documents.models import Document
from services.registry.documents.queries import lock_document
from services.registry.permissions import Permission
from services.registry.problems import DocumentFileAlreadyKept, DocumentFileMissing

# Bytes of a file that are held in memory at a time while the file is sent.
PART_BYTES = 262_144


async def _lock_reached(
    change: Change, permission: Permission, document_id: UUID
) -> Document:
    """A document within the caller's reach, locked, so that its versions
    change one by one.
    """
    document = await lock_document(change, document_id)
    demand(change.caller, permission, county=document.county_terc)
    return document


async def _record(
    change: Change, action: str, document: Document, event: str, number: int
) -> None:
    # The document shows its latest adopted version, so every change makes a
    # new version of it.
    after = await change_document(change, document.id)
    subject = Subject(f"documents/{document.id}", after, document.county_terc)
    data = {"kind": document.kind, "number": number}
    change.record(action, subject, f"document.{event}", event_data=data)


async def add_version(
    change: Change, document_id: UUID, new: DocumentVersionCreate
) -> tuple[Stored, int]:
    """Add the next version of a document; returns the version and its number."""
    document = await _lock_reached(change, Permission.EDIT_DOCUMENTS, document_id)
    # Under the document's lock, so that two do not take the same number.
    number = await queries.get_next_number(change, document_id)
    statement = insert(DocumentVersion).values(
        **new.model_dump(),
        document_id=document_id,
        number=number,
        recorded_by=change.caller.subject,
    )
    await change.execute(statement)
    await _record(change, "add_document_version", document, "version-added", number)
    return await queries.get_version(change, document_id, number), number


async def _change(change: Change, version_id: UUID, **values: Any) -> None:
    new_version = {"version": DocumentVersion.version + 1, "changed_at": func.now()}
    statement = update(DocumentVersion).where(col(DocumentVersion.id) == version_id)
    await change.execute(statement.values(**values, **new_version))


async def lock_without_file(
    change: Change, document_id: UUID, number: int
) -> tuple[Document, DocumentVersion]:
    """A version that waits for its file; DocumentFileAlreadyKept when it has one."""
    document = await _lock_reached(change, Permission.EDIT_DOCUMENTS, document_id)
    version = await queries.lock_version(change, document_id, number)
    if version.sha256 is not None:
        raise DocumentFileAlreadyKept()
    return document, version


async def keep_file(
    change: Change, document_id: UUID, number: int, kind: MediaType, content: bytes
) -> Stored:
    """Store a version's file as it was sent, in parts.

    UnsupportedMediaType when the content is not of the declared type, ValidationFailed
    when it is a file of another type as well.
    """
    document, version = await lock_without_file(change, document_id, number)
    if not is_of_kind(content, kind):
        raise UnsupportedMediaType(accepted=[*MediaType])
    # A browser that guesses the type of content could run a page hidden in a picture.
    if is_polyglot(content, kind):
        raise ValidationFailed(FieldError("pointer", "", "several_kinds"))
    starts = range(0, len(content), PART_BYTES)
    parts = [
        {
            "document_version_id": version.id,
            "part": part,
            "content": content[start : start + PART_BYTES],
        }
        for part, start in enumerate(starts)
    ]
    # The parts are written before the checksum: there is never a checksum
    # without a file.
    await change.execute(insert(DocumentPart), parts)
    # The checksum of the bytes as they came: the sender can compare it.
    digest = hashlib.sha256(content).hexdigest()
    await _change(change, version.id, media_type=kind, size=len(content), sha256=digest)
    await _record(change, "keep_document_file", document, "file-kept", number)
    return await queries.get_version(change, document_id, number)


async def adopt_version(
    change: Change,
    document_id: UUID,
    number: int,
    adoption: DocumentAdopt,
    version: int,
    today: date,
) -> Stored:
    """Adopt a version that has its file; it supersedes the earlier adopted ones."""
    document = await _lock_reached(change, Permission.ADOPT_DOCUMENTS, document_id)
    row = await queries.lock_version(change, document_id, number)
    require_version(row.version, version)
    if row.adopted_on is not None:
        state = rules.DocumentState.ADOPTED
        allowed = rules.allowed_verbs(is_adopted=True)
        raise StateConflict(state=state, allowed=allowed)
    if row.sha256 is None:
        raise DocumentFileMissing(state=rules.DocumentState.DRAFT, missing=["file"])
    # Most resolutions bind from their own day on.
    valid_from = adoption.valid_from or adoption.adopted_on
    refuse(*rules.wrong_adoption(adoption.adopted_on, valid_from, today))
    values = adoption.model_dump() | {"valid_from": valid_from}
    await _change(change, row.id, **values)
    await _record(change, "adopt_document", document, "adopted", number)
    return await queries.get_version(change, document_id, number)
