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

# Sex, kind of organisation, place and authority stay: indicators count by them.
_TELLING = (
    "given_name",
    "family_name",
    "organisation_name",
    "email",
    "institution_id",
    "account",
)
"""The fields that tell who somebody is."""
NOBODY = "–"
"""In place of a name where something has to stand."""


async def erase_trainee(
    change: Change, trainee_id: UUID, version: int, now: datetime
) -> Stored:
    """Leave nothing of a trainee that tells who it was.

    What was completed stays counted. Whoever waits moves up for the groups that are
    left. The external id stays, so that a file that is sent again does not bring the
    person back: it leads to somebody only in the system it comes from (GDPR, art.
    4(5)).
    """
    permission = Permission.EDIT_TRAINEES
    trainee = await lock_whole(change, trainee_id, permission, version)
    async with acting_everywhere(change):
        # What was completed stays, or a programme would lose who it has trained.
        live = (ENROLMENTS.c.trainee_id == trainee_id) & ENROLMENTS.c.state.in_(LIVE)
        withdrawn, erased = EnrolmentState.WITHDRAWN, EndReason.ERASED
        ended = {"reason": erased, "ended_at": now}
        action = "withdraw_enrolment"
        left = await move_enrolments(change, live, withdrawn, action, **ended)
        # The groups are locked: whoever waits moves up before anybody else comes.
        for enrolment in left:
            await fill_seats(change, enrolment.group_id, now)
        subjects = [trainee_id, *await _empty_certificates(change, trainee_id)]
        await _empty_corrections(change, trainee_id)
        if trainee.account is not None:
            subjects += await forget_registrant(change, trainee.account, NOBODY)
            await part_trainee(change, trainee.account)
        await forget_answers(change, subjects)
    # Last: until here the account was needed to take its relations away.
    emptied = dict.fromkeys(_TELLING)
    after = await trainees.change_trainee(change, trainee_id, **emptied, erased_at=now)
    county = trainee.county_terc
    trainees.record_change(change, "erase_trainee", after, county, "erased")
    return after


async def _empty_corrections(change: Change, trainee_id: UUID) -> None:
    """Let histories say what was corrected, and no more in words why."""
    # Free text of a colleague's, which may name whom it is about.
    for table in (AttendanceCorrection, ValidationCorrection):
        statement = update(table).where(col(table.trainee_id) == trainee_id)
        await change.execute(statement.values(reason=NOBODY))


async def _empty_certificates(change: Change, trainee_id: UUID) -> list[UUID]:
    """Let what was issued stay valid by its code, and say no more whose it is; the
    certificates.
    """
    certified = await queries.lock_certificates(change, trainee_id)
    for certificate in certified:
        await certificates.change_certificate(
            change,
            certificate,
            given_name=NOBODY,
            family_name=NOBODY,
            shows_name=False,
            # The holder's own link opens nothing any more.
            link_digest=None,
        )
        version, action = certificate.version + 1, "erase_trainee"
        certificates.record_change(change, action, certificate, version, "erased")
    return [certificate.id for certificate in certified]
