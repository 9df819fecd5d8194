"""When somebody may read a child's records without an ordinary relation, and for how
long. Pure.
"""

from datetime import datetime, timedelta
from enum import StrEnum


class EmergencyReason(StrEnum):
    """Why an emergency access is needed."""

    THREAT_TO_HEALTH = "threat_to_health"
    """Education law, art. 30a(3): the first exception from confidentiality."""
    SUSPECTED_HARM = "suspected_harm"
    URGENT_SUPPORT = "urgent_support"


class BreakGlassVerdict(StrEnum):
    """The reviewer's verdict."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


# No act sets these: they are rules of the platform.
OPEN_FOR = timedelta(minutes=60)
REVIEWED_WITHIN = timedelta(hours=72)
LOGGED_IN_WITHIN = timedelta(minutes=5)
COUNTED_WITHIN = timedelta(hours=24)
MOST_OPENED, MOST_MISSED = 3, 10
"""Per account, within COUNTED_WITHIN. More misses than openings are allowed, because an
id is easily copied wrong.
"""


def has_just_logged_in(authenticated_at: float | None, now: datetime) -> bool:
    """Whether the caller has logged in within LOGGED_IN_WITHIN.

    False where the token does not state the time of the login (RFC 9470).
    """
    if authenticated_at is None:
        return False
    # The absolute difference: the identity provider's clock may be a little ahead.
    return abs(now.timestamp() - authenticated_at) <= LOGGED_IN_WITHIN.total_seconds()


def may_open(opened: int, missed: int) -> bool:
    """Whether an account may open one more access, after this number of accesses and of
    misses within COUNTED_WITHIN.
    """
    return opened < MOST_OPENED and missed < MOST_MISSED
