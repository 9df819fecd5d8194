"""What a follower of the event feed needs to see an event of the registry, by the beginning of its type."""

from services.chassis.serving.feed_cursors import Feed
from services.registry.permissions import Permission

EVENTS = Feed(Permission.READ_EVENTS, {"registry.": None})
"""All of it is about institutions and local authorities, and of public registers: whoever follows the feed sees it."""
