"""Every change of an institution and of the functions it holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
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
    ONE_PER_COUNTY,
    WOKRO_HOST_TYPES,
    may_hold,
    wrong_days,
)
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
from services.registry.legal_acts.queries import require_legal_act
from services.registry.permissions import Permission
from services.registry.problems import FunctionAlreadyHeld, InstitutionClosed
from services.registry.territories.queries import find_county, require_commune

# Without a day of opening it counts as known since then, so that `as_of` finds it.
LONG_AGO = date(1900, 1, 1)


def _subject(institution: Institution | Stored, county: str, version: int) -> Subject:
    key = institution.key if isinstance(institution, Stored) else institution.id
    return Subject(f"institutions/{key}", version, county)


async def _checked(change: Change, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with their sector; ValidationFailed where they contradict each other."""
    refuse(*contradictions(facts))
    if facts.get("commune_terc"):
        await require_commune(change, facts["commune_terc"])
    sector = sector_of(InstitutionType(facts["type"]), facts.get("sector"))
    return facts | {"sector": sector}


async def _named_county(change: Change, new: InstitutionCreate) -> str:
    """The code of the county, which a new institution names by code or by name."""
    if (new.county_terc is None) == (new.county_name is None):
        refuse(("county_terc", "missing" if new.county_name is None else "repeated"))
    pointer = "/county_terc" if new.county_terc else "/county_name"
    return await find_county(
        change, new.county_terc or str(new.county_name), name=pointer
    )


async def create_institution(change: Change, new: InstitutionCreate) -> Stored:
    """Register an institution in a county of the caller's."""
    county = await _named_county(change, new)
    demand(change.caller, Permission.EDIT_INSTITUTIONS, county=county)
    facts = await _checked(
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


async def _locked_for(
    change: Change, permission: Permission, institution_id: UUID, version: int
) -> Institution:
    """The institution to change: within reach, unchanged since it was read, and not closed."""
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
    """Keep how the institution was, then change it."""
    this = col(Institution.id) == institution.id
    kept = ("institution_id", "version", "valid_to", *FACTS)
    before = select(
        col(Institution.id),
        col(Institution.version),
        literal(today),
        *[getattr(Institution, name) for name in FACTS],
    )
    await change.execute(
        insert(InstitutionHistory).from_select(kept, before.where(this))
    )
    statement = update(Institution).where(this)
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
    """Change what the patch names. How it was until today stays readable with `as_of`."""
    institution = await _locked_for(
        change, Permission.EDIT_INSTITUTIONS, institution_id, version
    )
    patched = patch.model_dump(exclude_unset=True)
    before = {name: getattr(institution, name) for name in FACTS}
    facts = before | patched
    if "type" in patched and "sector" not in patched:
        sector = sector_of(InstitutionType(patched["type"]), None)
        facts["sector"] = sector or institution.sector
    facts = await _checked(change, facts)
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
    """Close an institution; the functions that it still holds end on the same day."""
    institution = await _locked_for(
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
    """End what a closed institution would still hold on that day; the kinds.

    What was to begin later never begins.
    """
    kind, held_to = col(InstitutionFunction.kind), col(InstitutionFunction.held_to)
    theirs = col(InstitutionFunction.institution_id) == institution_id
    begins_later = col(InstitutionFunction.held_from) >= end.closed_on
    later = delete(InstitutionFunction).where(theirs, begins_later)
    never_begun = await change.scalars(later.returning(kind))
    values = {
        "held_to": end.closed_on,
        "ending_reason": end.reason,
        "version": InstitutionFunction.version + 1,
    }
    still = func.coalesce(held_to > end.closed_on, True)
    ending = update(InstitutionFunction).where(theirs, still).values(**values)
    return [*never_begun, *await change.scalars(ending.returning(kind))]


async def give_function(
    change: Change, institution_id: UUID, new: FunctionCreate
) -> Stored:
    """Give an institution a function for a county and a time."""
    institution = await queries.lock_institution(change, institution_id)
    county = new.county_terc or institution.county_terc
    demand(change.caller, Permission.GIVE_FUNCTIONS, county=county)
    _require_open(institution)
    kind = InstitutionType(institution.type)
    ownership = Ownership(institution.ownership) if institution.ownership else None
    if not may_hold(new.kind, kind, new.mode, ownership):
        refuse(("kind", "wrong_host_type"), allowed=sorted(WOKRO_HOST_TYPES))
    refuse(*wrong_days(institution.opened_on, new.held_from, new.held_to))
    await find_county(change, county, name="/county_terc")
    await require_legal_act(change, new.legal_act_id, new.held_from)
    if new.kind in ONE_PER_COUNTY:
        await _require_not_held(change, county, new)
    values = new.model_dump() | {
        "county_terc": county,
        "institution_id": institution.id,
        "given_by": change.caller.subject,
    }
    statement = insert(InstitutionFunction).values(**values)
    function = await change.stored(statement.returning(*queries.STORED_FUNCTION))
    _record_function(change, "give_function", institution, "function-given", new.kind)
    return function


async def _require_not_held(change: Change, county: str, new: FunctionCreate) -> None:
    # Two given at once would not see each other; the index knows only those without an
    # end.
    await queries.lock_function_of_county(change, county, new.kind)
    if await queries.function_is_held(
        change, county, new.kind, new.held_from, new.held_to
    ):
        raise FunctionAlreadyHeld()


def _record_function(
    change: Change, action: str, institution: Institution, event: str, kind: str
) -> None:
    subject = _subject(institution, institution.county_terc, institution.version)
    change.record(action, subject, f"institution.{event}", fields=[kind])


async def end_function(
    change: Change,
    institution_id: UUID,
    function_id: UUID,
    end: FunctionEnd,
    version: int,
) -> Stored:
    """End a function that an institution holds."""
    institution = await queries.lock_institution(change, institution_id)
    function = await queries.lock_function(change, institution_id, function_id)
    demand(change.caller, Permission.GIVE_FUNCTIONS, county=function.county_terc)
    require_version(function.version, version)
    if function.held_to is not None:
        raise StateConflict(state="ended", allowed=[])
    if end.held_to <= function.held_from:
        refuse(("held_to", "wrong_order"))
    values = {
        "held_to": end.held_to,
        "ending_reason": end.reason,
        "version": InstitutionFunction.version + 1,
    }
    this = col(InstitutionFunction.id) == function.id
    statement = update(InstitutionFunction).where(this).values(**values)
    ended = await change.stored(statement.returning(*queries.STORED_FUNCTION))
    _record_function(
        change, "end_function", institution, "function-ended", function.kind
    )
    return ended
