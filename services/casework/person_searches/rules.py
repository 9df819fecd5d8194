"""How many searches without a match are allowed. Pure."""

MOST_MISSES_AN_HOUR = 30
"""A coordinator who registers a class has about that many misses; trying numbers one by
one misses almost every time.
"""
# Misses leave the hour's window one by one, so some are gone soon.
SECONDS_TO_WAIT = 900


def may_search(misses_within_hour: int) -> bool:
    """Whether one more search is answered."""
    return misses_within_hour < MOST_MISSES_AN_HOUR
