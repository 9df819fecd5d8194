"""Every change of an agreement, of its parties and of its texts."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, created, etag, tagged
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.listing import json_object
from services.chassis.problems import (
    FieldError,
    StateConflict,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
from services.registry.agreements import queries, rules
from services.registry.agreements.models import (
    Agreement,
    AgreementSignatory,
    AgreementVersion,
)
from services.registry.agreements.rules import (
    VERBS,
    AgreementKind,
    AgreementState,
    PartyRole,
)
from services.registry.agreements.schemas import (
    AgreementCreate,
    AgreementSign,
    AgreementTerminate,
    AgreementUpdate,
    AgreementVersionCreate,
    SignatoryCreate,
    SignatoryWithdraw,
)
from services.registry.institutions.rules.facts import commune_is_in
from services.registry.permissions import Permission
from services.registry.problems import AgreementIncomplete, NotAnOpenDocument
from services.registry.territories.queries import find_county, require_commune


def _note(
    change: Change,
    caller: Caller,
    action: str,
    event: str,
    row: Record,
    fields: list[str],
) -> None:
    subject = f"agreements/{row.id}"
    audit.record(
        change,
        caller,
        action,
        subject,
        county=row.county_terc,
        detail={"fields": fields},
    )
    data = {"href": f"/v1/registry/{subject}", "kind": row.kind, "fields": fields}
    events.emit(
        change,
        f"registry.agreement.{event}",
        subject,
        row.version,
        county=row.county_terc,
        data=data,
    )


def _refuse(pointer: str, code: str | None) -> None:
    if code is not None:
        raise ValidationFailed(FieldError("pointer", pointer, code))


async def _check(change: Change, facts: dict[str, Any]) -> None:
    """ValidationFailed or UnknownReference when dates or commune do not go together with the rest."""
    if (
        facts["valid_from"]
        and facts["valid_to"]
        and facts["valid_to"] < facts["valid_from"]
    ):
        _refuse("/valid_to", "wrong_order")
    if facts["commune_terc"]:
        if not commune_is_in(facts["commune_terc"], facts["county_terc"]):
            _refuse("/commune_terc", "outside_county")
        await require_commune(change, facts["commune_terc"])


async def create_agreement(
    change: Change, caller: Caller, new: AgreementCreate, today: date
) -> Answer:
    """Draw up an agreement of a county of the caller's."""
    await find_county(change, new.county_terc, name="/county_terc")
    demand(caller, Permission.EDIT_AGREEMENTS, county=new.county_terc)
    facts = new.model_dump()
    await _check(change, facts)
    statement = insert(Agreement).values(**facts).returning(*queries.AGREEMENTS.c)
    row = await change.one(statement)
    _note(
        change,
        caller,
        "create_agreement",
        "created",
        row,
        sorted(name for name in facts if facts[name] is not None),
    )
    answer = await queries.get_agreement(change, None, row.id, today)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/registry/agreements/{row.id}"
    return answer


async def _locked_for(
    change: Change, caller: Caller, agreement_id: UUID, if_match: IfMatch
) -> Record:
    """The record to change: within the caller's reach and unchanged since it was read."""
    row = await queries.lock_agreement(change, agreement_id)
    demand(caller, Permission.EDIT_AGREEMENTS, county=row.county_terc)
    if expected_version(if_match, agreement_id) != row.version:
        raise VersionMismatch()
    return row


async def _taking_parts(change: Change, caller: Caller, agreement_id: UUID) -> Record:
    """The record whose parties or texts are to change. A terminated one takes nothing more."""
    row = await queries.lock_agreement(change, agreement_id)
    demand(caller, Permission.EDIT_AGREEMENTS, county=row.county_terc)
    if row.state == AgreementState.TERMINATED:
        raise StateConflict(state=row.state, allowed=[])
    return row


def _require_state(row: Record, wanted: AgreementState) -> None:
    if row.state != wanted:
        raise StateConflict(state=row.state, allowed=VERBS[AgreementState(row.state)])


