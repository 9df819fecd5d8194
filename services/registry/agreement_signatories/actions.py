"""Every change of an agreement's parties."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col

from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.registry.agreement_signatories import queries, rules
from services.registry.agreement_signatories.models import (
    CHANGED_NOW,
    AgreementSignatory,
)
from services.registry.agreement_signatories.schemas import (
    SignatoryCreate,
    SignatoryWithdraw,
)
from services.registry.agreements.actions import (
    change_agreement,
    lock_for_parts,
    record_change,
)
from services.registry.agreements.models import Agreement
from services.registry.agreements.rules import (
    VERBS,
    AgreementKind,
    AgreementState,
    date_code,
)
from services.registry.problems import NotAnOpenDocument
from services.registry.tables import also_recording, recording


def _require_joinable(agreement: Agreement, new: SignatoryCreate, today: date) -> None:
    """NotAnOpenDocument or ValidationFailed unless such a party may be added to this agreement."""
    kind, state = AgreementKind(agreement.kind), AgreementState(agreement.state)
    if not rules.fits_role(kind, new.role):
        refuse(("role", "not_allowed"))
    if state is AgreementState.DRAFT:
        # All parties of a draft sign on one day, which `sign_agreement` records.
        if new.signed_on:
            refuse(("signed_on", "not_allowed"))
        return
    if not rules.is_open_document(kind):
        raise NotAnOpenDocument(state=agreement.state, allowed=VERBS[state])
    if code := rules.joining_code(agreement, new.signed_on, today):
        refuse(("signed_on", code))


async def add_signatory(
    change: Change, agreement_id: UUID, new: SignatoryCreate, today: date
) -> Stored:
    """Add a party to a draft, or let one join a signed pact."""
    agreement = await lock_for_parts(change, agreement_id, new.signed_on)
    _require_joinable(agreement, new, today)
    if new.institution_id is not None:
        await queries.require_institution(change, new.institution_id)
    # Stored in a column of its own: the day does not show it, since a party may join on
    # the very day on which the others signed.
    joined_later = agreement.state != AgreementState.DRAFT
    facts = new.model_dump() | {"joined_later": joined_later}
    if joined_later:
        facts["recorded"] = recording(change.caller.subject, "signed_on")
    statement = insert(AgreementSignatory).values(**facts, agreement_id=agreement_id)
    party = await change.stored(statement.returning(*queries.STORED))
    # The agreement shows how many parties it has, so it gets a new version as well.
    after = await change_agreement(change, agreement)
    record_change(change, "add_signatory", after, "signatory-added", ["signatories"])
    return party


async def withdraw_signatory(
    change: Change,
    agreement_id: UUID,
    signatory_id: UUID,
    end: SignatoryWithdraw,
    version: int,
    today: date,
) -> Stored:
    """Record that a party withdraws; its row stays as history."""
    # The agreement is locked first, as in `sign_agreement`: the
    # other order could deadlock.
    agreement = await lock_for_parts(change, agreement_id, end.withdrawn_on)
    party = await queries.lock_signatory(change, agreement_id, signatory_id)
    require_version(party.version, version)
    if party.withdrawn_on is not None:
        # A party withdraws once; a party that comes back is a new row
        # with its own day.
        raise StateConflict(state="withdrawn", allowed=[])
    day, since = end.withdrawn_on, party.signed_on
    if code := date_code(day, since=since, until=None, today=today):
        refuse(("withdrawn_on", code))
    of_party = col(AgreementSignatory.id) == signatory_id
    statement = update(AgreementSignatory).where(of_party)
    recorded = also_recording(AgreementSignatory, change.caller.subject, "withdrawn_on")
    statement = statement.values(**end.model_dump(), recorded=recorded, **CHANGED_NOW)
    withdrawn = await change.stored(statement.returning(*queries.STORED))
    after = await change_agreement(change, agreement)
    event, fields = "signatory-withdrawn", ["signatories"]
    record_change(change, "withdraw_signatory", after, event, fields)
    return withdrawn
