"""Every query on the documents."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.casework.cases.models import Case
from services.casework.documents.models import Document
from services.casework.documents.rules.deadlines import (
    Deadline,
    DocumentDates,
    deadlines,
)
from services.casework.documents.rules.kinds import DocumentKind, DocumentOutcome
from services.casework.documents.rules.life import allowed_verbs, state_of
from services.casework.documents.schemas import (
    DeadlineRead,
    DeadlineSource,
    DocumentList,
    DocumentRead,
    DocumentSummary,
)
from services.casework.people.queries import KEYS, get_key, place_of, unsealed_of
from services.casework.permissions import Permission
from services.casework.problems import DocumentNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

DOCUMENTS = rows_of(Document)
# `cases` lies above this slice: only its table may be used here.
_CASES = rows_of(Case)
# By the child, not by the case: a ruling outlives cases.
RELATED = dict.fromkeys(("team", "guardian", "break_glass"), DOCUMENTS.c.person_id)
"""The column that each kind of relation to a document is matched with."""
_STORED = [name for name in DocumentSummary.model_fields if name in DOCUMENTS.c]
_LIST = Filtered(
    Listing(
        {name: DOCUMENTS.c[name] for name in (*_STORED, "sealed")}
        | {"keyring_id": KEYS.c.keyring_id, "wrapped": KEYS.c.wrapped},
        {"created_at": DOCUMENTS.c.created_at, "changed_at": DOCUMENTS.c.changed_at},
        "-created_at",
        DOCUMENTS.c.id,
    ),
    DOCUMENTS.outerjoin(KEYS, KEYS.c.person_id == DOCUMENTS.c.person_id),
    {
        **{
            name: Filter(DOCUMENTS.c[name])
            for name in ("person_id", "case_id", "county_terc", "kind", "outcome")
        },
        "valid_to_to": Filter(DOCUMENTS.c.valid_to, "to"),
    },
    county=DOCUMENTS.c.county_terc,
    objects=RELATED,
)
_ROW = tuple(DOCUMENTS.c)


def reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """The documents that the caller's permission reaches."""
    county = DOCUMENTS.c.county_terc
    return within(caller, permission, county=county, objects=RELATED)


def list_documents(query: DocumentList, caller: Caller) -> Listed:
    """The documents that a list shows, sealed as they are."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    return filtered(_LIST, values, caller, Permission.READ_DOCUMENTS)


def opened_summary(item: dict[str, Any]) -> DocumentSummary:
    """A document on a page, with its number; without one once the child was erased."""
    values = unsealed_of(item, "documents", item["person_id"])
    return DocumentSummary.model_validate(item | {"number": values.get("number")})


async def list_numbered(reading: Reading, person_id: UUID) -> list[Document]:
    """The documents of somebody that have a number."""
    statement: Rows = select(DOCUMENTS).where(
        DOCUMENTS.c.person_id == person_id, DOCUMENTS.c.number_index.is_not(None)
    )
    rows = await reading.rows(statement.order_by(DOCUMENTS.c.id))
    return [Document(**row._mapping) for row in rows]


def _select(document_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(DOCUMENTS)
    return statement.where(DOCUMENTS.c.id == document_id, reach(caller, permission))


async def get_document(
    reading: Reading,
    document_id: UUID,
    permission: Permission = Permission.READ_DOCUMENTS,
) -> Document:
    """One document within the caller's reach."""
    query = by_key(_LIST, document_id, reading.caller, permission, _ROW)
    return await reading.instance(
        Document, query.statement, DocumentNotFound, query.values
    )


async def lock_document(change: Change, document_id: UUID) -> Document:
    """One document that the caller may edit, locked until the transaction ends."""
    statement = _select(document_id, change.caller, Permission.EDIT_DOCUMENTS)
    locking = statement.with_for_update()
    return await change.instance(Document, locking, DocumentNotFound)


async def require_case_of(reading: Reading, case_id: UUID, person_id: UUID) -> None:
    """UnknownReference unless it is a case of this child."""
    statement = select(_CASES.c.id).where(
        _CASES.c.id == case_id, _CASES.c.person_id == person_id
    )
    if await reading.find(statement) is None:
        # 422 and not 404: the field is wrong, the path is right.
        raise UnknownReference(FieldError("pointer", "/case_id", "not_found"))


async def case_is_closed(reading: Reading, document: Document) -> bool:
    """Whether the document's case has ended; for a document without a case, whether
    every case of the child has ended.
    """
    of_child = _CASES.c.person_id == document.person_id
    of_document = _CASES.c.id == document.case_id
    statement = select(func.bool_and(_CASES.c.closed_on.is_not(None))).where(
        of_child if document.case_id is None else of_document
    )
    return bool(await reading.scalar(statement))


def dates_of(row: Any) -> DocumentDates:
    """The days of a document, as the rules see them."""
    values = {name: getattr(row, name) for name in DocumentDates._fields}
    values["kind"] = DocumentKind(row.kind)
    if row.outcome is not None:
        values["outcome"] = DocumentOutcome(row.outcome)
    return DocumentDates(**values)


def deadline_read(deadline: Deadline) -> DeadlineRead:
    """A deadline as it is shown."""
    source = deadline.source
    return DeadlineRead(
        code=deadline.code,
        due_on=deadline.due_on,
        is_overdue=deadline.is_overdue,
        source=None if source is None else DeadlineSource(**source._asdict()),
    )


async def get_shown(reading: Reading, document: Document, day: date) -> Stored:
    """A document as it is shown, with its deadlines as of a day."""
    key = await get_key(reading, document.person_id)
    sealed = unseal(key, place_of("documents", document.id), document.sealed)
    dates = dates_of(document)
    facts = document.model_dump(include={*_STORED})
    body = DocumentRead.model_validate(
        facts
        | sealed
        | {
            # Computed: no job has to change rows at midnight.
            "state": state_of(dates),
            "allowed": allowed_verbs(dates),
            "deadlines": [deadline_read(each) for each in deadlines(dates, day)],
        }
    )
    return Stored(document.id, document.version, body.model_dump_json())
