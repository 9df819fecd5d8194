"""Empties answers that are kept for repeated requests."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from services.chassis.data.work import Change

FORGOTTEN = 410
"""The status of an answer that was emptied: no request is answered so and kept."""
# Emptied, not deleted: a repeat is answered as erased, and not carried out again.
_FORGET = text(
    """
UPDATE idempotency_keys SET status = :forgotten, body = ''
WHERE EXISTS (
    SELECT FROM unnest(CAST(:ids AS text[])) AS id WHERE position(convert_to(id, 'UTF8') IN body) > 0
)
"""
)


async def forget_answers(change: Change, ids: Iterable[UUID]) -> None:
    """Empty the answers that name any of these ids, where answers are kept unsealed.

    A repeat of the request then learns that its answer was erased.
    """
    values = {"forgotten": FORGOTTEN, "ids": [str(each) for each in ids]}
    await change.execute(_FORGET, values)
