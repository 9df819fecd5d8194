"""Every change of an agreement itself."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
from services.registry.agreement_signatories.models import CHANGED_NOW as PARTY_CHANGED
from services.registry.agreement_signatories.models import (
    IS_PARTY,
    AgreementSignatory,
)
from services.registry.agreements import queries, rules
from services.registry.agreements.models import Agreement
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
)
from services.registry.institutions.rules.facts import commune_is_in
from services.registry.permissions import Permission
from services.registry.problems import AgreementIncomplete
from services.registry.tables import also_recording
from services.registry.territories.queries import find_county, require_commune


def record_change(
    change: Change, action: str, agreement: Agreement, event: str, fields: Sequence[str]
) -> None:
    """The audit record and the event of an agreement's newest version: which fields changed."""
    path, county = f"agreements/{agreement.id}", agreement.county_terc
    subject = Subject(path, agreement.version, county)
    kind = {"kind": agreement.kind}
    change.record(
        action, subject, f"agreement.{event}", event_data=kind, fields=[*fields]
    )


async def _require_consistent(change: Change, facts: Mapping[str, Any]) -> None:
    """ValidationFailed or UnknownReference where dates, or commune and county, contradict."""
    begins, ends = facts["valid_from"], facts["valid_to"]
    if begins and ends and ends < begins:
        refuse(("valid_to", "wrong_order"))
    commune = facts["commune_terc"]
    if commune:
        if not commune_is_in(commune, facts["county_terc"]):
            refuse(("commune_terc", "outside_county"))
        await require_commune(change, commune)


async def create_agreement(change: Change, new: AgreementCreate, today: date) -> Stored:
    """Draw up an agreement of a county of the caller's."""
    # Before the reach is judged: a county that does not exist is a
    # wrong field for everybody.
    await find_county(change, new.county_terc, name="/county_terc")
    demand(change.caller, Permission.EDIT_AGREEMENTS, county=new.county_terc)
    facts = new.model_dump()
    await _require_consistent(change, facts)
    statement = insert(Agreement).values(**facts).returning(*queries.AGREEMENTS.c)
    row = await change.one(statement)
    agreement = Agreement(**row._mapping)
    fields = sorted(name for name in facts if facts[name] is not None)
    record_change(change, "create_agreement", agreement, "created", fields)
    # Read again by the query: the answer has the state of today and
    # the number of parties.
    return await _get(change, agreement.id, today)


async def _get(change: Change, agreement_id: UUID, today: date) -> Stored:
    return (await queries.get_agreement(change, agreement_id, today)).agreement


async def _lock(change: Change, agreement_id: UUID) -> Agreement:
    agreement = await queries.lock_agreement(change, agreement_id)
    # The county stands in the row, so the reach can be judged only after reading it.
    demand(change.caller, Permission.EDIT_AGREEMENTS, county=agreement.county_terc)
    return agreement


async def _lock_in_state(
    change: Change, agreement_id: UUID, version: int, state: AgreementState
) -> Agreement:
    """An agreement in this state, within the caller's reach and unchanged since it was read."""
    agreement = await _lock(change, agreement_id)
    # The version is compared first: a caller with an older version has to read again
    # before an error about the present state is of use.
    require_version(agreement.version, version)
    if agreement.state != state:
        allowed = VERBS[AgreementState(agreement.state)]
        raise StateConflict(state=agreement.state, allowed=allowed)
    return agreement


async def lock_for_parts(
    change: Change, agreement_id: UUID, day: date | None
) -> Agreement:
    """An agreement whose parties or texts change on that day, within the
    caller's reach.

    StateConflict when it was terminated by then: from that day on its parts
    do not change.
    """
    # No version is compared: to add a part, a caller need not have read the others.
    agreement = await _lock(change, agreement_id)
    ended_on = agreement.terminated_on
    # An event from before the end may be entered after the end.
    if ended_on is not None and (day is None or day >= ended_on):
        raise StateConflict(state=agreement.state, allowed=[])
    return agreement


