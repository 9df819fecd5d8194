"""Every change of norm sets, each under the lock of its instrument version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.access import demand
from services.screening.instruments.actions import refuse_contradictions
from services.screening.instruments.queries import get_definition, lock_version
from services.screening.instruments.rules.norms import NormDocument
from services.screening.instruments.rules.states import VersionState
from services.screening.norm_sets import queries
from services.screening.norm_sets.models import NormSet
from services.screening.norm_sets.queries import LockedNormSet
from services.screening.norm_sets.rules import (
    NormSetState,
    allowed_verbs,
    norm_contradictions,
)
from services.screening.norm_sets.schemas import NormSetCreate, NormSetUpdate
from services.screening.permissions import Permission
from services.screening.problems import InstrumentVersionNotPublished


def _subject(code: str, number: int, norm_set_id: UUID, version: int) -> Subject:
    path = f"instruments/{code}/versions/{number}/norm-sets/{norm_set_id}"
    return Subject(path, version)


async def _usable_document(
    change: Change, version_id: UUID, norms: NormDocument, at: str
) -> dict[str, Any]:
    """The document that is stored for these norms.

    ValidationFailed if they contradict the instrument version or themselves.
    """
    definition = await get_definition(change, version_id)
    refuse_contradictions(norm_contradictions(norms, definition), at)
    document: dict[str, Any] = norms.model_dump(mode="json", exclude_unset=True)
    return document


async def create_norm_set(
    change: Change, code: str, number: int, new: NormSetCreate
) -> Stored:
    """Draft norms for an instrument version in any state."""
    demand(change.caller, Permission.EDIT_NORM_SETS)
    norm_set_id = await add_norm_set(change, code, number, new)
    return await queries.get_norm_set(change, code, number, norm_set_id)


async def add_norm_set(
    change: Change,
    code: str,
    number: int,
    new: NormSetCreate,
    *,
    at: str = "/document",
) -> UUID:
    """Add a draft and return its id; `at` is the JSON pointer to the norms in the request."""
    version = await lock_version(change, code, number)
    document = await _usable_document(change, version.id, new.document, at)
    statement = insert(NormSet).values(
        instrument_version_id=version.id, code=new.code, document=document
    )
    norm_set_id: UUID = await change.scalar(statement.returning(col(NormSet.id)))
    subject = _subject(code, number, norm_set_id, 1)
    change.record("create_norm_set", subject, "norm-set.drafted")
    return norm_set_id


async def _lock_draft(
    change: Change, code: str, number: int, norm_set_id: UUID, version: int
) -> LockedNormSet:
    """The draft to change, locked and unchanged since the caller read it."""
    draft = await queries.lock_norm_set(change, code, number, norm_set_id)
    require_version(draft.version, version)
    if draft.state != NormSetState.DRAFT:
        raise StateConflict(state=draft.state, allowed=allowed_verbs(draft.state))
    return draft


async def _update(change: Change, norm_set_id: UUID, values: dict[str, Any]) -> None:
    columns = values | {"version": NormSet.version + 1, "changed_at": func.now()}
    statement = update(NormSet).where(col(NormSet.id) == norm_set_id)
    await change.execute(statement.values(**columns))


async def amend_norm_set(
    change: Change,
    code: str,
    number: int,
    norm_set_id: UUID,
    norms: NormSetUpdate,
    version: int,
) -> Stored:
    """Give a draft other norms."""
    demand(change.caller, Permission.EDIT_NORM_SETS)
    instrument_version = await lock_version(change, code, number)
    draft = await _lock_draft(change, code, number, norm_set_id, version)
    document = await _usable_document(
        change, instrument_version.id, norms.document, "/document"
    )
    await _update(change, norm_set_id, {"document": document})
    subject = _subject(code, number, norm_set_id, draft.version + 1)
    change.record("amend_norm_set", subject, "norm-set.amended")
    return await queries.get_norm_set(change, code, number, norm_set_id)


async def bring_norm_set_into_force(
    change: Change,
    code: str,
    number: int,
    norm_set_id: UUID,
    version: int,
    now: datetime,
) -> Stored:
    """Bring a draft into force from now on; it replaces the norm set in force.

    Neither of the two can change afterwards.

    InstrumentVersionNotPublished if the version is a draft, whose questions
    may still change.
    """
    demand(change.caller, Permission.EDIT_NORM_SETS)
    instrument_version = await lock_version(change, code, number)
    # Norms of a retired version may still come into force: its screenings can
    # be scored again.
    if instrument_version.state == VersionState.DRAFT:
        raise InstrumentVersionNotPublished(
            state=instrument_version.state, allowed=["publish"]
        )
    draft = await _lock_draft(change, code, number, norm_set_id, version)
    # The definition may have been amended since these norms were drafted.
    norms = NormDocument.model_validate_json(draft.document)
    await _usable_document(change, instrument_version.id, norms, "/document")
    # Before the draft, because a unique index allows only one norm set in force.
    await _replace_norm_set_in_force(change, code, number, now)
    values = {
        "state": NormSetState.IN_FORCE,
        "in_force_from": now,
        "in_force_by": change.caller.subject,
    }
    await _update(change, norm_set_id, values)
    subject = _subject(code, number, norm_set_id, draft.version + 1)
    change.record("bring_norm_set_into_force", subject, "norm-set.brought-into-force")
    return await queries.get_norm_set(change, code, number, norm_set_id)


async def _replace_norm_set_in_force(
    change: Change, code: str, number: int, now: datetime
) -> None:
    norm_set_id = await queries.find_norm_set_id(change, code, number)
    if norm_set_id is not None:
        values = {"state": NormSetState.REPLACED, "replaced_at": now}
        await _update(change, norm_set_id, values)
