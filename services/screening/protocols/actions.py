"""Every change of a protocol. A version never changes; what is to be different is the next one."""

from typing import Any

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, created, etag
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.wire import json_object
from services.chassis.work import Change
from services.screening.instruments.queries import get_plan
from services.screening.permissions import Permission
from services.screening.protocols import queries
from services.screening.protocols import schemas as wire
from services.screening.protocols.models import Protocol, ProtocolVersion
from services.screening.protocols.rules.batteries import Member, wrong_battery
from services.screening.protocols.rules.selection import explain_rule, wrong_rule


def _note(
    change: Change, caller: Caller, action: str, event: str, subject: str, version: int
) -> None:
    audit.record(change, caller, action, subject)
    href = {"href": f"/v1/screening/{subject}"}
    events.emit(change, f"screening.protocol.{event}", subject, version, data=href)


def _refuse(pointer: str, code: str) -> None:
    raise ValidationFailed(FieldError("pointer", pointer, code))


async def create_protocol(
    change: Change, caller: Caller, new: wire.ProtocolCreate
) -> Answer:
    """Give a protocol its code and its names."""
    demand(caller, Permission.EDIT_PROTOCOLS)
    await change.execute(insert(Protocol).values(**new.model_dump()))
    _note(change, caller, "create_protocol", "created", f"protocols/{new.code}", 1)
    answer = await queries.get_protocol(change, new.code)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/screening/protocols/{new.code}"
    return answer


def _check_battery(battery: wire.StageBattery, pointer: str) -> None:
    members = [
        Member(form.instrument_code, form.is_required, form.decides)
        for form in battery.forms
    ]
    wrong = wrong_battery(members)
    if wrong is not None:
        _refuse(f"{pointer}/forms", wrong)


def _check_stages(new: wire.ProtocolVersionCreate) -> None:
    _check_battery(new.stage_one, "/stage_one")
    if (new.selection is None) != (new.stage_two is None):
        _refuse(
            "/stage_two" if new.stage_two is None else "/selection", "both_or_neither"
        )
    if new.selection is None or new.stage_two is None:
        return
    _check_battery(new.stage_two, "/stage_two")
    deciding = [form.instrument_code for form in new.stage_one.forms if form.decides]
    wrong = wrong_rule(new.selection.model_dump(mode="json"), deciding)
    if wrong is not None:
        _refuse(f"/selection/{wrong[0]}", wrong[1])


async def _check_instruments(change: Change, new: wire.ProtocolVersionCreate) -> None:
    for name, battery in (("stage_one", new.stage_one), ("stage_two", new.stage_two)):
        for place, form in enumerate(battery.forms if battery else ()):
            try:
                await get_plan(change, form.instrument_code, form.instrument_version)
            except UnknownReference:
                pointer = f"/{name}/forms/{place}/instrument_version"
                raise UnknownReference(
                    FieldError("pointer", pointer, "not_found")
                ) from None


def _kept(new: wire.ProtocolVersionCreate) -> dict[str, Any]:
    """What is stored of a version: the rule with its sentence."""
    facts = new.model_dump(mode="json")
    if new.selection is not None:
        rule = new.selection.model_dump(mode="json", exclude_none=True)
        facts["selection"] = {"rule": rule, "label": explain_rule(rule)}
    return facts


async def add_protocol_version(
    change: Change, caller: Caller, code: str, new: wire.ProtocolVersionCreate
) -> Answer:
    """Write the next version of a protocol, over published versions of instruments."""
    demand(caller, Permission.EDIT_PROTOCOLS)
    _check_stages(new)
    number = (await queries.lock_protocol(change, code)).last + 1
    await _check_instruments(change, new)
    statement = insert(ProtocolVersion).values(
        protocol_code=code, number=number, **_kept(new)
    )
    returning = (json_object(queries.VERSION_WIRE), col(ProtocolVersion.id))
    made = await change.one(statement.returning(*returning))
    subject = f"protocols/{code}/versions/{number}"
    _note(change, caller, "add_protocol_version", "version-added", subject, 1)
    return created(made[0], etag(made.id, 1), f"/v1/screening/{subject}")


async def retire_protocol_version(
    change: Change,
    caller: Caller,
    code: str,
    number: int,
    retiring: wire.ProtocolVersionRetire,
    if_match: IfMatch,
) -> Answer:
    """Let no campaign begin with a version any more. Campaigns that did go on with it."""
    demand(caller, Permission.EDIT_PROTOCOLS)
    row = await queries.lock_version(change, code, number)
    if expected_version(if_match, row.id) != row.version:
        raise VersionMismatch()
    if row.retired_at is not None:
        raise StateConflict(state="retired", allowed=[])
    values = {"retired_at": func.now(), "retiring_reason": retiring.reason}
    stamped = values | {
        "version": ProtocolVersion.version + 1,
        "changed_at": func.now(),
    }
    await change.execute(
        update(ProtocolVersion)
        .where(col(ProtocolVersion.id) == row.id)
        .values(**stamped)
    )
    subject = f"protocols/{code}/versions/{number}"
    _note(
        change,
        caller,
        "retire_protocol_version",
        "version-retired",
        subject,
        row.version + 1,
    )
    return await queries.get_version(change, None, code, number)
