"""What a follower of the event feed needs to see an event of casework, by the beginning
of its type.
"""

from services.casework.permissions import Permission
from services.chassis.serving.feed_cursors import Feed

P = Permission

EVENTS = Feed(
    P.READ_EVENTS,
    {
        # For every kind that has no line of its own, those to come included.
        "casework.": P.READ_CASES,
        "casework.person.": P.READ_PEOPLE,
        "casework.referral.": P.READ_REFERRALS,
        # A template is about nobody.
        "casework.pathway.": None,
        "casework.monitoring-report.": P.READ_MONITORING_REPORTS,
    },
)
"""An event of one child is for whoever may read the county's cases."""
