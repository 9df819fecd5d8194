"""Every question asked of the calendar feeds."""

from uuid import UUID

from sqlalchemy import select

from services.casework.calendar_feeds.models import CalendarEntry, CalendarFeed
from services.casework.calendar_feeds.rules import Entry, Shown
from services.casework.calendar_feeds.schemas import CalendarFeedRead
from services.casework.problems import CalendarFeedNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import Listed, ListQuery
from services.chassis.web.pages import Listing

FEEDS = rows_of(CalendarFeed)
ENTRIES = rows_of(CalendarEntry)
_LISTING = Listing(
    {name: FEEDS.c[name] for name in CalendarFeedRead.model_fields},
    {"created_at": FEEDS.c.created_at},
    "-created_at",
    FEEDS.c.id,
)


def list_feeds(reading: Reading, query: ListQuery) -> Listed:
    """The caller's own feeds."""
    # Feeds have no filters; the parameter gives this list the form of all others.
    del query
    rows: Rows = select(FEEDS)
    return Listed(_LISTING, rows.where(FEEDS.c.subject == reading.caller.subject))


async def get_feed(reading: Reading, feed_id: UUID) -> Stored:
    """One of the caller's own feeds."""
    return shown(await reading.instance(CalendarFeed, _own(reading, feed_id), _MISSING))


async def lock_feed(change: Change, feed_id: UUID) -> CalendarFeed:
    """One of the caller's own feeds, locked until the transaction ends."""
    statement = _own(change, feed_id).with_for_update()
    return await change.instance(CalendarFeed, statement, _MISSING)


_MISSING = CalendarFeedNotFound


def _own(reading: Reading, feed_id: UUID) -> Rows:
    statement: Rows = select(FEEDS)
    # By account, whatever the county: a coordinator sees nobody else's feeds.
    mine = FEEDS.c.subject == reading.caller.subject
    return statement.where(FEEDS.c.id == feed_id, mine)


async def lock_feed_of(change: Change, digest: bytes) -> CalendarFeed:
    """The feed whose secret has this digest; a revoked one is as unknown as one that
    never was.
    """
    statement = select(FEEDS).where(
        FEEDS.c.digest == digest, FEEDS.c.revoked_at.is_(None)
    )
    locking = statement.with_for_update()
    return await change.instance(CalendarFeed, locking, _MISSING)


def shown(feed: CalendarFeed) -> Stored:
    """A feed as it is shown."""
    body = CalendarFeedRead.model_validate(feed.model_dump())
    return Stored(feed.id, feed.version, body.model_dump_json())


async def list_entries(reading: Reading, feed_id: UUID) -> dict[str, Entry]:
    """What a feed has shown, by task."""
    # Cancelled ones included: whoever comes back has to count on.
    statement = select(ENTRIES).where(ENTRIES.c.feed_id == feed_id)
    return {
        row.task: Entry(
            Shown(row.task, row.title, row.due_on, row.starts_at),
            row.sequence,
            row.is_cancelled,
            row.changed_at,
        )
        for row in await reading.rows(statement)
    }
