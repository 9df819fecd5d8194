"""When a place is released at the registry. Pure."""

from datetime import datetime, timedelta

LONGEST_PAUSE = timedelta(minutes=5)
SETTLED_AFTER = timedelta(minutes=10)
"""More than twice the longest request: a request that took the place while the referral
ended, or before it was written, is over by then.
"""


def due_after_failure(now: datetime, attempts: int) -> datetime:
    """The time of the next attempt after a number of failures: the pause doubles, up to
    five minutes.
    """
    # The exponent is limited to 10, because a larger power could overflow timedelta.
    return now + min(timedelta(seconds=2.0 ** min(attempts, 10)), LONGEST_PAUSE)
