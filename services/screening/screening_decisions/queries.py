"""The check before a person confirms a result."""

from sqlalchemy import FromClause, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.screening.campaigns.queries import one_person_is_enough
from services.screening.permissions import Permission
from services.screening.problems import SecondPersonRequired
from services.screening.screening_decisions.rules import needs_second_person
from services.screening.screenings.models import ReplacedResult, Screening

_REPLACED: FromClause = rows_of(ReplacedResult)


async def require_second_person(reading: Reading, screening: Screening) -> None:
    """SecondPersonRequired if the caller produced the positive result that is to be confirmed.

    A result is produced by the account that submitted the answers and by the account
    that accepted its last re-scoring. The protocol of the campaign may still allow them
    to confirm it.
    """
    rescored_by = (
        select(_REPLACED.c.replaced_by)
        .where(_REPLACED.c.screening_id == screening.id)
        # Only the last one: the results of earlier re-scorings are replaced.
        .order_by(_REPLACED.c.version.desc())
        .limit(1)
    )
    produced_by = (screening.submitted_by, await reading.scalar(rescored_by))
    if not needs_second_person(screening.outcome, reading.caller.subject, produced_by):
        return
    campaign_id = screening.campaign_id
    if campaign_id is None or not await one_person_is_enough(reading, campaign_id):
        raise SecondPersonRequired(
            permission=str(Permission.CONFIRM_SCREENINGS), missing=["another_person"]
        )
