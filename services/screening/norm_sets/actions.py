"""Every change of norm sets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.problems import (
    FieldError,
    StateConflict,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
from services.screening.instruments.queries import get_definition
from services.screening.instruments.rules.norms import NormDocument
from services.screening.instruments.rules.states import VersionState
from services.screening.norm_sets import queries
from services.screening.norm_sets.models import NormSet
from services.screening.norm_sets.rules import (
    NormSetState,
    allowed_verbs,
    norm_contradictions,
)
from services.screening.norm_sets.schemas import NormSetCreate, NormSetUpdate
from services.screening.permissions import Permission
from services.screening.problems import InstrumentVersionNotPublished


def _path(code: str, number: int, norm_set_id: UUID) -> str:
    return f"instruments/{code}/versions/{number}/norm-sets/{norm_set_id}"


def _note(
    change: Change, caller: Caller, action: str, event: str, subject: str, version: int
) -> None:
    audit.record(change, caller, action, subject)
    events.emit(
        change,
        f"screening.norm-set.{event}",
        subject,
        version,
        data={"href": f"/v1/screening/{subject}"},
    )


async def _checked(
    change: Change, version_id: UUID, document: NormDocument, at: str
) -> dict[str, Any]:
    wrong = norm_contradictions(document, await get_definition(change, version_id))
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"{at}{pointer}", code) for pointer, code in wrong]
        )
    kept: dict[str, Any] = document.model_dump(mode="json", exclude_unset=True)
    return kept


async def create_norm_set(
    change: Change, caller: Caller, code: str, number: int, new: NormSetCreate
) -> Answer:
    """Draft norms for an instrument version, in whatever state it is."""
    demand(caller, Permission.EDIT_NORM_SETS)
    norm_set_id = await add_norm_set(change, caller, code, number, new)
    answer = await queries.get_norm_set(change, None, code, number, norm_set_id)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/screening/{_path(code, number, norm_set_id)}"
    return answer


async def add_norm_set(
    change: Change,
    caller: Caller,
    code: str,
    number: int,
    new: NormSetCreate,
    *,
    at: str = "/document",
) -> UUID:
    """The id of a new draft."""
    version = await queries.lock_version(change, code, number)
    document = await _checked(change, version.id, new.document, at)
    values = {
        "instrument_version_id": version.id,
        "code": new.code,
        "document": document,
    }
    statement = insert(NormSet).values(**values).returning(col(NormSet.id))
    norm_set_id: UUID = await change.scalar(statement)
    _note(
        change,
        caller,
        "create_norm_set",
        "drafted",
        _path(code, number, norm_set_id),
        1,
    )
    return norm_set_id


async def _locked_draft(
    change: Change, code: str, number: int, norm_set_id: UUID, if_match: IfMatch
) -> Record:
    await queries.lock_version(change, code, number)
    row = await queries.lock_norm_set(change, code, number, norm_set_id)
    if expected_version(if_match, norm_set_id) != row.version:
        raise VersionMismatch()
    if row.state != NormSetState.DRAFT:
        raise StateConflict(state=row.state, allowed=allowed_verbs(row.state))
    return row


async def _change(change: Change, norm_set_id: UUID, values: dict[str, Any]) -> None:
    stamped = values | {"version": NormSet.version + 1, "changed_at": func.now()}
    await change.execute(
        update(NormSet).where(col(NormSet.id) == norm_set_id).values(**stamped)
    )


async def amend_norm_set(
    change: Change,
    caller: Caller,
    code: str,
    number: int,
    norm_set_id: UUID,
    other: NormSetUpdate,
    if_match: IfMatch,
) -> Answer:
    """Give a draft other norms."""
    demand(caller, Permission.EDIT_NORM_SETS)
    row = await _locked_draft(change, code, number, norm_set_id, if_match)
    document = await _checked(
        change, row.instrument_version_id, other.document, "/document"
    )
    await _change(change, norm_set_id, {"document": document})
    _note(
        change,
        caller,
        "amend_norm_set",
        "amended",
        _path(code, number, norm_set_id),
        row.version + 1,
    )
    return await queries.get_norm_set(change, None, code, number, norm_set_id)


async def bring_norm_set_into_force(
    change: Change,
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
    version = await queries.lock_version(change, code, number)
    if version.state == VersionState.DRAFT:
        raise InstrumentVersionNotPublished(state=version.state, allowed=["publish"])
    row = await _locked_draft(change, code, number, norm_set_id, if_match)
    await _checked(
        change, version.id, NormDocument.model_validate_json(row.text), "/document"
    )
    before = await queries.find_norm_set_id(change, code, number)
    if before is not None:
        await _change(
            change, before, {"state": NormSetState.REPLACED, "replaced_at": now}
        )
    values = {
        "state": NormSetState.IN_FORCE,
        "in_force_from": now,
        "in_force_by": caller.subject,
    }
    await _change(change, norm_set_id, values)
    subject = _path(code, number, norm_set_id)
    _note(
        change,
        caller,
        "bring_norm_set_into_force",
        "brought-into-force",
        subject,
        row.version + 1,
    )
    return await queries.get_norm_set(change, None, code, number, norm_set_id)
