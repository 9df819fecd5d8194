"""Counting: what screenings and selections change in a campaign's counts, in their transaction.

Neither audit record nor event is written here: the screening or the selection has its
own.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.chassis.data.work import Change
from services.screening.campaign_counts.rules import SubjectKey
from services.screening.campaign_counts.statements import COUNT, FORGET, MARK
from services.screening.problems import ImplementerElsewhere, SubjectNotSelected


class _Moved(NamedTuple):
    """How many of the subjects that moved need more than counting (`statements.MOVES`)."""

    unselected: int
    emptied: int
    misplaced: int


async def count_results(change: Change, results_json: str) -> None:
    """Count results, or take annulled ones back: each subject's status and the roll-up at once.

    A JSON array of `{campaign_id, stage, subject_ref, county_terc, implementer, sex,
    age_months, instrument, informant, outcome, direction: 1 | -1}`. `screening_id` keeps several
    forms of one instrument apart, and selection rules read `bands` (scale → band). The
    caller keeps the campaigns open by a lock and has set the row scope.

    SubjectNotSelected when a result of stage two is of a child who was not selected,
    ImplementerElsewhere when one is of a county where its implementer does not screen.
    """
    [row] = await change.fetch(COUNT, results_json)
    moved = _Moved(*row)
    # Refused after it was written: only the written rows say where each child now
    # stands. The transaction, or the savepoint of a batch, takes the counting back.
    if moved.misplaced:
        raise ImplementerElsewhere()
    if moved.unselected:
        raise SubjectNotSelected()
    # An annulled screening may have been all that was known of the child: without
    # results and without a selection there is no purpose to keep the row for (GDPR,
    # art. 5(1)(e)).
    if moved.emptied:
        await change.run(FORGET, results_json)


async def count_selections(
    change: Change,
    campaign_id: UUID,
    subjects: Sequence[SubjectKey],
    *,
    selected: bool,
) -> None:
    """Count subjects as selected, or as not selected any more.

    The caller has locked their rows.
    """
    keys = [subject._asdict() for subject in subjects]
    [row] = await change.fetch(MARK, campaign_id, json.dumps(keys), selected)
    # The child's stage one may have been annulled since it was selected: then the
    # selection was all that kept its row.
    if _Moved(*row).emptied:
        in_campaign = [{"campaign_id": str(campaign_id), **key} for key in keys]
        await change.run(FORGET, json.dumps(in_campaign))
