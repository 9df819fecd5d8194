"""Every change of an agreement, of its parties and of its texts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.wire import json_object
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
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


def _record(
    change: Change, action: str, agreement: Agreement, event: str, fields: Sequence[str]
) -> None:
    """The audit record and the event of the agreement's newest version."""
    subject = Subject(
        f"agreements/{agreement.id}", agreement.version, agreement.county_terc
    )
    event = f"agreement.{event}"
    told = {"kind": agreement.kind}
    change.record(action, subject, event, told=told, fields=[*fields])


async def _check(change: Change, facts: Mapping[str, Any]) -> None:
    """ValidationFailed or UnknownReference when dates or commune do not go together with the rest."""
    begins, ends, commune = (
        facts["valid_from"],
        facts["valid_to"],
        facts["commune_terc"],
    )
    if begins and ends and ends < begins:
        refuse(("valid_to", "wrong_order"))
    if commune:
        if not commune_is_in(commune, facts["county_terc"]):
            refuse(("commune_terc", "outside_county"))
        await require_commune(change, commune)


async def create_agreement(change: Change, new: AgreementCreate, today: date) -> Stored:
    """Draw up an agreement of a county of the caller's."""
    await find_county(change, new.county_terc, name="/county_terc")
    demand(change.caller, Permission.EDIT_AGREEMENTS, county=new.county_terc)
    facts = new.model_dump()
    await _check(change, facts)
    statement = insert(Agreement).values(**facts).returning(*queries.AGREEMENTS.c)
    row = await change.one(statement)
    agreement = Agreement(**row._mapping)
    fields = sorted(name for name in facts if facts[name] is not None)
    _record(change, "create_agreement", agreement, "created", fields)
    return await _shown(change, agreement.id, today)


async def _shown(change: Change, agreement_id: UUID, today: date) -> Stored:
    return (await queries.get_agreement(change, agreement_id, today)).agreement


async def _locked_for(change: Change, agreement_id: UUID, version: int) -> Agreement:
    """The agreement to change: within reach and unchanged since it was read."""
    agreement = await queries.lock_agreement(change, agreement_id)
    demand(change.caller, Permission.EDIT_AGREEMENTS, county=agreement.county_terc)
    require_version(agreement.version, version)
    return agreement


async def _lock_for_parts(change: Change, agreement_id: UUID) -> Agreement:
    """The agreement whose parties or texts are to change. A terminated one takes nothing more."""
    agreement = await queries.lock_agreement(change, agreement_id)
    demand(change.caller, Permission.EDIT_AGREEMENTS, county=agreement.county_terc)
    if agreement.state == AgreementState.TERMINATED:
        raise StateConflict(state=agreement.state, allowed=[])
    return agreement


def _require_state(agreement: Agreement, state: AgreementState) -> None:
    if agreement.state != state:
        allowed = VERBS[AgreementState(agreement.state)]
        raise StateConflict(state=agreement.state, allowed=allowed)


async def _change(
    change: Change, agreement: Agreement, values: Mapping[str, Any]
) -> Agreement:
    """The agreement's next version; whatever changes of its parties and texts makes one, too."""
    statement = update(Agreement).where(col(Agreement.id) == agreement.id)
    statement = statement.values(
        **values, version=Agreement.version + 1, changed_at=func.now()
    )
    row = await change.one(statement.returning(*queries.AGREEMENTS.c))
    return Agreement(**row._mapping)


async def amend_agreement(
    change: Change,
    agreement_id: UUID,
    patch: AgreementUpdate,
    version: int,
    today: date,
) -> Stored:
    """Change what the patch names of a draft; what is signed stays as it was signed."""
    agreement = await _locked_for(change, agreement_id, version)
    _require_state(agreement, AgreementState.DRAFT)
    patched, before = patch.model_dump(exclude_unset=True), agreement.model_dump()
    await _check(change, before | patched)
    fields = sorted(name for name in patched if patched[name] != before[name])
    if fields:
        after = await _change(change, agreement, patched)
        _record(change, "amend_agreement", after, "changed", fields)
    return await _shown(change, agreement_id, today)


async def sign_agreement(
    change: Change,
    agreement_id: UUID,
    signing: AgreementSign,
    version: int,
    today: date,
) -> Stored:
    """Record that the parties signed. AgreementIncomplete names everything that is missing."""
    agreement = await _locked_for(change, agreement_id, version)
    _require_state(agreement, AgreementState.DRAFT)
    await _require_complete(change, agreement)
    code = rules.date_code(
        signing.signed_on, since=None, until=agreement.valid_to, today=today
    )
    if code:
        refuse(("signed_on", code))
    await _sign_for_parties(change, agreement_id, signing.signed_on)
    values = {"state": AgreementState.SIGNED, "signed_on": signing.signed_on}
    after = await _change(change, agreement, values)
    _record(change, "sign_agreement", after, "signed", ["signed_on"])
    return await _shown(change, agreement_id, today)


async def _require_complete(change: Change, agreement: Agreement) -> None:
    text = await queries.find_newest_text(change, agreement.id)
    roles = await queries.list_party_roles(change, agreement.id)
    missing = rules.missing_to_sign(
        AgreementKind(agreement.kind),
        agreement.valid_from,
        text.number if text else 0,
        [PartyRole(role) for role in roles],
    )
    if missing:
        raise AgreementIncomplete(state=agreement.state, missing=missing)


async def _sign_for_parties(
    change: Change, agreement_id: UUID, signed_on: date
) -> None:
    """Every party that has not withdrawn has signed on that day."""
    statement = update(AgreementSignatory).where(
        col(AgreementSignatory.agreement_id) == agreement_id,
        col(AgreementSignatory.withdrawn_on).is_(None),
    )
    statement = statement.values(
        signed_on=signed_on,
        version=AgreementSignatory.version + 1,
        changed_at=func.now(),
    )
    await change.execute(statement)


