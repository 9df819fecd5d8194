"""Every question asked of the versions of documents and their files."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.file_kinds import FileFacts, MediaType
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.document_versions.models import DocumentPart, DocumentVersion
from services.registry.document_versions.schemas import DocumentVersionRead
from services.registry.documents.queries import DOCUMENTS, require_document
from services.registry.documents.rules import OWNER_FIELDS, Evidence, evidence_error
from services.registry.permissions import Permission
from services.registry.problems import DocumentFileNotFound, DocumentVersionNotFound

_VERSIONS: FromClause = rows_of(DocumentVersion)
# The same table once more: a version is superseded by another row.
_LATER: FromClause = rows_of(DocumentVersion).alias("later")
_PARTS: FromClause = rows_of(DocumentPart)
_JOINED = _VERSIONS.join(DOCUMENTS, DOCUMENTS.c.id == _VERSIONS.c.document_id)
_IS_SUPERSEDED = exists().where(
    _LATER.c.document_id == _VERSIONS.c.document_id,
    _LATER.c.number > _VERSIONS.c.number,
    _LATER.c.adopted_on.is_not(None),
)
# No state is stored: a later adoption would have to change earlier rows.
_STATE: ColumnElement[str] = case(
    (_VERSIONS.c.adopted_on.is_(None), literal_column("'draft'")),
    (_IS_SUPERSEDED, literal_column("'superseded'")),
    else_=literal_column("'adopted'"),
)
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _STATE if name == "state" else _VERSIONS.c[name]
    for name in DocumentVersionRead.model_fields
}
_NUMBER = _VERSIONS.c.number
# Unique within a document: the order is total without the id.
_LISTING = Listing(_WIRE, {"number": _NUMBER}, "-number", _NUMBER)


def _visible_versions(caller: Caller, document_id: UUID) -> Rows:
    """The versions of a document that a caller may see:
    drafts only with EDIT_DOCUMENTS.
    """
    permission, county = Permission.EDIT_DOCUMENTS, DOCUMENTS.c.county_terc
    # A draft binds nobody, and its authors may still change its content.
    is_visible = or_(
        _VERSIONS.c.adopted_on.is_not(None), within(caller, permission, county=county)
    )
    versions: Rows = select(_VERSIONS).select_from(_JOINED)
    return versions.where(_VERSIONS.c.document_id == document_id, is_visible)


async def list_versions(
    reading: Reading, terms: ListTerms, document_id: UUID, query: ListQuery
) -> ItemPage:
    """A page of a document's versions, the newest first."""
    # Without this check an unknown document would have an empty page.
    await require_document(reading, document_id)
    versions = _visible_versions(reading.caller, document_id)
    return await page_of(reading, terms, query, Listed(_LISTING, versions))


async def get_version(reading: Reading, document_id: UUID, number: int) -> Stored:
    """One version of a document."""
    columns = stored_columns(_WIRE, _VERSIONS.c.id, _VERSIONS.c.version)
    versions = _visible_versions(reading.caller, document_id).where(
        _VERSIONS.c.number == number
    )
    statement = versions.with_only_columns(*columns, maintain_column_froms=True)
    return await reading.stored(statement, DocumentVersionNotFound)


async def get_version_id(reading: Reading, document_id: UUID, number: int) -> UUID:
    """The id of a version, which its ETag names."""
    # Only of a visible version: an ETag would reveal a hidden draft.
    versions = _visible_versions(reading.caller, document_id).where(
        _VERSIONS.c.number == number
    )
    statement = versions.with_only_columns(_VERSIONS.c.id, maintain_column_froms=True)
    key: UUID = (await reading.one(statement, DocumentVersionNotFound))[0]
    return key


async def lock_version(
    change: Change, document_id: UUID, number: int
) -> DocumentVersion:
    """The record of a version, locked until the transaction ends."""
    conditions = _VERSIONS.c.document_id == document_id, _VERSIONS.c.number == number
    statement = select(_VERSIONS).where(*conditions).with_for_update()
    return await change.instance(DocumentVersion, statement, DocumentVersionNotFound)


async def get_next_number(reading: Reading, document_id: UUID) -> int:
    """The number of a document's next version."""
    # No sequence: a rolled-back version would leave a gap that people ask about.
    last = func.coalesce(func.max(_NUMBER), 0)
    statement = select(last).where(_VERSIONS.c.document_id == document_id)
    return int(await reading.scalar(statement)) + 1


async def get_file(
    reading: Reading, document_id: UUID, number: int
) -> tuple[UUID, FileFacts]:
    """The id of a version and the facts of its file."""
    columns = _VERSIONS.c
    facts = (columns.id, columns.media_type, columns.size, columns.sha256)
    versions = _visible_versions(reading.caller, document_id).where(
        _VERSIONS.c.number == number
    )
    statement = versions.with_only_columns(*facts, maintain_column_froms=True)
    key, kind, size, sha256 = await reading.one(statement, DocumentVersionNotFound)
    # An error of its own: the version exists, only its file does not.
    if sha256 is None:
        raise DocumentFileNotFound()
    # Not the title: it is free text, which must not get into a file name.
    name = f"document-{document_id}-{number}"
    return key, FileFacts(name, MediaType(kind), size, sha256)


async def find_part(reading: Reading, version_id: UUID, part: int) -> bytes | None:
    """A part of a file; None behind the last one."""
    is_part = (_PARTS.c.document_version_id == version_id) & (_PARTS.c.part == part)
    content = await reading.scalar(select(_PARTS.c.content).where(is_part))
    return None if content is None else bytes(content)


async def require_evidence(
    change: Change,
    version_id: UUID | None,
    owners: Mapping[str, str],
    step: str,
    done_on: date,
) -> None:
    """UnknownReference or ValidationFailed unless a version is evidence that the
    step was done.

    `owners`: the keys of the owners whose documents count, by field. A `version_id`
    of None passes.
    """
    if version_id is None:
        return
    # Not locked: an adopted version never changes, and a draft is refused anyway.
    columns = [DOCUMENTS.c[name] for name in (*OWNER_FIELDS, "kind")]
    statement: Rows = select(*columns, _VERSIONS.c.adopted_on).select_from(_JOINED)
    row = await change.find(statement.where(_VERSIONS.c.id == version_id))
    if row is None:
        error = FieldError("pointer", "/document_version_id", "not_found")
        raise UnknownReference(error)
    values = row._mapping
    field = next(name for name in OWNER_FIELDS if values[name] is not None)
    owner = (field, str(values[field]))
    evidence = Evidence(owner, values["kind"], values["adopted_on"])
    if code := evidence_error(evidence, owners, step, done_on):
        refuse(("document_version_id", code))
