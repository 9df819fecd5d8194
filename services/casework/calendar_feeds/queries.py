"""Every query on the calendar feeds."""

from uuid import UUID

from sqlalchemy import select

from services.casework.calendar_feeds.models import CalendarEntry, CalendarFeed
from services.casework.calendar_feeds.rules import Entry, TaskView
from services.casework.calendar_feeds.schemas import CalendarFeedRead
from services.casework.problems import CalendarFeedNotFound
from services.chassis.calendars.addresses import AddressStore
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading

FEEDS = AddressStore(CalendarFeed, CalendarFeedRead, CalendarFeedNotFound)
ENTRIES = rows_of(CalendarEntry)


async def list_entries(reading: Reading, feed_id: UUID) -> dict[str, Entry]:
    """The entries that a feed has shown, by task."""
    statement = select(ENTRIES).where(ENTRIES.c.feed_id == feed_id)
    return {
        row.task: Entry(
            TaskView(row.task, row.title, row.due_on, row.starts_at),
            row.sequence,
            row.is_cancelled,
            row.changed_at,
        )
        for row in await reading.rows(statement)
    }
