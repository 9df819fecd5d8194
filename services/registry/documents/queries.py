"""Every question asked of the documents."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.bodies.queries import BODIES
from services.registry.document_versions.models import DocumentVersion
from services.registry.documents.models import Document
from services.registry.documents.schemas import (
    DocumentCreate,
    DocumentList,
    DocumentRead,
)
from services.registry.problems import PublicDocumentNotFound
from services.registry.programmes.queries import PROGRAMMES
from services.registry.sites.queries import SITES

DOCUMENTS: FromClause = rows_of(Document)
_VERSIONS: FromClause = rows_of(DocumentVersion)
# Computed, not stored: a stored copy would have to be updated with each adoption.
_ADOPTED: ColumnElement[Any] = (
    select(func.max(_VERSIONS.c.number))
    .where(
        _VERSIONS.c.document_id == DOCUMENTS.c.id, _VERSIONS.c.adopted_on.is_not(None)
    )
    .correlate_except(_VERSIONS)
    .scalar_subquery()
)
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _ADOPTED if name == "adopted_number" else DOCUMENTS.c[name]
    for name in DocumentRead.model_fields
}
_SORTABLE = {name: DOCUMENTS.c[name] for name in ("title", "kind", "changed_at")} | {
    "title": in_polish_order(DOCUMENTS.c.title)
}
_LISTING = Listing(_WIRE, _SORTABLE, "title", DOCUMENTS.c.id)


# Not filtered by county: documents hold no data on single persons, and drafts are
# hidden as versions.
async def list_documents(
    reading: Reading, terms: ListTerms, query: DocumentList
) -> ItemPage:
    """A page of documents."""
    documents: Rows = select(DOCUMENTS)
    for name in ("kind", "county_terc"):
        if values := getattr(query, name):
            documents = documents.where(DOCUMENTS.c[name].in_(values))
    for name in ("programme_code", "site_id", "body_id"):
        if (value := getattr(query, name)) is not None:
            documents = documents.where(DOCUMENTS.c[name] == value)
    if query.adopted is not None:
        documents = documents.where(_ADOPTED.is_not(None) == query.adopted)
    return await page_of(reading, terms, query, Listed(_LISTING, documents))


_ONE: Rows = select(*stored_columns(_WIRE, DOCUMENTS.c.id, DOCUMENTS.c.version)).where(
    DOCUMENTS.c.id == bindparam("key")
)


async def get_document(reading: Reading, document_id: UUID) -> Stored:
    """One document."""
    return await reading.stored(_ONE, PublicDocumentNotFound, {"key": document_id})


async def require_document(reading: Reading, document_id: UUID) -> None:
    """PublicDocumentNotFound unless there is such a document."""
    statement = select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == document_id)
    await reading.one(statement, PublicDocumentNotFound)


async def lock_document(change: Change, document_id: UUID) -> Document:
    """The record of a document, locked until the transaction ends."""
    statement = select(DOCUMENTS).where(DOCUMENTS.c.id == document_id)
    locked = statement.with_for_update()
    return await change.instance(Document, locked, PublicDocumentNotFound)


async def get_owner_county(change: Change, new: DocumentCreate) -> str | None:
    """The county of the owner of a new document; None where the owner has no county.

    UnknownReference when there is no such programme, site or body.
    """
    owners: dict[str, tuple[FromClause, str]] = {
        "programme_code": (PROGRAMMES, "code"),
        "site_id": (SITES, "id"),
        "body_id": (BODIES, "id"),
    }
    field = next(name for name in owners if getattr(new, name) is not None)
    rows, key = owners[field]
    # A programme has no county column: its code is selected, to see whether it exists.
    county = rows.c["code" if field == "programme_code" else "county_terc"]
    is_owner = rows.c[key] == getattr(new, field)
    row = await change.find(select(county).where(is_owner))
    if row is None:
        raise UnknownReference(FieldError("pointer", f"/{field}", "not_found"))
    owner_county: str | None = None if field == "programme_code" else row[0]
    return owner_county
