"""The one change of communiqués: they are issued, and stay as they are."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.chassis.data.work import Change, Stored
from services.chassis.ground.problems import refuse
from services.registry.bodies.actions import lock_open_body, subject_of
from services.registry.bodies.rules import wrong_day
from services.registry.body_communiques import queries
from services.registry.body_communiques.models import BodyCommunique
from services.registry.body_communiques.schemas import CommuniqueCreate


async def issue_communique(
    change: Change, body_id: UUID, new: CommuniqueCreate, today: date
) -> Stored:
    """Publish a communiqué for boards and councils; each recipient is kept once."""
    body = await lock_open_body(change, body_id, new.issued_on)
    day, since = new.issued_on, body.founded_on
    refuse(*wrong_day("issued_on", day, since=since, today=today))
    recipients = sorted(set(new.recipients))
    statement = insert(BodyCommunique).values(
        **new.model_dump(exclude={"recipients"}),
        recipients=recipients,
        body_id=body_id,
        issued_by=change.caller.subject,
    )
    communique = await change.stored(statement.returning(*queries.STORED))
    change.record(
        "issue_communique",
        # Without a new version: a communiqué changes nothing of its body.
        subject_of(body),
        "body.communique-issued",
        communique_id=str(communique.key),
        recipients=recipients,
    )
    return communique
