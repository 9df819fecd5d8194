"""Every change of an institution and of its functions."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, created, etag, expected_version, tagged
from services.chassis.paging import json_object
from services.chassis.problems import FieldError, StateConflict, ValidationFailed, VersionMismatch
from services.chassis.routes import Answer
from services.chassis.work import Change, Record
from services.registry.institutions import queries
from services.registry.institutions.models import (
    CHANGED_NOW,
    FACTS,
    Institution,
    InstitutionFunction,
    InstitutionHistory,
)
from services.registry.institutions.rules.facts import contradictions
from services.registry.institutions.rules.functions import ONE_PER_COUNTY, WOKRO_HOST_TYPES, may_hold, wrong_days
from services.registry.institutions.rules.kinds import (
    DesignationMode,
    FunctionKind,
    InstitutionType,
    Ownership,
    sector_of,
)
from services.registry.institutions.schemas import (
    FunctionCreate,
    FunctionEnd,
    InstitutionClose,
    InstitutionCreate,
    InstitutionUpdate,
)
from services.registry.permissions import Permission
from services.registry.problems import FunctionAlreadyHeld, InstitutionClosed
from services.registry.territories.queries import find_county, require_commune

LONG_AGO = date(1900, 1, 1)


def _note(change: Change, caller: Caller, action: str, event: str, row: Record, changed: list[str]) -> None:
    """The audit record and the event of a change; both name fields, neither holds content."""
    subject = f"institutions/{row.id}"
    audit.record(change, caller, action, subject, county=row.county_terc, detail={"fields": changed})
    data = {"href": f"/v1/registry/{subject}", "fields": changed}
    events.emit(change, f"registry.institution.{event}", subject, row.version, county=row.county_terc, data=data)


def _check(facts: Mapping[str, Any]) -> None:
    wrong = contradictions(facts)
    if wrong:
        raise ValidationFailed(*[FieldError("pointer", f"/{name}", code) for name, code in wrong])


async def _checked(change: Change, facts: dict[str, Any]) -> dict[str, Any]:
    _check(facts)
    if facts.get("commune_terc"):
        await require_commune(change, facts["commune_terc"])
    facts["sector"] = sector_of(InstitutionType(facts["type"]), facts.get("sector"))
    return facts


async def create_institution(change: Change, caller: Caller, new: InstitutionCreate) -> Answer:
    """Register an institution in a county of the caller's."""
    facts = new.model_dump(exclude={"county_name"})
    if (new.county_terc is None) == (new.county_name is None):
        raise ValidationFailed(
            FieldError("pointer", "/county_terc", "missing" if new.county_name is None else "repeated")
        )
    pointer = "/county_terc" if new.county_terc else "/county_name"
    facts["county_terc"] = await find_county(change, new.county_terc or str(new.county_name), name=pointer)
    demand(caller, Permission.EDIT_INSTITUTIONS, county=facts["county_terc"])
    facts = await _checked(change, facts)
    statement = insert(Institution).values(**facts, valid_from=facts["opened_on"] or LONG_AGO)
    returning = (json_object(queries.WIRE), col(Institution.id), col(Institution.version), col(Institution.county_terc))
    row = await change.one(statement.returning(*returning))
    _note(
        change, caller, "create_institution", "created", row, sorted(name for name in facts if facts[name] is not None)
    )
    return created(row[0], etag(row.id, row.version), f"/v1/registry/institutions/{row.id}")


async def _locked_for(
    change: Change, caller: Caller, permission: Permission, institution_id: UUID, if_match: IfMatch
) -> Record:
    """The record to change: within the caller's reach, unchanged since it was read, and not closed."""
    row = await queries.lock_institution(change, institution_id)
    demand(caller, permission, county=row.county_terc, institution=row.id)
    if expected_version(if_match, institution_id) != row.version:
        raise VersionMismatch()
    if row.closed_on is not None:
        raise InstitutionClosed(state="closed", allowed=[])
    return row


async def _change(change: Change, row: Record, values: dict[str, Any], today: date) -> Record:
    """Keep how the institution was, then change it."""
    before = select(
        col(Institution.id), col(Institution.version), literal(today), *[getattr(Institution, name) for name in FACTS]
    ).where(col(Institution.id) == row.id)
    await change.execute(
        insert(InstitutionHistory).from_select(["institution_id", "version", "valid_to", *FACTS], before)
    )
    changed = update(Institution).where(col(Institution.id) == row.id).values(**values, valid_from=today, **CHANGED_NOW)
    returning = (json_object(queries.WIRE), col(Institution.id), col(Institution.version), col(Institution.county_terc))
    return await change.one(changed.returning(*returning))


async def _check_functions(change: Change, institution_id: UUID, facts: Mapping[str, Any], today: date) -> None:
    """ValidationFailed when such an institution could not hold what this one holds or is to hold."""
    kind, ownership = InstitutionType(facts["type"]), Ownership(facts["ownership"]) if facts["ownership"] else None
    for held in await queries.list_functions_from(change, institution_id, today):
        if not may_hold(FunctionKind(held.kind), kind, DesignationMode(held.mode), ownership):
            raise ValidationFailed(FieldError("pointer", "/type", "wrong_host_type"), allowed=sorted(WOKRO_HOST_TYPES))


