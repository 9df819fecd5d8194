"""The permission that a follower of the event feed needs for an event of casework, by
the prefix of its type.
"""

from services.casework.permissions import Permission
from services.chassis.serving.feed_cursors import Feed

P = Permission

EVENTS = Feed(
    P.READ_EVENTS,
    {
        # For every event type without a line of its own, future ones included.
        "casework.": P.READ_CASES,
        "casework.person.": P.READ_PEOPLE,
        "casework.referral.": P.READ_REFERRALS,
        # A template contains no personal data.
        "casework.pathway.": None,
        "casework.monitoring-report.": P.READ_MONITORING_REPORTS,
    },
)
"""The permission must reach the county of an event; None: every follower sees it."""
