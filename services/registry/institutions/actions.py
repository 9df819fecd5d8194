"""Every change of an institution and of the functions it holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.registry.institutions import queries
from services.registry.institutions.models import (
    CHANGED_NOW,
    FACTS,
    Institution,
    InstitutionFunction,
    InstitutionHistory,
)
from services.registry.institutions.rules.facts import contradictions
from services.registry.institutions.rules.functions import (
    WOKRO_HOST_TYPES,
    may_hold,
)
from services.registry.institutions.rules.kinds import (
    DesignationMode,
    FunctionKind,
    InstitutionType,
    Ownership,
    sector_of,
)
from services.registry.institutions.schemas import (
    InstitutionClose,
    InstitutionCreate,
    InstitutionUpdate,
)
from services.registry.permissions import Permission
from services.registry.problems import (
    InstitutionClosed,
)
from services.registry.tables import also_recording
from services.registry.territories.queries import find_county, require_commune

# An institution without a day of opening is valid from then, so that `as_of` finds it.
LONG_AGO = date(1900, 1, 1)


def _subject(institution: Institution | Stored, county: str, version: int) -> Subject:
    key = institution.key if isinstance(institution, Stored) else institution.id
    return Subject(f"institutions/{key}", version, county)


async def _facts_with_sector(change: Change, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with their sector; ValidationFailed where they contradict each other."""
    refuse(*contradictions(facts))
    if facts.get("commune_terc"):
        await require_commune(change, facts["commune_terc"])
    sector = sector_of(InstitutionType(facts["type"]), facts.get("sector"))
    return facts | {"sector": sector}


async def _get_county_of(change: Change, new: InstitutionCreate) -> str:
    """The code of a new institution's county, which the caller names by
    code or by name.
    """
    if (new.county_terc is None) == (new.county_name is None):
        refuse(("county_terc", "missing" if new.county_name is None else "repeated"))
    pointer = "/county_terc" if new.county_terc else "/county_name"
    return await find_county(
        change, new.county_terc or str(new.county_name), name=pointer
    )


async def create_institution(change: Change, new: InstitutionCreate) -> Stored:
    """Register an institution in a county of the caller's."""
    county = await _get_county_of(change, new)
    demand(change.caller, Permission.EDIT_INSTITUTIONS, county=county)
    facts = await _facts_with_sector(
        change, new.model_dump(exclude={"county_name"}) | {"county_terc": county}
    )
    statement = insert(Institution).values(
        **facts, valid_from=facts["opened_on"] or LONG_AGO
    )
    institution = await change.stored(statement.returning(*queries.STORED))
    change.record(
        "create_institution",
        _subject(institution, county, institution.version),
        "institution.created",
        fields=sorted(name for name, value in facts.items() if value is not None),
    )
    return institution


async def _lock_open(
    change: Change, permission: Permission, institution_id: UUID, version: int
) -> Institution:
    """The institution to change, locked: within reach, unchanged since it was
    read, not closed.
    """
    institution = await queries.lock_institution(change, institution_id)
    demand(
        change.caller,
        permission,
        county=institution.county_terc,
        institution=institution.id,
    )
    require_version(institution.version, version)
    _require_open(institution)
    return institution


def _require_open(institution: Institution) -> None:
    if institution.closed_on is not None:
        raise InstitutionClosed(state="closed", allowed=[])


async def _change(
    change: Change, institution: Institution, values: dict[str, Any], today: date
) -> Stored:
    """Write the present facts to the history, then change the institution."""
    is_institution = col(Institution.id) == institution.id
    columns = ("institution_id", "version", "valid_to", *FACTS)
    before = select(
        col(Institution.id),
        col(Institution.version),
        literal(today),
        *[getattr(Institution, name) for name in FACTS],
    )
    await change.execute(
        insert(InstitutionHistory).from_select(columns, before.where(is_institution))
    )
    statement = update(Institution).where(is_institution)
    statement = statement.values(**values, valid_from=today, **CHANGED_NOW)
    return await change.stored(statement.returning(*queries.STORED))


