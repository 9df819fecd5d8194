"""Every change of a document."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.documents import queries
from services.casework.documents.models import Document
from services.casework.documents.rules.deadlines import appeal_error
from services.casework.documents.rules.kinds import DocumentKind, fact_errors
from services.casework.documents.rules.life import (
    DocumentVerb,
    allowed_verbs,
    state_of,
)
from services.casework.documents.schemas import (
    DocumentCreate,
    DocumentUpdate,
    HandIn,
    NotedDay,
)
from services.casework.keys import keyring
from services.casework.people.queries import lock_person, place_of
from services.casework.permissions import Permission
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.vault import seal, unseal

_SEALED = (
    "number",
    "has_multiple_disabilities",
    "multiple_disabilities_reason",
    "remarks",
)


class _Note(NamedTuple):
    """The column that a verb sets, and the names of its action and event."""

    column: str
    action: str
    event: str


_NOTES = {
    DocumentVerb.DELIVER: _Note("delivered_on", "note_delivery", "delivered"),
    DocumentVerb.HAND_IN: _Note("handed_in_on", "note_hand_in", "handed-in"),
    DocumentVerb.APPEAL: _Note("appealed_on", "note_appeal", "appealed"),
}
_NOTED = frozenset(note.column for note in _NOTES.values())
"""The columns that verbs set first; afterwards they can be corrected."""


def record_change(
    change: Change, action: str, document: Document, event: str, **detail: Any
) -> None:
    """The audit record and the event of a document's newest version."""
    subject = Subject(
        f"documents/{document.id}", document.version, document.county_terc
    )
    people = [str(document.person_id)]
    detail = {"kind": document.kind, **detail}
    change.record(action, subject, f"document.{event}", **detail, people=people)


async def record_document(change: Change, new: DocumentCreate, today: date) -> Stored:
    """Record a document of a child within the caller's reach,
    or an application for one.
    """
    record = await lock_person(change, new.person_id, Permission.EDIT_DOCUMENTS)
    facts = new.model_dump()
    refuse(*fact_errors(new.kind, facts, today))
    if new.case_id is not None:
        await queries.require_case_of(change, new.case_id, new.person_id)
    # The id is made first: the sealed fields are bound to it.
    document_id: UUID = await change.scalar(func.uuidv7().select())
    sealed = {name: facts.pop(name) for name in _SEALED}
    values = facts | {
        "id": document_id,
        "number_index": number_index(new.issuer_regon, new.number),
        "county_terc": record.person.county_terc,
        "recorded_by": change.caller.subject,
        "sealed": seal(record.key, place_of("documents", document_id), sealed),
    }
    statement = insert(Document).values(**values).returning(*queries.DOCUMENTS.c)
    document = Document(**(await change.one(statement))._mapping)
    record_change(change, "record_document", document, "recorded")
    return await queries.get_shown(change, document, today)


def number_index(issuer_regon: str | None, number: str | None) -> bytes | None:
    """A keyed digest of issuer and number, which identifies the same document; None
    without a number.
    """
    if number is None:
        return None
    return keyring().digest("document-number", f"{issuer_regon}|{number}")


async def redigest_documents(change: Change, person_id: UUID, key: bytes) -> None:
    """Compute the number digests of a person's documents again, under a new index key."""
    for document in await queries.list_numbered(change, person_id):
        number = unseal(key, place_of("documents", document.id), document.sealed)[
            "number"
        ]
        digest = number_index(document.issuer_regon, number)
        statement = update(Document).where(col(Document.id) == document.id)
        await change.execute(statement.values(number_index=digest))


class _Locked(NamedTuple):
    """A document that is to change, all its facts (opened),
    and the key that seals them.
    """

    document: Document
    facts: dict[str, Any]
    key: bytes


async def _lock(change: Change, document_id: UUID, version: int) -> _Locked:
    """One document that the caller may edit; ProcessingRestricted,
    Erased or VersionMismatch.
    """
    permission = Permission.EDIT_DOCUMENTS
    unlocked = await queries.get_document(change, document_id, permission)
    # The person first, in the same order as erasures and merges.
    record = await lock_person(change, unlocked.person_id, permission)
    document = await queries.lock_document(change, document_id)
    require_version(document.version, version)
    place = place_of("documents", document_id)
    facts = document.model_dump() | unseal(record.key, place, document.sealed)
    return _Locked(document, facts, record.key)


async def _write(
    change: Change, locked: _Locked, patched: Mapping[str, Any]
) -> Document:
    """Give a document these facts and its next version."""
    facts = {**locked.facts, **patched}
    place = place_of("documents", locked.document.id)
    sealed = seal(locked.key, place, {name: facts[name] for name in _SEALED})
    columns = {name: value for name, value in patched.items() if name not in _SEALED}
    columns["number_index"] = number_index(facts["issuer_regon"], facts["number"])
    statement = (
        update(Document)
        .where(col(Document.id) == locked.document.id)
        .values(
            **columns,
            sealed=sealed,
            version=Document.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.DOCUMENTS.c)
    )
    return Document(**(await change.one(statement))._mapping)


async def amend_document(
    change: Change, document_id: UUID, patch: DocumentUpdate, version: int, today: date
) -> Stored:
    """Change the fields named in the patch. A day set
    by a verb can only be corrected here.
    """
    locked = await _lock(change, document_id, version)
    before = locked.facts
    patched = patch.model_dump(exclude_unset=True)
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Otherwise a deadline would start without its event.
    unnoted = [name for name in fields if name in _NOTED and before[name] is None]
    refuse(*[(name, "not_allowed") for name in unnoted])
    # All facts together, as they would be: a new day can contradict another one.
    refuse(*_errors(locked.document.kind, before | patched, today))
    if "case_id" in fields and patch.case_id is not None:
        person_id = locked.document.person_id
        await queries.require_case_of(change, patch.case_id, person_id)
    if not fields:
        return await queries.get_shown(change, locked.document, today)
    after = await _write(change, locked, patched)
    record_change(change, "amend_document", after, "changed", fields=fields)
    return await queries.get_shown(change, after, today)


def _errors(kind: str, facts: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    wrong = fact_errors(DocumentKind(kind), facts, today)
    if facts["appealed_on"] is not None:
        delivered_on, appealed_on = facts["delivered_on"], facts["appealed_on"]
        error = appeal_error(DocumentKind(kind), delivered_on, appealed_on)
        wrong += [] if error is None else [("appealed_on", error)]
    return wrong


class Noting(NamedTuple):
    """A verb, the day that it records, and the version that the client has read."""

    verb: DocumentVerb
    entry: NotedDay
    version: int


async def note_day(
    change: Change, document_id: UUID, noting: Noting, today: date
) -> Stored:
    """Record, once, the day on which a document was delivered, appealed or handed in.

    StateConflict where it was recorded before, or is not possible yet.
    """
    locked = await _lock(change, document_id, noting.version)
    dates = queries.dates_of(locked.document)
    allowed = allowed_verbs(dates)
    if noting.verb not in allowed:
        raise StateConflict(state=state_of(dates).value, allowed=allowed)
    note = _NOTES[noting.verb]
    patched: dict[str, Any] = {note.column: noting.entry.on}
    if isinstance(noting.entry, HandIn):
        patched["begins_with_school_year"] = noting.entry.begins_with_school_year
    wrong = _errors(locked.document.kind, locked.facts | patched, today)
    # The old facts were valid, so any error now is one of the new day.
    refuse(*[("on", code) for _, code in wrong[:1]])
    after = await _write(change, locked, patched)
    record_change(change, note.action, after, note.event)
    return await queries.get_shown(change, after, today)
