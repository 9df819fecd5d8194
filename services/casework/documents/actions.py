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
    """The column of a day that is noted, and what the noting is called."""

    column: str
    action: str
    event: str


_NOTES = {
    DocumentVerb.DELIVER: _Note("delivered_on", "note_delivery", "delivered"),
    DocumentVerb.HAND_IN: _Note("handed_in_on", "note_hand_in", "handed-in"),
    DocumentVerb.APPEAL: _Note("appealed_on", "note_appeal", "appealed"),
}
_NOTED = frozenset(note.column for note in _NOTES.values())
"""The days that are noted by a verb; afterwards they can be corrected."""


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
    """Record a document of a child within the caller's reach, or that it was applied
    for.
    """
    known = await lock_person(change, new.person_id, Permission.EDIT_DOCUMENTS)
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
        "county_terc": known.person.county_terc,
        "recorded_by": change.caller.subject,
        "sealed": seal(known.key, place_of("documents", document_id), sealed),
    }
    statement = insert(Document).values(**values).returning(*queries.DOCUMENTS.c)
    document = Document(**(await change.one(statement))._mapping)
    record_change(change, "record_document", document, "recorded")
    return await queries.get_shown(change, document, today)


def number_index(issuer_regon: str | None, number: str | None) -> bytes | None:
    """What the same document is known by: a keyed digest of its issuer and number; None
    without a number.
    """
    if number is None:
        return None
    return keyring().digest("document-number", f"{issuer_regon}|{number}")


async def redigest_documents(change: Change, person_id: UUID, key: bytes) -> None:
    """Compute anew what somebody's documents are known by, for a new index key."""
    for one in await queries.list_numbered(change, person_id):
        number = unseal(key, place_of("documents", one.id), one.sealed)["number"]
        digest = number_index(one.issuer_regon, number)
        mine = update(Document).where(col(Document.id) == one.id)
        await change.execute(mine.values(number_index=digest))


class _Locked(NamedTuple):
    """A document that is to change, all that it states, and the key that seals it."""

    document: Document
    facts: dict[str, Any]
    key: bytes


async def _lock(change: Change, document_id: UUID, version: int) -> _Locked:
    """One document that the caller may edit; ProcessingRestricted, Erased or
    VersionMismatch.
    """
    permission = Permission.EDIT_DOCUMENTS
    seen = await queries.get_document(change, document_id, permission)
    # The person first, as whoever erases or merges does.
    known = await lock_person(change, seen.person_id, permission)
    document = await queries.lock_document(change, document_id)
    require_version(document.version, version)
    place = place_of("documents", document_id)
    facts = document.model_dump() | unseal(known.key, place, document.sealed)
    return _Locked(document, facts, known.key)


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
    """Change what the patch names. A day that a verb notes is only corrected here."""
    locked = await _lock(change, document_id, version)
    before = locked.facts
    patched = patch.model_dump(exclude_unset=True)
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Else a deadline would begin without the event that tells of it.
    unnoted = [name for name in fields if name in _NOTED and before[name] is None]
    refuse(*[(name, "not_allowed") for name in unnoted])
    # All of it, as it would be: a patch of one day can contradict another.
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
    """A verb, the day of what it notes, and the version that was read."""

    verb: DocumentVerb
    noted: NotedDay
    version: int


async def note_day(
    change: Change, document_id: UUID, noting: Noting, today: date
) -> Stored:
    """Note once that a document was delivered, appealed from or handed in.

    StateConflict where it was noted before, or cannot be yet.
    """
    locked = await _lock(change, document_id, noting.version)
    dates = queries.dates_of(locked.document)
    allowed = allowed_verbs(dates)
    if noting.verb not in allowed:
        raise StateConflict(state=state_of(dates).value, allowed=allowed)
    note = _NOTES[noting.verb]
    patched: dict[str, Any] = {note.column: noting.noted.on}
    if isinstance(noting.noted, HandIn):
        patched["begins_with_school_year"] = noting.noted.begins_with_school_year
    wrong = _errors(locked.document.kind, locked.facts | patched, today)
    # What stood there before was right: whatever is wrong now is the new day.
    refuse(*[("on", code) for _, code in wrong[:1]])
    after = await _write(change, locked, patched)
    record_change(change, note.action, after, note.event)
    return await queries.get_shown(change, after, today)
