"""Answers kept for repeats of a request, of which nothing is to be left."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from services.chassis.data.work import Change

FORGOTTEN = 410
"""The status of an answer that was emptied: no request is answered so and kept."""
# Emptied and not deleted: a repeat is told so, and is not carried out again.
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

    Whoever repeats the request is told that it was erased.
    """
    values = {"forgotten": FORGOTTEN, "ids": [str(one) for one in ids]}
    await change.execute(_FORGET, values)