async def _change(change: Change, row: Record, values: dict[str, Any]) -> Record:
    """Whatever changes of an agreement, its parties and texts included, makes a new version of it."""
    stamped = values | {"version": Agreement.version + 1, "changed_at": func.now()}
    changed = update(Agreement).where(col(Agreement.id) == row.id).values(**stamped)
    return await change.one(changed.returning(*queries.AGREEMENTS.c))


async def amend_agreement(
    change: Change,
    caller: Caller,
    agreement_id: UUID,
    patch: AgreementUpdate,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Change what the patch names of a draft; what is signed stays as it was signed."""
    row = await _locked_for(change, caller, agreement_id, if_match)
    _require_state(row, AgreementState.DRAFT)
    given = patch.model_dump(exclude_unset=True)
    await _check(change, dict(row._mapping) | given)
    fields = sorted(name for name in given if given[name] != row._mapping[name])
    if fields:
        after = await _change(change, row, given)
        _note(change, caller, "amend_agreement", "changed", after, fields)
    return await queries.get_agreement(change, None, agreement_id, today)


async def sign_agreement(
    change: Change,
    caller: Caller,
    agreement_id: UUID,
    signing: AgreementSign,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Record that the parties signed. AgreementIncomplete names everything that is missing."""
    row = await _locked_for(change, caller, agreement_id, if_match)
    _require_state(row, AgreementState.DRAFT)
    text = await queries.find_newest_text(change, agreement_id)
    roles = [
        PartyRole(role) for role in await queries.list_party_roles(change, agreement_id)
    ]
    missing = rules.missing_to_sign(
        AgreementKind(row.kind), row.valid_from, text.number if text else 0, roles
    )
    if missing:
        raise AgreementIncomplete(state=row.state, missing=missing)
    _refuse(
        "/signed_on",
        rules.date_code(signing.signed_on, since=None, until=row.valid_to, today=today),
    )
    theirs = (col(AgreementSignatory.agreement_id) == row.id) & col(
        AgreementSignatory.withdrawn_on
    ).is_(None)
    values = {
        "signed_on": signing.signed_on,
        "version": AgreementSignatory.version + 1,
        "changed_at": func.now(),
    }
    await change.execute(update(AgreementSignatory).where(theirs).values(**values))
    after = await _change(
        change, row, {"state": AgreementState.SIGNED, "signed_on": signing.signed_on}
    )
    _note(change, caller, "sign_agreement", "signed", after, ["signed_on"])
    return await queries.get_agreement(change, None, agreement_id, today)


async def terminate_agreement(
    change: Change,
    caller: Caller,
    agreement_id: UUID,
    end: AgreementTerminate,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """End a signed agreement before its time."""
    row = await _locked_for(change, caller, agreement_id, if_match)
    _require_state(row, AgreementState.SIGNED)
    code = rules.date_code(
        end.terminated_on, since=row.signed_on, until=row.valid_to, today=today
    )
    _refuse("/terminated_on", code)
    after = await _change(
        change, row, {"state": AgreementState.TERMINATED, **end.model_dump()}
    )
    _note(change, caller, "terminate_agreement", "terminated", after, ["terminated_on"])
    return await queries.get_agreement(change, None, agreement_id, today)


def _check_joining(row: Record, new: SignatoryCreate, today: date) -> None:
    """NotAnOpenDocument or ValidationFailed unless such a party may be added to this agreement now."""
    kind = AgreementKind(row.kind)
    if not rules.fits_role(kind, new.role):
        raise ValidationFailed(FieldError("pointer", "/role", "not_allowed"))
    if row.state == AgreementState.DRAFT:
        return _refuse("/signed_on", "not_allowed" if new.signed_on else None)
    if not rules.is_open_document(kind):
        raise NotAnOpenDocument(
            state=row.state, allowed=VERBS[AgreementState(row.state)]
        )
    if new.signed_on is None:
        return _refuse("/signed_on", "missing")
    code = rules.date_code(
        new.signed_on, since=row.signed_on, until=row.valid_to, today=today
    )
    return _refuse(
        "/signed_on",
        code or ("outside_validity" if new.signed_on < row.valid_from else None),
    )


async def add_signatory(
    change: Change,
    caller: Caller,
    agreement_id: UUID,
    new: SignatoryCreate,
    today: date,
) -> Answer:
    """Add a party to a draft, or let one join a signed pact."""
    row = await _taking_parts(change, caller, agreement_id)
    _check_joining(row, new, today)
    if new.institution_id is not None:
        await queries.require_institution(change, new.institution_id)
    values = new.model_dump() | {
        "agreement_id": row.id,
        "joined_later": row.state != AgreementState.DRAFT,
    }
    returning = (
        json_object(queries.SIGNATORY_WIRE),
        col(AgreementSignatory.id),
        col(AgreementSignatory.version),
    )
    statement = insert(AgreementSignatory).values(**values).returning(*returning)
    joined = await change.one(statement)
    after = await _change(change, row, {})
    _note(change, caller, "add_signatory", "signatory-added", after, ["signatories"])
    location = f"/v1/registry/agreements/{row.id}/signatories/{joined.id}"
    return created(joined[0], etag(joined.id, joined.version), location)


async def withdraw_signatory(
    change: Change,
    caller: Caller,
    agreement_id: UUID,
    signatory_id: UUID,
    end: SignatoryWithdraw,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Let a party leave; that it was one stays in the history."""
    row = await _taking_parts(change, caller, agreement_id)
    party = await queries.lock_signatory(change, agreement_id, signatory_id)
    if expected_version(if_match, signatory_id) != party.version:
        raise VersionMismatch()
    if party.withdrawn_on is not None:
        raise StateConflict(state="withdrawn", allowed=[])
    _refuse(
        "/withdrawn_on",
        rules.date_code(
            end.withdrawn_on, since=party.signed_on, until=None, today=today
        ),
    )
    values = end.model_dump() | {
        "version": AgreementSignatory.version + 1,
        "changed_at": func.now(),
    }
    statement = (
        update(AgreementSignatory)
        .where(col(AgreementSignatory.id) == party.id)
        .values(**values)
    )
    returning = (json_object(queries.SIGNATORY_WIRE), col(AgreementSignatory.version))
    left = await change.one(statement.returning(*returning))
    after = await _change(change, row, {})
    _note(
        change,
        caller,
        "withdraw_signatory",
        "signatory-withdrawn",
        after,
        ["signatories"],
    )
    return tagged(left[0], etag(signatory_id, left.version))


async def add_agreement_version(
    change: Change, caller: Caller, agreement_id: UUID, new: AgreementVersionCreate
) -> Answer:
    """Record a text under the next number; those before it stay as they are. An annex may prolong the agreement."""
    row = await _taking_parts(change, caller, agreement_id)
    before = await queries.find_newest_text(change, agreement_id)
    if before is not None and new.valid_from < before.valid_from:
        _refuse("/valid_from", "wrong_order")
    if row.valid_to is not None and new.valid_from > row.valid_to:
        _refuse("/valid_from", "outside_validity")
    _refuse(
        "/valid_to",
        rules.prolonging_code(AgreementState(row.state), row.valid_to, new.valid_to),
    )
    number = before.number + 1 if before is not None else 1
    prolonged = {"valid_to": new.valid_to} if new.valid_to else {}
    values = new.model_dump() | {
        "agreement_id": row.id,
        "number": number,
        "recorded_by": caller.subject,
    }
    values["valid_to_before"] = row.valid_to if prolonged else None
    statement = (
        insert(AgreementVersion)
        .values(**values)
        .returning(json_object(queries.VERSION_WIRE))
    )
    text = str(await change.scalar(statement))
    after = await _change(change, row, prolonged)
    _note(
        change,
        caller,
        "add_agreement_version",
        "text-added",
        after,
        ["text_number", *prolonged],
    )
    location = f"/v1/registry/agreements/{row.id}/versions/{number}"
    return created(text, etag(f"{row.id}-{number}", 1), location)
