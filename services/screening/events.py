"""What a follower of the event feed needs to see an event of screening, by the
beginning of its type.
"""

from services.chassis.serving.feed_cursors import Feed
from services.screening.permissions import Permission

P = Permission

EVENTS = Feed(
    P.READ_EVENTS,
    {
        # The catch-all: a new kind of event is for readers of screenings until somebody
        # says otherwise (docs/decisions/0012-who-sees-an-event.md).
        "screening.": P.READ_SCREENINGS,
        "screening.instrument.": None,
        "screening.instrument-version.": None,
        "screening.norm-set.": None,
        "screening.protocol.": None,
        "screening.campaign.": None,
        # How many of a county go on is a number as small as that of its positives.
        "screening.campaign.subjects-selected": P.READ_SCREENINGS,
        "screening.campaign.selection-withdrawn": P.READ_SCREENINGS,
        "screening.rescoring.": None,
        "screening.study.": P.READ_STUDIES,
    },
)
"""Events of single children, counted, are a county's small numbers: they are for
whoever may read those screenings.

What is not named here is treated as one of them.
"""
