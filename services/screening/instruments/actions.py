"""Every change of instruments and of their versions."""

from datetime import datetime
from typing import Any

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
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
from services.screening.instruments import queries
from services.screening.instruments.models import Instrument, InstrumentVersion
from services.screening.instruments.rules.consistency import contradictions
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.states import VersionState, allowed_verbs
from services.screening.instruments.schemas import InstrumentCreate, VersionRetirement
from services.screening.permissions import Permission


def _note(
    change: Change, caller: Caller, action: str, event: str, subject: str, version: int
) -> None:
    """The audit record and the event; neither holds anything of a definition."""
    audit.record(change, caller, action, subject)
    events.emit(
        change,
        f"screening.{event}",
        subject,
        version,
        data={"href": f"/v1/screening/{subject}"},
    )


def check_definition(definition: Definition, at: str = "") -> dict[str, Any]:
    """A definition as it is kept; ValidationFailed names every place where it contradicts itself."""
    wrong = contradictions(definition)
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"{at}{pointer}", code) for pointer, code in wrong]
        )
    kept: dict[str, Any] = definition.model_dump(mode="json", exclude_unset=True)
    return kept


async def create_instrument(
    change: Change, caller: Caller, new: InstrumentCreate
) -> Answer:
    """Name an instrument and its place in a lineage."""
    demand(caller, Permission.EDIT_INSTRUMENTS)
    await add_instrument(change, caller, new)
    answer = await queries.get_instrument(change, None, new.code)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/screening/instruments/{new.code}"
    return answer


async def add_instrument(
    change: Change, caller: Caller, new: InstrumentCreate
) -> Record:
    """The record of a new instrument. What it supersedes must be there."""
    if (
        new.supersedes is not None
        and await queries.find_instrument(change, new.supersedes) is None
    ):
        raise UnknownReference(FieldError("pointer", "/supersedes", "not_found"))
    facts = new.model_dump(mode="json", exclude_none=True)
    statement = insert(Instrument).values(**facts).returning(*queries.INSTRUMENTS.c)
    row = await change.one(statement)
    _note(
        change,
        caller,
        "create_instrument",
        "instrument.created",
        f"instruments/{row.code}",
        row.version,
    )
    return row


async def draft_instrument_version(
    change: Change, caller: Caller, code: str, definition: Definition
) -> Answer:
    """Begin the next version of an instrument."""
    demand(caller, Permission.EDIT_INSTRUMENTS)
    row = await queries.lock_instrument(change, code)
    number = (await add_version(change, caller, row, definition)).number
    answer = await queries.get_instrument_version(change, None, code, number)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/screening/instruments/{code}/versions/{number}"
    return answer


async def add_version(
    change: Change,
    caller: Caller,
    instrument: Record,
    definition: Definition,
    *,
    at: str = "",
    **source: str | None,
) -> Record:
    """The record of a new draft of an instrument that is locked. `source`: publisher and package_digest."""
    kept = check_definition(definition, at)
    number = await queries.find_last_number(change, instrument.id) + 1
    values = {
        "instrument_id": instrument.id,
        "number": number,
        "definition": kept,
        **source,
    }
    returned = (
        col(InstrumentVersion.id),
        col(InstrumentVersion.number),
        col(InstrumentVersion.version),
    )
    row = await change.one(
        insert(InstrumentVersion).values(**values).returning(*returned)
    )
    subject = f"instruments/{instrument.code}/versions/{number}"
    _note(
        change,
        caller,
        "draft_instrument_version",
        "instrument-version.drafted",
        subject,
        row.version,
    )
    return row


async def _locked_in(
    change: Change, code: str, number: int, state: VersionState, if_match: IfMatch
) -> Record:
    row = await queries.lock_version(change, code, number)
    if expected_version(if_match, row.id) != row.version:
        raise VersionMismatch()
    if row.state != state:
        raise StateConflict(state=row.state, allowed=allowed_verbs(row.state))
    return row


async def _change(
    change: Change,
    caller: Caller,
    row: Record,
    action: str,
    event: str,
    values: dict[str, Any],
) -> Answer:
    stamped = values | {
        "version": InstrumentVersion.version + 1,
        "changed_at": func.now(),
    }
    statement = (
        update(InstrumentVersion)
        .where(col(InstrumentVersion.id) == row.id)
        .values(**stamped)
    )
    await change.execute(statement)
    subject = f"instruments/{row.code}/versions/{row.number}"
    _note(
        change, caller, action, f"instrument-version.{event}", subject, row.version + 1
    )
    return await queries.get_instrument_version(change, None, row.code, row.number)


async def amend_instrument_version(
    change: Change,
    caller: Caller,
    code: str,
    number: int,
    definition: Definition,
    if_match: IfMatch,
) -> Answer:
    """Give a draft another definition."""
    demand(caller, Permission.EDIT_INSTRUMENTS)
    row = await _locked_in(change, code, number, VersionState.DRAFT, if_match)
    values = {"definition": check_definition(definition)}
    return await _change(
        change, caller, row, "amend_instrument_version", "amended", values
    )


async def publish_instrument_version(
    change: Change,
    caller: Caller,
    code: str,
    number: int,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """Let a draft be used; from now on it never changes."""
    demand(caller, Permission.PUBLISH_INSTRUMENTS)
    row = await _locked_in(change, code, number, VersionState.DRAFT, if_match)
    values = {
        "state": VersionState.PUBLISHED,
        "published_at": now,
        "published_by": caller.subject,
    }
    return await _change(
        change, caller, row, "publish_instrument_version", "published", values
    )


async def retire_instrument_version(
    change: Change,
    caller: Caller,
    code: str,
    number: int,
    end: VersionRetirement,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """End the use of a published version. Screenings made with it stay as they are."""
    demand(caller, Permission.PUBLISH_INSTRUMENTS)
    row = await _locked_in(change, code, number, VersionState.PUBLISHED, if_match)
    values = {
        "state": VersionState.RETIRED,
        "retired_at": now,
        "retiring_reason": end.reason,
    }
    return await _change(
        change, caller, row, "retire_instrument_version", "retired", values
    )
