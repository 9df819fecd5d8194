"""When somebody may look at a child's records outside the ordinary relations, and for
how long. Pure.
"""

from datetime import datetime, timedelta
from enum import StrEnum


class EmergencyReason(StrEnum):
    """Why somebody has to look."""

    THREAT_TO_HEALTH = "threat_to_health"
    """Education law, art. 30a(3): the first exception from what is confidential."""
    SUSPECTED_HARM = "suspected_harm"
    URGENT_SUPPORT = "urgent_support"


class BreakGlassVerdict(StrEnum):
    """What the reviewer finds."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


# No act sets these: they are rules of the platform.
OPEN_FOR = timedelta(minutes=60)
REVIEWED_WITHIN = timedelta(hours=72)
LOGGED_IN_WITHIN = timedelta(minutes=5)
COUNTED_WITHIN = timedelta(hours=24)
MOST_OPENED, MOST_MISSED = 3, 10
"""Within COUNTED_WITHIN, of one account: more misses than openings, for an id is easily
copied wrong.
"""


def has_just_logged_in(authenticated_at: float | None, now: datetime) -> bool:
    """Whether somebody proved a moment ago who they are.

    Where the token does not say, they did not (RFC 9470).
    """
    if authenticated_at is None:
        return False
    # Both ways: the identity provider's clock may be a little ahead.
    return abs(now.timestamp() - authenticated_at) <= LOGGED_IN_WITHIN.total_seconds()


def may_open(opened: int, missed: int) -> bool:
    """Whether an account may open one more, after so many within a day."""
    return opened < MOST_OPENED and missed < MOST_MISSED
