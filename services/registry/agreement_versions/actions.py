"""The one change of an agreement's texts: they are recorded, and stay as they are."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import refuse
from services.registry.agreement_versions import queries
from services.registry.agreement_versions.models import AgreementVersion
from services.registry.agreement_versions.queries import NewestText
from services.registry.agreement_versions.rules import prolonging_code
from services.registry.agreement_versions.schemas import AgreementVersionCreate
from services.registry.agreements.actions import (
    change_agreement,
    lock_for_parts,
    record_change,
)
from services.registry.agreements.models import Agreement
from services.registry.agreements.rules import AgreementState


class RecordedText(NamedTuple):
    """A text just recorded, and its number within its agreement."""

    text: Stored
    number: int


def _require_fitting(
    agreement: Agreement, newest: NewestText | None, new: AgreementVersionCreate
) -> None:
    """ValidationFailed when the days of a text contradict the newest one or the agreement."""
    # The newest text is the one in force: it must not begin before the one it replaces.
    if newest is not None and new.valid_from < newest.valid_from:
        refuse(("valid_from", "wrong_order"))
    if agreement.valid_to is not None and new.valid_from > agreement.valid_to:
        refuse(("valid_from", "outside_validity"))
    state = AgreementState(agreement.state)
    if code := prolonging_code(state, agreement.valid_to, new.valid_to):
        refuse(("valid_to", code))


async def add_agreement_version(
    change: Change, agreement_id: UUID, new: AgreementVersionCreate
) -> RecordedText:
    """Record a text under the next number. An annex may prolong the agreement."""
    # The lock on the agreement also keeps two texts from taking the same number.
    agreement = await lock_for_parts(change, agreement_id, new.valid_from)
    newest = await queries.find_newest_text(change, agreement_id)
    _require_fitting(agreement, newest, new)
    number = newest.number + 1 if newest is not None else 1
    prolongation = {"valid_to": new.valid_to} if new.valid_to else {}
    statement = insert(AgreementVersion).values(
        **new.model_dump(),
        agreement_id=agreement_id,
        number=number,
        recorded_by=change.caller.subject,
        # The agreement keeps its new last day only; here the former one stays readable.
        valid_to_before=agreement.valid_to if prolongation else None,
    )
    body = str(await change.scalar(statement.returning(queries.BODY)))
    after = await change_agreement(change, agreement, **prolongation)
    fields = ["text_number", *prolongation]
    record_change(change, "add_agreement_version", after, "text-added", fields)
    return RecordedText(queries.text_stored(agreement_id, number, body), number)
