"""Every change of a document itself. Its text changes by versions."""

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.registry.documents import queries
from services.registry.documents.models import Document
from services.registry.documents.rules import OWNER_FIELDS, owner_errors
from services.registry.documents.schemas import DocumentCreate, DocumentUpdate
from services.registry.permissions import Permission


async def create_document(change: Change, new: DocumentCreate) -> Stored:
    """Create a document of a programme, a site or a body."""
    owners = new.model_dump(include={*OWNER_FIELDS})
    # Checked first: the county of the document is that of its one owner.
    refuse(*owner_errors(owners))
    county = await queries.get_owner_county(change, new)
    # A programme has no county: only a caller who reaches every county
    # may create its documents.
    demand(change.caller, Permission.EDIT_DOCUMENTS, county=county)
    values = {**new.model_dump(), "county_terc": county}
    statement = insert(Document).values(**values).returning(col(Document.id))
    document_id: UUID = await change.scalar(statement)
    subject = Subject(f"documents/{document_id}", county=county)
    change.record("create_document", subject, "document.created", kind=new.kind)
    return await queries.get_document(change, document_id)


async def amend_document(
    change: Change, document_id: UUID, patch: DocumentUpdate, version: int
) -> Stored:
    """Give a document another title."""
    document = await queries.lock_document(change, document_id)
    demand(change.caller, Permission.EDIT_DOCUMENTS, county=document.county_terc)
    require_version(document.version, version)
    patched = patch.model_dump(exclude_unset=True)
    after = await change_document(change, document_id, **patched)
    subject = Subject(f"documents/{document_id}", after, document.county_terc)
    change.record("amend_document", subject, "document.changed", fields=sorted(patched))
    return await queries.get_document(change, document_id)


async def change_document(change: Change, document_id: UUID, **values: str) -> int:
    """Set these values and the next version of a document; returns that version."""
    new_version = {"version": Document.version + 1, "changed_at": func.now()}
    statement = update(Document).where(col(Document.id) == document_id)
    statement = statement.values(**values, **new_version)
    version: int = await change.scalar(statement.returning(col(Document.version)))
    return version
