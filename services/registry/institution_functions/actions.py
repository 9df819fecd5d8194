"""Every change of a function: it is given, and it ends."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
from services.registry.bodies.models import Body
from services.registry.bodies.queries import find_body_of_day
from services.registry.bodies.rules import BodyKind
from services.registry.institution_functions import queries
from services.registry.institution_functions.schemas import FunctionCreate, FunctionEnd
from services.registry.institutions.models import Institution, InstitutionFunction
from services.registry.institutions.queries import (
    find_facts_of_day,
    lock_institution,
)
from services.registry.institutions.rules.functions import (
    ONE_PER_COUNTY,
    WOKRO_HOST_TYPES,
    ending_of,
    may_hold,
    wrong_days,
)
from services.registry.institutions.rules.kinds import (
    FunctionKind,
    InstitutionType,
    Ownership,
)
from services.registry.legal_acts.queries import require_legal_act
from services.registry.permissions import Permission
from services.registry.problems import (
    ConditionsNotMet,
    FunctionAlreadyHeld,
    InstitutionClosed,
)
from services.registry.tables import also_recording, recording
from services.registry.territories.queries import find_county


async def _require_centre(
    change: Change, county: str, new: FunctionCreate
) -> Body | None:
    """The county's resource coordination centre on the first day of the function.

    ConditionsNotMet when the county had none then. None for a function other than the
    host of a centre.
    """
    if new.kind is not FunctionKind.PCKZ:
        return None
    kind = BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE
    centre = await find_body_of_day(change, kind, county, new.held_from)
    if centre is None:
        raise ConditionsNotMet(missing=[kind.value])
    return centre


def _require_open(institution: Institution, day: date) -> None:
    """InstitutionClosed when an institution was closed on that day."""
    if institution.closed_on is not None and day >= institution.closed_on:
        raise InstitutionClosed(state="closed", allowed=[])


async def _require_host(
    change: Change, institution: Institution, new: FunctionCreate
) -> None:
    """ValidationFailed unless the institution was of a type that may hold the function on the
    first day.
    """
    past_facts = await find_facts_of_day(change, institution.id, new.held_from)
    # For a day before the first recorded facts, those of today are used.
    facts = past_facts or institution
    kind = InstitutionType(facts.type)
    ownership = Ownership(facts.ownership) if facts.ownership else None
    if not may_hold(new.kind, kind, new.mode, ownership):
        refuse(("kind", "wrong_host_type"), allowed=sorted(WOKRO_HOST_TYPES))


async def give_function(
    change: Change, institution_id: UUID, new: FunctionCreate
) -> Stored:
    """Give an institution a function for a county and a time.

    The host of a centre is tied to the centre's body.
    """
    institution = await lock_institution(change, institution_id)
    county = new.county_terc or institution.county_terc
    # By the county that the function is for, which need not be that of the seat.
    demand(change.caller, Permission.GIVE_FUNCTIONS, county=county)
    _require_open(institution, new.held_from)
    await _require_host(change, institution, new)
    refuse(*wrong_days(institution.opened_on, new.held_from, new.held_to))
    await find_county(change, county, name="/county_terc")
    await require_legal_act(change, new.legal_act_id, new.held_from)
    centre = await _require_centre(change, county, new)
    ends = [(institution.closed_on, institution.closing_reason)]
    if centre is not None:
        ends.append((centre.dissolved_on, centre.dissolving_reason))
    # Before the check for other holders: a function that ended leaves the county free.
    held_to, reason = ending_of(new.held_to, *ends)
    if new.kind in ONE_PER_COUNTY:
        await _require_not_held(change, county, new, held_to)
    days = ["held_from", "held_to"] if held_to else ["held_from"]
    values = new.model_dump() | {
        "county_terc": county,
        "institution_id": institution.id,
        "given_by": change.caller.subject,
        "held_to": held_to,
        "ending_reason": reason,
        "body_id": centre.id if centre else None,
        "recorded": recording(change.caller.subject, *days),
    }
    statement = insert(InstitutionFunction).values(**values)
    function = await change.stored(statement.returning(*queries.STORED))
    _record_function(change, "give_function", institution, "function-given", new.kind)
    return function


async def _require_not_held(
    change: Change, county: str, new: FunctionCreate, held_to: date | None
) -> None:
    # Two functions given at once would not see each other; the index covers only those
    # without an end.
    await queries.lock_function_of_county(change, county, new.kind)
    if await queries.function_is_held(change, county, new.kind, new.held_from, held_to):
        raise FunctionAlreadyHeld()


def _record_function(
    change: Change, action: str, institution: Institution, event: str, kind: str
) -> None:
    path, county = f"institutions/{institution.id}", institution.county_terc
    # The institution keeps its version: each function has an ETag of its own.
    subject = Subject(path, institution.version, county)
    change.record(action, subject, f"institution.{event}", fields=[kind])


async def end_function(
    change: Change,
    institution_id: UUID,
    function_id: UUID,
    end: FunctionEnd,
    version: int,
) -> Stored:
    """End a function that an institution holds."""
    institution = await lock_institution(change, institution_id)
    function = await queries.lock_function(change, institution_id, function_id)
    demand(change.caller, Permission.GIVE_FUNCTIONS, county=function.county_terc)
    require_version(function.version, version)
    # Also when the end lies ahead: its recorded reason is not overwritten.
    if function.held_to is not None:
        raise StateConflict(state="ended", allowed=[])
    if end.held_to <= function.held_from:
        refuse(("held_to", "wrong_order"))
    values = {
        "held_to": end.held_to,
        "ending_reason": end.reason,
        "version": InstitutionFunction.version + 1,
        "recorded": also_recording(
            InstitutionFunction, change.caller.subject, "held_to"
        ),
    }
    statement = update(InstitutionFunction).where(
        col(InstitutionFunction.id) == function.id
    )
    ended = await change.stored(statement.values(**values).returning(*queries.STORED))
    _record_function(
        change, "end_function", institution, "function-ended", function.kind
    )
    return ended
