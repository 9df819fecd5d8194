"""Counting: a screening or a selection changes its campaign's counts in
its own transaction.

Neither an audit record nor an event is written here: the screening or the selection
writes its own.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.chassis.data.work import Change
from services.screening.campaign_counts.rules import SubjectKey
from services.screening.campaign_counts.statements import COUNT, FORGET, MARK
from services.screening.problems import ImplementerElsewhere, SubjectNotSelected


class _MoveCounts(NamedTuple):
    """How many of the subjects that changed their cell need more than counting, by the
    reason (`statements.MOVES`).
    """

    unselected: int
    emptied: int
    misplaced: int


async def count_results(change: Change, results_json: str) -> None:
    """Count results, or take annulled ones back: each subject's status and the roll-up at once.

    A JSON array of `{campaign_id, stage, subject_ref, county_terc, implementer, sex,
    age_months, instrument, informant, outcome, direction: 1 | -1}`. `screening_id` keeps several
    forms of one instrument apart, and selection rules read `bands` (scale → band). The
    caller keeps the campaigns open by a lock and has set the row scope.

    Raises SubjectNotSelected when a child with a result of stage two was not selected,
    and ImplementerElsewhere when an implementer does not screen in the county
    of a result.
    """
    [row] = await change.fetch(COUNT, results_json)
    move_counts = _MoveCounts(*row)
    # Refused after the write, because only the written rows show the new status of each
    # child. The transaction, or the savepoint of a batch, rolls the counting back.
    if move_counts.misplaced:
        raise ImplementerElsewhere()
    if move_counts.unselected:
        raise SubjectNotSelected()
    # An annulled screening may have been the child's only one. Without a result and
    # without a selection there is no purpose for which the row may be kept
    # (GDPR, art. 5(1)(e)).
    if move_counts.emptied:
        await change.run(FORGET, results_json)


async def count_selections(
    change: Change,
    campaign_id: UUID,
    subjects: Sequence[SubjectKey],
    *,
    is_selected: bool,
) -> None:
    """Count these subjects as selected, or as no longer selected.

    The caller has locked their rows.
    """
    keys = [subject._asdict() for subject in subjects]
    [row] = await change.fetch(MARK, campaign_id, json.dumps(keys), is_selected)
    # Stage one of the child may have been annulled since the child was selected: then
    # the selection was the only reason to keep the row.
    if _MoveCounts(*row).emptied:
        in_campaign = [{"campaign_id": str(campaign_id), **key} for key in keys]
        await change.run(FORGET, json.dumps(in_campaign))
