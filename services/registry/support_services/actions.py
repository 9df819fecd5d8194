"""Every change of a support service."""

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
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import lock_institution
from services.registry.permissions import Permission
from services.registry.problems import InstitutionClosed, InstitutionNotFound
from services.registry.support_services import queries, rules
from services.registry.support_services.models import SupportService
from services.registry.support_services.schemas import (
    SupportServiceCreate,
    SupportServiceUpdate,
)


def _note(
    change: Change, caller: Caller, action: str, event: str, row: Any, fields: list[str]
) -> None:
    subject = f"support-services/{row.id}"
    detail = {"fields": fields}
    audit.record(
        change,
        caller,
        action,
        subject,
        county=row.county_terc,
        institution=row.institution_id,
        detail=detail,
    )
    data = {
        "href": f"/v1/registry/{subject}",
        "institution_id": str(row.institution_id),
        **detail,
    }
    events.emit(
        change,
        f"registry.support-service.{event}",
        subject,
        row.version,
        county=row.county_terc,
        data=data,
    )


def _check(facts: dict[str, Any]) -> None:
    wrong = rules.contradictions(facts)
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"/{name}", code) for name, code in wrong]
        )


def _require_open(host: Institution) -> None:
    if host.closed_on is not None:
        raise InstitutionClosed(state="closed", allowed=[])


async def create_support_service(
    change: Change, caller: Caller, new: SupportServiceCreate, now: datetime
) -> Answer:
    """Let an institution offer a service; it counts as verified by whoever described it."""
    try:
        host = await lock_institution(change, new.institution_id)
    except InstitutionNotFound:
        raise UnknownReference(
            FieldError("pointer", "/institution_id", "not_found")
        ) from None
    demand(
        caller,
        Permission.EDIT_SUPPORT_SERVICES,
        county=host.county_terc,
        institution=host.id,
    )
    _require_open(host)
    facts = new.model_dump()
    _check(facts)
    facts |= {"sector": new.sector or host.sector, "county_terc": host.county_terc}
    facts |= {"verified_at": now, "verified_by": caller.subject}
    statement = insert(SupportService).values(**facts).returning(*queries.SERVICES.c)
    row = await change.one(statement)
    _note(change, caller, "create_support_service", "created", row, sorted(facts))
    answer = await queries.get_support_service(change, None, row.id)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/registry/support-services/{row.id}"
    return answer


async def _locked_for(
    change: Change,
    caller: Caller,
    permission: Permission,
    service_id: UUID,
    if_match: IfMatch,
) -> Record:
    row = await queries.lock_support_service(change, service_id)
    demand(caller, permission, county=row.county_terc, institution=row.institution_id)
    if expected_version(if_match, service_id) != row.version:
        raise VersionMismatch()
    _require_open(await lock_institution(change, row.institution_id))
    return row


async def _change(change: Change, row: Record, values: dict[str, Any]) -> Record:
    changed = update(SupportService).where(col(SupportService.id) == row.id)
    stamped = values | {"version": SupportService.version + 1, "changed_at": func.now()}
    return await change.one(changed.values(**stamped).returning(*queries.SERVICES.c))


async def amend_support_service(
    change: Change,
    caller: Caller,
    service_id: UUID,
    patch: SupportServiceUpdate,
    if_match: IfMatch,
    now: datetime,
) -> Answer:
    """Change what the patch names; who changes a description vouches for it."""
    row = await _locked_for(
        change, caller, Permission.EDIT_SUPPORT_SERVICES, service_id, if_match
    )
    given = patch.model_dump(exclude_unset=True)
    if given.get("sector", row.sector) is None:
        raise ValidationFailed(FieldError("pointer", "/sector", "missing"))
    merged = dict(row._mapping) | given
    _check(merged)
    fields = sorted(name for name in given if given[name] != row._mapping[name])
    after = await _change(
        change, row, given | {"verified_at": now, "verified_by": caller.subject}
    )
    _note(change, caller, "amend_support_service", "changed", after, fields)
    return await queries.get_support_service(change, None, service_id)


async def verify_support_service(
    change: Change, caller: Caller, service_id: UUID, if_match: IfMatch, now: datetime
) -> Answer:
    """Confirm that the description, as it was read, still holds."""
    row = await _locked_for(
        change, caller, Permission.VERIFY_SUPPORT_SERVICES, service_id, if_match
    )
    after = await _change(
        change, row, {"verified_at": now, "verified_by": caller.subject}
    )
    _note(change, caller, "verify_support_service", "verified", after, ["verified_at"])
    return await queries.get_support_service(change, None, service_id)