async def amend_institution(
    change: Change,
    caller: Caller,
    institution_id: UUID,
    patch: InstitutionUpdate,
    if_match: str | None,
    today: date,
) -> Answer:
    """Change what the patch names. How it was until today stays readable with `as_of`."""
    row = await _locked_for(change, caller, Permission.EDIT_INSTITUTIONS, institution_id, if_match)
    given = patch.model_dump(exclude_unset=True)
    merged = {name: getattr(row, name) for name in FACTS} | given
    if "type" in given and "sector" not in given:
        merged["sector"] = sector_of(InstitutionType(given["type"]), None) or row.sector
    merged = await _checked(change, merged)
    changed = sorted(name for name in {*given, "sector"} if merged[name] != getattr(row, name))
    if not changed:
        same = await change.scalar(select(json_object(queries.WIRE)).where(col(Institution.id) == row.id))
        return tagged(str(same), etag(row.id, row.version))
    if {"type", "ownership"} & {*changed}:
        await _check_functions(change, row.id, merged, today)
    after = await _change(change, row, {name: merged[name] for name in changed}, today)
    _note(change, caller, "amend_institution", "changed", after, changed)
    return tagged(after[0], etag(after.id, after.version))


async def close_institution(
    change: Change,
    caller: Caller,
    institution_id: UUID,
    end: InstitutionClose,
    if_match: str | None,
    today: date,
) -> Answer:
    """Close an institution; the functions that it still holds end on the same day."""
    row = await _locked_for(change, caller, Permission.CLOSE_INSTITUTIONS, institution_id, if_match)
    if row.opened_on is not None and end.closed_on < row.opened_on:
        raise ValidationFailed(FieldError("pointer", "/closed_on", "wrong_order"))
    after = await _change(change, row, {"closed_on": end.closed_on, "closing_reason": end.reason}, today)
    ended = await _end_functions(change, row.id, end)
    _note(change, caller, "close_institution", "closed", after, ["closed_on", *ended])
    return tagged(after[0], etag(after.id, after.version))


async def _end_functions(change: Change, institution_id: UUID, end: InstitutionClose) -> list[str]:
    """End what a closed institution would still hold on that day; what was to begin later never begins. The kinds."""
    theirs, kind = col(InstitutionFunction.institution_id) == institution_id, col(InstitutionFunction.kind)
    later = delete(InstitutionFunction).where(theirs, col(InstitutionFunction.held_from) >= end.closed_on)
    never_begun = await change.scalars(later.returning(kind))
    held = func.coalesce(col(InstitutionFunction.held_to) > end.closed_on, True)
    values = {"held_to": end.closed_on, "ending_reason": end.reason, "version": InstitutionFunction.version + 1}
    ending = update(InstitutionFunction).where(theirs, held).values(**values)
    return [*never_begun, *await change.scalars(ending.returning(kind))]


async def give_function(change: Change, caller: Caller, institution_id: UUID, new: FunctionCreate) -> Answer:
    """Give an institution a function for a county. A lead coordination centre is one per county at any time."""
    row = await queries.lock_institution(change, institution_id)
    county = new.county_terc or row.county_terc
    demand(caller, Permission.GIVE_FUNCTIONS, county=county)
    if row.closed_on is not None:
        raise InstitutionClosed(state="closed", allowed=[])
    ownership = Ownership(row.ownership) if row.ownership else None
    if not may_hold(new.kind, InstitutionType(row.type), new.mode, ownership):
        raise ValidationFailed(FieldError("pointer", "/kind", "wrong_host_type"), allowed=sorted(WOKRO_HOST_TYPES))
    wrong = wrong_days(row.opened_on, new.held_from, new.held_to)
    if wrong:
        raise ValidationFailed(*[FieldError("pointer", f"/{name}", code) for name, code in wrong])
    await find_county(change, county, name="/county_terc")
    if new.kind in ONE_PER_COUNTY and await queries.function_is_held(
        change, county, new.kind, new.held_from, new.held_to
    ):
        raise FunctionAlreadyHeld()
    values = new.model_dump() | {"county_terc": county, "institution_id": row.id, "given_by": caller.subject}
    returning = (json_object(queries.FUNCTION_WIRE), col(InstitutionFunction.id), col(InstitutionFunction.version))
    statement = insert(InstitutionFunction).values(**values).returning(*returning)
    given = await change.one(statement)
    _note(change, caller, "give_function", "function-given", row, [new.kind])
    location = f"/v1/registry/institutions/{row.id}/functions/{given.id}"
    return created(given[0], etag(given.id, given.version), location)


async def end_function(
    change: Change,
    caller: Caller,
    institution_id: UUID,
    function_id: UUID,
    end: FunctionEnd,
    if_match: str | None,
) -> Answer:
    """End a function that an institution holds."""
    row = await queries.lock_institution(change, institution_id)
    held = await queries.lock_function(change, institution_id, function_id)
    demand(caller, Permission.GIVE_FUNCTIONS, county=held.county_terc)
    if expected_version(if_match, function_id) != held.version:
        raise VersionMismatch()
    if held.held_to is not None:
        raise StateConflict(state="ended", allowed=[])
    if end.held_to <= held.held_from:
        raise ValidationFailed(FieldError("pointer", "/held_to", "wrong_order"))
    values = {"held_to": end.held_to, "ending_reason": end.reason, "version": InstitutionFunction.version + 1}
    statement = update(InstitutionFunction).where(col(InstitutionFunction.id) == held.id).values(**values)
    returning = (json_object(queries.FUNCTION_WIRE), col(InstitutionFunction.id), col(InstitutionFunction.version))
    ended = await change.one(statement.returning(*returning))
    _note(change, caller, "end_function", "function-ended", row, [held.kind])
    return tagged(ended[0], etag(ended.id, ended.version))
