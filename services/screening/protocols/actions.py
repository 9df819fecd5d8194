"""Every change of a protocol.

A version never changes: every change is a new version.
"""

from typing import Any, NamedTuple

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.screening.instruments.queries import get_plan
from services.screening.permissions import Permission
from services.screening.protocols import queries
from services.screening.protocols.models import Protocol, ProtocolVersion
from services.screening.protocols.rules.batteries import Member, wrong_battery
from services.screening.protocols.rules.selection import explain_rule, wrong_rule
from services.screening.protocols.schemas import (
    ProtocolCreate,
    ProtocolVersionCreate,
    ProtocolVersionRetire,
    StageBattery,
)


class AddedVersion(NamedTuple):
    """A new version, and its number within the protocol."""

    number: int
    version: Stored


async def create_protocol(change: Change, new: ProtocolCreate) -> Stored:
    """Give a protocol its code and its names."""
    demand(change.caller, Permission.EDIT_PROTOCOLS)
    await change.execute(insert(Protocol).values(**new.model_dump()))
    subject = Subject(f"protocols/{new.code}")
    change.record("create_protocol", subject, "protocol.created")
    return await queries.get_protocol(change, new.code)


def _check_battery(battery: StageBattery, stage: str) -> None:
    members = [
        Member(form.instrument_code, form.is_required, form.decides, form.informants)
        for form in battery.forms
    ]
    wrong = wrong_battery(members)
    if wrong is not None:
        refuse(("forms", wrong), at=f"/{stage}")


def _check_stages(new: ProtocolVersionCreate) -> None:
    """ValidationFailed where the stages contradict themselves or each other."""
    _check_battery(new.stage_one, "stage_one")
    # A selection without a stage two, or a stage two without a selection, is a mistake.
    if (new.selection is None) != (new.stage_two is None):
        absent = "stage_two" if new.stage_two is None else "selection"
        refuse((absent, "both_or_neither"))
    if new.selection is None or new.stage_two is None:
        return
    _check_battery(new.stage_two, "stage_two")
    deciding = [form.instrument_code for form in new.stage_one.forms if form.decides]
    wrong = wrong_rule(new.selection.model_dump(mode="json"), deciding)
    if wrong is not None:
        refuse(wrong, at="/selection")


async def _require_instruments(change: Change, new: ProtocolVersionCreate) -> None:
    """UnknownReference with the place of the first form that is no published version."""
    for name, battery in (("stage_one", new.stage_one), ("stage_two", new.stage_two)):
        for place, form in enumerate(battery.forms if battery else ()):
            try:
                await get_plan(change, form.instrument_code, form.instrument_version)
            except UnknownReference:
                pointer = f"/{name}/forms/{place}/instrument_version"
                error = FieldError("pointer", pointer, "not_found")
                # The same problem with the place of the form: several forms may
                # name a version.
                raise UnknownReference(error) from None


def _columns_of(new: ProtocolVersionCreate) -> dict[str, Any]:
    """The columns of a version; the selection rule is stored with its text in words."""
    columns = new.model_dump(mode="json")
    if new.selection is not None:
        rule = new.selection.model_dump(mode="json", exclude_none=True)
        columns["selection"] = {"rule": rule, "label": explain_rule(rule)}
    return columns


def _version_subject(code: str, number: int, version: Stored) -> Subject:
    return Subject(f"protocols/{code}/versions/{number}", version.version)


async def add_protocol_version(
    change: Change, code: str, new: ProtocolVersionCreate
) -> AddedVersion:
    """Add the next version of a protocol; it names published versions of instruments."""
    demand(change.caller, Permission.EDIT_PROTOCOLS)
    _check_stages(new)
    number = await queries.lock_last_number(change, code) + 1
    await _require_instruments(change, new)
    statement = insert(ProtocolVersion).values(
        protocol_code=code, number=number, **_columns_of(new)
    )
    version = await change.stored(statement.returning(*queries.STORED_VERSION))
    subject = _version_subject(code, number, version)
    change.record("add_protocol_version", subject, "protocol.version-added")
    return AddedVersion(number, version)


async def retire_protocol_version(
    change: Change,
    code: str,
    number: int,
    retiring: ProtocolVersionRetire,
    version: int,
) -> Stored:
    """Retire a version: no new campaign can use it. Campaigns that already use it go on."""
    demand(change.caller, Permission.EDIT_PROTOCOLS)
    locked_version = await queries.lock_version(change, code, number)
    require_version(locked_version.version, version)
    if locked_version.retired_at is not None:
        raise StateConflict(state="retired", allowed=[])
    statement = (
        update(ProtocolVersion)
        .where(col(ProtocolVersion.id) == locked_version.id)
        .values(
            retired_at=func.now(),
            retiring_reason=retiring.reason,
            version=ProtocolVersion.version + 1,
            changed_at=func.now(),
        )
    )
    stored_version = await change.stored(statement.returning(*queries.STORED_VERSION))
    subject = _version_subject(code, number, stored_version)
    change.record("retire_protocol_version", subject, "protocol.version-retired")
    return stored_version
