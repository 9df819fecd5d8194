"""Which permission shows which events of the registry in the feed, by the prefix
of their type.
"""

from services.chassis.serving.feed_cursors import Feed
from services.registry.permissions import Permission

EVENTS = Feed(Permission.READ_EVENTS, {"registry.": None})
"""All events are about institutions, local authorities and public registers: every
follower sees them.
"""
