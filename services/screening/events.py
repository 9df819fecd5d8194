"""The permission that a follower of the event feed needs for an event of screening, by
the prefix of its type.
"""

from services.chassis.serving.feed_cursors import Feed
from services.screening.permissions import Permission

P = Permission

EVENTS = Feed(
    P.READ_EVENTS,
    {
        # The default: a new type of event is only for readers of screenings until it is
        # listed here (docs/decisions/0012-who-sees-an-event.md).
        "screening.": P.READ_SCREENINGS,
        "screening.instrument.": None,
        "screening.instrument-version.": None,
        "screening.norm-set.": None,
        "screening.protocol.": None,
        "screening.campaign.": None,
        # The number of selected children of a county can be as small as that
        # of its positives.
        "screening.campaign.subjects-selected": P.READ_SCREENINGS,
        "screening.campaign.selection-withdrawn": P.READ_SCREENINGS,
        "screening.rescoring.": None,
        "screening.study.": P.READ_STUDIES,
    },
)
"""Counting the events of single children would give a county's small numbers: these
events are only for callers who may read the screenings.

A type without an entry of its own is treated in the same way.
"""
