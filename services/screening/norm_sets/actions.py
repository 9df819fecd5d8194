"""Every change of norm sets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.database import Record
from services.chassis.identity import Caller
from services.chassis.problems import FieldError, StateConflict, ValidationFailed, VersionMismatch
from services.chassis.routes import Answer
from services.screening.instruments.queries import get_definition
from services.screening.instruments.rules.norms import NormDocument
from services.screening.instruments.rules.states import VersionState
from services.screening.norm_sets import queries
from services.screening.norm_sets.models import NormSet
from services.screening.norm_sets.rules import NormSetState, allowed_verbs, norm_contradictions
from services.screening.norm_sets.schemas import NormSetCreate, NormSetUpdate
from services.screening.permissions import Permission
from services.screening.problems import InstrumentVersionNotPublished


def _path(code: str, number: int, norm_set_id: UUID) -> str:
    return f"instruments/{code}/versions/{number}/norm-sets/{norm_set_id}"


def _note(session: AsyncSession, caller: Caller, action: str, event: str, subject: str, version: int) -> None:
    audit.record(session, caller, action, subject)
    events.emit(session, f"screening.norm-set.{event}", subject, version, data={"href": f"/v1/screening/{subject}"})


async def _checked(session: AsyncSession, version_id: UUID, document: NormDocument, at: str) -> dict[str, Any]:
    wrong = norm_contradictions(document, await get_definition(session, version_id))
    if wrong:
        raise ValidationFailed(*[FieldError("pointer", f"{at}{pointer}", code) for pointer, code in wrong])
    kept: dict[str, Any] = document.model_dump(mode="json", exclude_unset=True)
    return kept


async def create_norm_set(session: AsyncSession, caller: Caller, code: str, number: int, new: NormSetCreate) -> Answer:
    """Draft norms for an instrument version, in whatever state it is."""
    demand(caller, Permission.EDIT_NORM_SETS)
    norm_set_id = await add_norm_set(session, caller, code, number, new)
    answer = await queries.get_norm_set(session, None, code, number, norm_set_id)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/screening/{_path(code, number, norm_set_id)}"
    return answer


async def add_norm_set(
    session: AsyncSession, caller: Caller, code: str, number: int, new: NormSetCreate, *, at: str = "/document"
) -> UUID:
    """The id of a new draft."""
    version = await queries.lock_version(session, code, number)
    document = await _checked(session, version.id, new.document, at)
    values = {"instrument_version_id": version.id, "code": new.code, "document": document}
    statement = insert(NormSet).values(**values).returning(col(NormSet.id))
    norm_set_id: UUID = (await (await session.connection()).execute(statement)).scalar_one()
    _note(session, caller, "create_norm_set", "drafted", _path(code, number, norm_set_id), 1)
    return norm_set_id


async def _locked_draft(session: AsyncSession, code: str, number: int, norm_set_id: UUID, if_match: IfMatch) -> Record:
    await queries.lock_version(session, code, number)
    row = await queries.lock_norm_set(session, code, number, norm_set_id)
    if expected_version(if_match, norm_set_id) != row.version:
        raise VersionMismatch()
    if row.state != NormSetState.DRAFT:
        raise StateConflict(state=row.state, allowed=allowed_verbs(row.state))
    return row


async def _change(session: AsyncSession, norm_set_id: UUID, values: dict[str, Any]) -> None:
    stamped = values | {"version": NormSet.version + 1, "changed_at": func.now()}
    await (await session.connection()).execute(update(NormSet).where(col(NormSet.id) == norm_set_id).values(**stamped))


async def amend_norm_set(
    session: AsyncSession,
    caller: Caller,
    code: str,
    number: int,
    norm_set_id: UUID,
    other: NormSetUpdate,
    if_match: IfMatch,
) -> Answer:
    """Give a draft other norms."""
    demand(caller, Permission.EDIT_NORM_SETS)
    row = await _locked_draft(session, code, number, norm_set_id, if_match)
    document = await _checked(session, row.instrument_version_id, other.document, "/document")
    await _change(session, norm_set_id, {"document": document})
    _note(session, caller, "amend_norm_set", "amended", _path(code, number, norm_set_id), row.version + 1)
    return await queries.get_norm_set(session, None, code, number, norm_set_id)


async def bring_norm_set_into_force(
    session: AsyncSession,
    caller: Caller,
    code: str,
    number: int,
    norm_set_id: UUID,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """Let a draft count from now on, in the place of what was in force; neither changes again.

    Only for a version whose questions do not change any more either.
    """
    demand(caller, Permission.EDIT_NORM_SETS)
    version = await queries.lock_version(session, code, number)
    if version.state == VersionState.DRAFT:
        raise InstrumentVersionNotPublished(state=version.state, allowed=["publish"])
    row = await _locked_draft(session, code, number, norm_set_id, if_match)
    await _checked(session, version.id, NormDocument.model_validate_json(row.text), "/document")
    before = await queries.find_norm_set_id(session, code, number)
    if before is not None:
        await _change(session, before, {"state": NormSetState.REPLACED, "replaced_at": now})
    values = {"state": NormSetState.IN_FORCE, "in_force_from": now, "in_force_by": caller.subject}
    await _change(session, norm_set_id, values)
    subject = _path(code, number, norm_set_id)
    _note(session, caller, "bring_norm_set_into_force", "brought-into-force", subject, row.version + 1)
    return await queries.get_norm_set(session, None, code, number, norm_set_id)
