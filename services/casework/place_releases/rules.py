"""When the registry is asked to take a place back. Pure."""

from datetime import datetime, timedelta

LONGEST_PAUSE = timedelta(minutes=5)
SETTLED_AFTER = timedelta(minutes=10)
"""Longer than twice what any request lasts: one that took the place while the referral was ending, or before it was
written, has come to its end by then.
"""


def due_after_failure(now: datetime, attempts: int) -> datetime:
    """When to ask again after so many failed attempts:
    later and later, up to five minutes.
    """
    # At most 2 to the 10th, before the pause is cut: a larger power is no duration.
    return now + min(timedelta(seconds=2.0 ** min(attempts, 10)), LONGEST_PAUSE)