async def _require_host_of_functions(
    change: Change, institution_id: UUID, facts: Mapping[str, Any], today: date
) -> None:
    """ValidationFailed when these facts do not allow the functions that the institution holds, or is to hold."""
    kind = InstitutionType(facts["type"])
    ownership = Ownership(facts["ownership"]) if facts["ownership"] else None
    for function in await queries.list_functions_from(change, institution_id, today):
        mode = DesignationMode(function.mode)
        if not may_hold(FunctionKind(function.kind), kind, mode, ownership):
            refuse(("type", "wrong_host_type"), allowed=sorted(WOKRO_HOST_TYPES))


async def amend_institution(
    change: Change,
    institution_id: UUID,
    patch: InstitutionUpdate,
    version: int,
    today: date,
) -> Stored:
    """Change the fields that the patch names. The state until today stays
    readable with `as_of`.
    """
    institution = await _lock_open(
        change, Permission.EDIT_INSTITUTIONS, institution_id, version
    )
    patched = patch.model_dump(exclude_unset=True)
    before = {name: getattr(institution, name) for name in FACTS}
    facts = before | patched
    if "type" in patched and "sector" not in patched:
        sector = sector_of(InstitutionType(patched["type"]), None)
        facts["sector"] = sector or institution.sector
    facts = await _facts_with_sector(change, facts)
    changed = sorted(
        name for name in {*patched, "sector"} if facts[name] != before[name]
    )
    if not changed:
        return await queries.get_institution(change, institution_id)
    if {"type", "ownership"} & {*changed}:
        await _require_host_of_functions(change, institution_id, facts, today)
    values = {name: facts[name] for name in changed}
    after = await _change(change, institution, values, today)
    subject = _subject(institution, facts["county_terc"], after.version)
    change.record("amend_institution", subject, "institution.changed", fields=changed)
    return after


async def close_institution(
    change: Change,
    institution_id: UUID,
    end: InstitutionClose,
    version: int,
    today: date,
) -> Stored:
    """Close an institution; the functions that it holds on that day end with it."""
    institution = await _lock_open(
        change, Permission.CLOSE_INSTITUTIONS, institution_id, version
    )
    if institution.opened_on is not None and end.closed_on < institution.opened_on:
        refuse(("closed_on", "wrong_order"))
    values = {"closed_on": end.closed_on, "closing_reason": end.reason}
    after = await _change(change, institution, values, today)
    ended = await _end_functions(change, institution_id, end)
    subject = _subject(institution, institution.county_terc, after.version)
    change.record(
        "close_institution", subject, "institution.closed", fields=["closed_on", *ended]
    )
    return after


async def _end_functions(
    change: Change, institution_id: UUID, end: InstitutionClose
) -> list[str]:
    """End the functions that a closed institution would hold on that day or later.

    Functions that were to begin later are deleted. Returns the kinds of all of them.
    """
    kind, held_to = col(InstitutionFunction.kind), col(InstitutionFunction.held_to)
    of_institution = col(InstitutionFunction.institution_id) == institution_id
    begins_later = col(InstitutionFunction.held_from) >= end.closed_on
    deletion = delete(InstitutionFunction).where(of_institution, begins_later)
    deleted_kinds = await change.scalars(deletion.returning(kind))
    values = {
        "held_to": end.closed_on,
        "ending_reason": end.reason,
        "version": InstitutionFunction.version + 1,
        "recorded": also_recording(
            InstitutionFunction, change.caller.subject, "held_to"
        ),
    }
    is_held = func.coalesce(held_to > end.closed_on, True)
    ending = update(InstitutionFunction).where(of_institution, is_held)
    ended_kinds = await change.scalars(ending.values(**values).returning(kind))
    return [*deleted_kinds, *ended_kinds]