async def change_agreement(
    change: Change, agreement: Agreement, **values: Any
) -> Agreement:
    """Set these values and the next version of an agreement; returns the changed one.

    A change of its parties or texts makes a version as well, with no values of its own.
    """
    version, now = Agreement.version + 1, func.now()
    statement = update(Agreement).where(col(Agreement.id) == agreement.id)
    statement = statement.values(**values, version=version, changed_at=now)
    row = await change.one(statement.returning(*queries.AGREEMENTS.c))
    return Agreement(**row._mapping)


async def amend_agreement(
    change: Change,
    agreement_id: UUID,
    patch: AgreementUpdate,
    version: int,
    today: date,
) -> Stored:
    """Change the fields of a draft that the patch names; StateConflict
    once it is signed.
    """
    draft = AgreementState.DRAFT
    agreement = await _lock_in_state(change, agreement_id, version, draft)
    patched, before = patch.model_dump(exclude_unset=True), agreement.model_dump()
    # The merged values are checked: a patch may hold one of two
    # days that belong together.
    await _require_consistent(change, before | patched)
    fields = sorted(name for name in patched if patched[name] != before[name])
    # Without a change there is no version: the ETags that others hold stay valid.
    if fields:
        after = await change_agreement(change, agreement, **patched)
        record_change(change, "amend_agreement", after, "changed", fields)
    return await _get(change, agreement_id, today)


def _require_day(field: str, day: date, agreement: Agreement, today: date) -> None:
    since, until = agreement.signed_on, agreement.valid_to
    if code := rules.date_code(day, since=since, until=until, today=today):
        refuse((field, code))


async def sign_agreement(
    change: Change,
    agreement_id: UUID,
    signing: AgreementSign,
    version: int,
    today: date,
) -> Stored:
    """Record that the parties signed. AgreementIncomplete names everything that is missing."""
    draft = AgreementState.DRAFT
    agreement = await _lock_in_state(change, agreement_id, version, draft)
    await _require_complete(change, agreement)
    _require_day("signed_on", signing.signed_on, agreement, today)
    # Under the agreement's lock: a party that is added at the same moment waits, and
    # then either joins the signed agreement or is refused.
    await _sign_for_parties(change, agreement_id, signing.signed_on)
    values = {"state": AgreementState.SIGNED, "signed_on": signing.signed_on}
    recorded = also_recording(Agreement, change.caller.subject, "signed_on")
    after = await change_agreement(change, agreement, **values, recorded=recorded)
    record_change(change, "sign_agreement", after, "signed", ["signed_on"])
    return await _get(change, agreement_id, today)


async def _require_complete(change: Change, agreement: Agreement) -> None:
    texts = await queries.count_texts(change, agreement.id)
    roles = await queries.list_party_roles(change, agreement.id)
    missing = rules.missing_to_sign(
        AgreementKind(agreement.kind),
        agreement.valid_from,
        texts,
        [PartyRole(role) for role in roles],
    )
    if missing:
        raise AgreementIncomplete(state=agreement.state, missing=missing)


async def _sign_for_parties(
    change: Change, agreement_id: UUID, signed_on: date
) -> None:
    """Every party that has not withdrawn signs on the day of the agreement."""
    of_agreement = col(AgreementSignatory.agreement_id) == agreement_id
    statement = update(AgreementSignatory).where(of_agreement, IS_PARTY)
    recorded = also_recording(AgreementSignatory, change.caller.subject, "signed_on")
    # A party has an ETag of its own, so that each gets a new version.
    values = {"signed_on": signed_on, "recorded": recorded}
    await change.execute(statement.values(**values, **PARTY_CHANGED))


async def terminate_agreement(
    change: Change,
    agreement_id: UUID,
    end: AgreementTerminate,
    version: int,
    today: date,
) -> Stored:
    """End a signed agreement before its time."""
    signed = AgreementState.SIGNED
    agreement = await _lock_in_state(change, agreement_id, version, signed)
    _require_day("terminated_on", end.terminated_on, agreement, today)
    values = {"state": AgreementState.TERMINATED, **end.model_dump()}
    recorded = also_recording(Agreement, change.caller.subject, "terminated_on")
    after = await change_agreement(change, agreement, **values, recorded=recorded)
    record_change(change, "terminate_agreement", after, "terminated", ["terminated_on"])
    return await _get(change, agreement_id, today)
