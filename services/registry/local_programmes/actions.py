"""Every change of a local programme."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.chassis.trust.access import demand
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import lock_institution
from services.registry.local_programmes import queries
from services.registry.local_programmes.models import LocalProgramme
from services.registry.local_programmes.rules import RUN_BY, contradictions
from services.registry.local_programmes.schemas import (
    LocalProgrammeCreate,
    LocalProgrammeUpdate,
)
from services.registry.permissions import Permission
from services.registry.problems import InstitutionClosed, InstitutionNotFound
from services.registry.territories.queries import find_county


def _record(
    change: Change, action: str, programme: LocalProgramme, event: str, *fields: str
) -> None:
    subject = Subject(
        f"local-programmes/{programme.id}",
        programme.version,
        programme.county_terc,
        programme.institution_id,
    )
    data = {"institution_id": str(programme.institution_id)}
    change.record(
        action,
        subject,
        f"local-programme.{event}",
        event_data=data,
        fields=sorted(fields),
    )


async def _lock_host(change: Change, institution_id: UUID) -> Institution:
    """The institution that is to run a programme, locked.

    UnknownReference when there is none, InstitutionClosed when it is closed,
    ValidationFailed unless it is a local authority or an organisation.
    """
    try:
        # Locked, so that it cannot be closed before the programme is committed.
        host = await lock_institution(change, institution_id)
    except InstitutionNotFound:
        error = FieldError("pointer", "/institution_id", "not_found")
        raise UnknownReference(error) from None
    if host.closed_on is not None:
        raise InstitutionClosed(state="closed", allowed=[])
    if host.type not in RUN_BY:
        refuse(("institution_id", "not_authority_or_ngo"), allowed=sorted(RUN_BY))
    return host


async def create_local_programme(change: Change, new: LocalProgrammeCreate) -> Stored:
    """Record a programme that works in a county."""
    host = await _lock_host(change, new.institution_id)
    county = new.county_terc or host.county_terc
    # By the county where the programme works, and not by the seat of the institution.
    demand(
        change.caller,
        Permission.EDIT_LOCAL_PROGRAMMES,
        county=county,
        institution=host.id,
    )
    await find_county(change, county, name="/county_terc")
    facts = new.model_dump()
    refuse(*contradictions(facts))
    # The sector is only a default: a town hall may pay for health or education.
    facts |= {"county_terc": county, "sector": new.sector or host.sector}
    statement = insert(LocalProgramme).values(**facts)
    # The whole row: the subject of the event names county and institution.
    row = await change.one(statement.returning(*queries.PROGRAMMES.c))
    programme = LocalProgramme(**row._mapping)
    _record(change, "create_local_programme", programme, "created", *facts)
    return await queries.get_local_programme(change, programme.id)


async def amend_local_programme(
    change: Change, programme_id: UUID, patch: LocalProgrammeUpdate, version: int
) -> Stored:
    """Change the fields of a programme that the patch names, even after its end."""
    # The institution is not checked: the programme of a closed one can be
    # corrected, too.
    before = await queries.lock_local_programme(change, programme_id)
    demand(
        change.caller,
        Permission.EDIT_LOCAL_PROGRAMMES,
        county=before.county_terc,
        institution=before.institution_id,
    )
    require_version(before.version, version)
    patched: dict[str, Any] = patch.model_dump(exclude_unset=True)
    # Checked together with the other fields: the patch may hold one of two days.
    refuse(*contradictions(before.model_dump() | patched))
    new_version = {"version": LocalProgramme.version + 1, "changed_at": func.now()}
    statement = update(LocalProgramme).where(col(LocalProgramme.id) == programme_id)
    statement = statement.values(**patched, **new_version)
    row = await change.one(statement.returning(*queries.PROGRAMMES.c))
    after = LocalProgramme(**row._mapping)
    _record(change, "amend_local_programme", after, "changed", *patched)
    return await queries.get_local_programme(change, programme_id)
