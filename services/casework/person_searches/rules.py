"""How often somebody may look for people who are not there. Pure."""

MOST_MISSES_AN_HOUR = 30
"""A coordinator who registers a class misses about that often;
who tries numbers one by one misses every time.
"""
# Misses leave the window of an hour one by one, and soon some are gone.
SECONDS_TO_WAIT = 900


def may_search(misses_within_hour: int) -> bool:
    """Whether one more search is answered."""
    return misses_within_hour < MOST_MISSES_AN_HOUR
