"""The erasure of a trainee (GDPR, art. 17)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from services.chassis.data.kept_answers import forget_answers
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored
from services.training.accounts.actions import part_trainee
from services.training.attendances.models import AttendanceCorrection
from services.training.certificates import actions as certificates
from services.training.conference_registrations.actions import forget_registrant
from services.training.enrolments.actions import (
    fill_seats,
    lock_whole,
    move_enrolments,
)
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import LIVE, EndReason, EnrolmentState
from services.training.permissions import Permission
from services.training.trainee_erasures import queries
from services.training.trainees import actions as trainees
from services.training.validations.models import ValidationCorrection

# Sex, kind of organisation, place and authority stay, for the indicators.
_IDENTIFYING = (
    "given_name",
    "family_name",
    "organisation_name",
    "email",
    "institution_id",
    "account",
)
"""The fields that identify a person."""
NOBODY = "–"
"""The text in place of a name where a name is required."""


async def erase_trainee(
    change: Change, trainee_id: UUID, version: int, now: datetime
) -> Stored:
    """Erase everything that identifies a trainee.

    Completed enrolments stay and are counted. Live enrolments are withdrawn, and
    waiting people move up. The external id stays, so that a second import of a file
    does not bring the person back: it identifies a person only in its source (GDPR,
    art. 4(5)).
    """
    permission = Permission.EDIT_TRAINEES
    trainee = await lock_whole(change, trainee_id, permission, version)
    async with acting_everywhere(change):
        # Only live enrolments: completed ones stay in the programme's counts.
        live = (ENROLMENTS.c.trainee_id == trainee_id) & ENROLMENTS.c.state.in_(LIVE)
        withdrawn, erased = EnrolmentState.WITHDRAWN, EndReason.ERASED
        end = {"reason": erased, "ended_at": now}
        action = "withdraw_enrolment"
        withdrawn_enrolments = await move_enrolments(
            change, live, withdrawn, action, **end
        )
        # The groups are locked: waiting people get the seats before new enrolments.
        for enrolment in withdrawn_enrolments:
            await fill_seats(change, enrolment.group_id, now)
        subjects = [trainee_id, *await _empty_certificates(change, trainee_id)]
        await _empty_corrections(change, trainee_id)
        if trainee.account is not None:
            subjects += await forget_registrant(change, trainee.account, NOBODY)
            await part_trainee(change, trainee.account)
        await forget_answers(change, subjects)
    # Last: the account was needed above to remove its relations.
    cleared_fields = dict.fromkeys(_IDENTIFYING)
    after = await trainees.change_trainee(
        change, trainee_id, **cleared_fields, erased_at=now
    )
    county = trainee.county_terc
    trainees.record_change(change, "erase_trainee", after, county, "erased")
    return after


async def _empty_corrections(change: Change, trainee_id: UUID) -> None:
    """Erase the reasons of the person's corrections; the corrected values stay."""
    # Free text, which may name the person.
    for table in (AttendanceCorrection, ValidationCorrection):
        statement = update(table).where(col(table.trainee_id) == trainee_id)
        await change.execute(statement.values(reason=NOBODY))


async def _empty_certificates(change: Change, trainee_id: UUID) -> list[UUID]:
    """Erase the name on a person's certificates, and why they were revoked; their ids.

    Their codes stay valid.
    """
    locked_certificates = await queries.lock_certificates(change, trainee_id)
    for certificate in locked_certificates:
        await certificates.change_certificate(
            change,
            certificate,
            given_name=NOBODY,
            family_name=NOBODY,
            shows_name=False,
            # Free text, which may name the person; whether there is one has to stay.
            revocation_reason=certificate.revocation_reason and NOBODY,
            # The holder's link no longer works.
            link_digest=None,
        )
        version, action = certificate.version + 1, "erase_trainee"
        certificates.record_change(change, action, certificate, version, "erased")
    return [certificate.id for certificate in locked_certificates]