async def terminate_agreement(
    change: Change,
    agreement_id: UUID,
    end: AgreementTerminate,
    version: int,
    today: date,
) -> Stored:
    """End a signed agreement before its time."""
    agreement = await _locked_for(change, agreement_id, version)
    _require_state(agreement, AgreementState.SIGNED)
    code = rules.date_code(
        end.terminated_on,
        since=agreement.signed_on,
        until=agreement.valid_to,
        today=today,
    )
    if code:
        refuse(("terminated_on", code))
    values = {"state": AgreementState.TERMINATED, **end.model_dump()}
    after = await _change(change, agreement, values)
    _record(change, "terminate_agreement", after, "terminated", ["terminated_on"])
    return await _shown(change, agreement_id, today)


def _check_joining(agreement: Agreement, new: SignatoryCreate, today: date) -> None:
    """NotAnOpenDocument or ValidationFailed unless such a party may be added to this agreement now."""
    kind, state = AgreementKind(agreement.kind), AgreementState(agreement.state)
    if not rules.fits_role(kind, new.role):
        refuse(("role", "not_allowed"))
    if state is AgreementState.DRAFT:
        if new.signed_on:
            refuse(("signed_on", "not_allowed"))
        return
    if not rules.is_open_document(kind):
        raise NotAnOpenDocument(state=agreement.state, allowed=VERBS[state])
    code = _joining_code(agreement, new.signed_on, today)
    if code:
        refuse(("signed_on", code))


def _joining_code(
    agreement: Agreement, signed_on: date | None, today: date
) -> str | None:
    """What is wrong with the day on which a party joins a signed pact; None when nothing."""
    if signed_on is None:
        return "missing"
    code = rules.date_code(
        signed_on, since=agreement.signed_on, until=agreement.valid_to, today=today
    )
    begins = agreement.valid_from
    is_early = begins is not None and signed_on < begins
    return code or ("outside_validity" if is_early else None)


async def add_signatory(
    change: Change, agreement_id: UUID, new: SignatoryCreate, today: date
) -> Stored:
    """Add a party to a draft, or let one join a signed pact."""
    agreement = await _lock_for_parts(change, agreement_id)
    _check_joining(agreement, new, today)
    if new.institution_id is not None:
        await queries.require_institution(change, new.institution_id)
    joined_later = agreement.state != AgreementState.DRAFT
    statement = insert(AgreementSignatory).values(
        **new.model_dump(), agreement_id=agreement_id, joined_later=joined_later
    )
    party = await change.stored(statement.returning(*queries.STORED_SIGNATORY))
    after = await _change(change, agreement, {})
    _record(change, "add_signatory", after, "signatory-added", ["signatories"])
    return party


async def withdraw_signatory(
    change: Change,
    agreement_id: UUID,
    signatory_id: UUID,
    end: SignatoryWithdraw,
    version: int,
    today: date,
) -> Stored:
    """Let a party leave; that it was one stays in the history."""
    agreement = await _lock_for_parts(change, agreement_id)
    party = await queries.lock_signatory(change, agreement_id, signatory_id)
    require_version(party.version, version)
    if party.withdrawn_on is not None:
        raise StateConflict(state="withdrawn", allowed=[])
    code = rules.date_code(
        end.withdrawn_on, since=party.signed_on, until=None, today=today
    )
    if code:
        refuse(("withdrawn_on", code))
    statement = update(AgreementSignatory).where(
        col(AgreementSignatory.id) == signatory_id
    )
    statement = statement.values(
        **end.model_dump(),
        version=AgreementSignatory.version + 1,
        changed_at=func.now(),
    )
    withdrawn = await change.stored(statement.returning(*queries.STORED_SIGNATORY))
    after = await _change(change, agreement, {})
    _record(change, "withdraw_signatory", after, "signatory-withdrawn", ["signatories"])
    return withdrawn


def _check_text(
    agreement: Agreement, newest: queries.Text | None, new: AgreementVersionCreate
) -> None:
    """ValidationFailed when a new text does not fit those before it, or the agreement's time."""
    if newest is not None and new.valid_from < newest.valid_from:
        refuse(("valid_from", "wrong_order"))
    if agreement.valid_to is not None and new.valid_from > agreement.valid_to:
        refuse(("valid_from", "outside_validity"))
    state = AgreementState(agreement.state)
    code = rules.prolonging_code(state, agreement.valid_to, new.valid_to)
    if code:
        refuse(("valid_to", code))


async def add_agreement_version(
    change: Change, agreement_id: UUID, new: AgreementVersionCreate
) -> Stored:
    """Record a text under the next number; those before it stay as they are. An annex may prolong the agreement.

    The key of the answer is the agreement's id with the number of the text.
    """
    agreement = await _lock_for_parts(change, agreement_id)
    newest = await queries.find_newest_text(change, agreement_id)
    _check_text(agreement, newest, new)
    number = newest.number + 1 if newest is not None else 1
    prolonged = {"valid_to": new.valid_to} if new.valid_to else {}
    statement = insert(AgreementVersion).values(
        **new.model_dump(),
        agreement_id=agreement_id,
        number=number,
        recorded_by=change.caller.subject,
        valid_to_before=agreement.valid_to if prolonged else None,
    )
    body = json_object(queries.TEXT_WIRE)
    text = str(await change.scalar(statement.returning(body)))
    after = await _change(change, agreement, prolonged)
    fields = ["text_number", *prolonged]
    _record(change, "add_agreement_version", after, "text-added", fields)
    return Stored(f"{agreement_id}-{number}", 1, text)
