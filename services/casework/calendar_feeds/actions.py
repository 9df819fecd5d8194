"""Every change of a calendar feed, and the audit record of each access to one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.casework.calendar_feeds import queries
from services.casework.calendar_feeds.models import CalendarEntry, CalendarFeed
from services.casework.calendar_feeds.rules import Entry, TaskView, Text, after, to_ical
from services.casework.calendar_feeds.schemas import (
    CalendarFeedCreate,
    CalendarFeedCreated,
)
from services.casework.problems import CalendarFeedNotFound
from services.casework.reads import Category, record_read
from services.casework.tasks.queries import TaskDate, list_dates
from services.casework.tasks.rules import TITLES
from services.chassis.calendars.addresses import (
    SecretAddress,
    lock_secret,
    open_address,
    revoke_address,
)
from services.chassis.calendars.ical import CANCELLED_FOR
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import Language

ADDRESSES = "/v1/casework/calendars"
_A_YEAR = timedelta(days=366)


def _record(change: Change, action: str, feed: SecretAddress) -> None:
    change.record(action, Subject(f"calendar-feeds/{feed.id}", feed.version))


async def create_feed(change: Change, new: CalendarFeedCreate) -> Stored:
    """Make an address for the caller's own dates, with the caller's present
    permissions. Its secret is returned only here.
    """
    feed, secret = await open_address(change, CalendarFeed, language=new.language)
    _record(change, "create_calendar_feed", feed)
    address = f"{ADDRESSES}/{secret}.ics"
    body = CalendarFeedCreated.model_validate(feed.model_dump() | {"address": address})
    return Stored(feed.id, feed.version, body.model_dump_json())


async def revoke_feed(change: Change, feed_id: UUID, version: int) -> Stored:
    """Revoke the address, and delete the entries that it has shown."""
    feed = await revoke_address(change, queries.FEEDS, feed_id, version)
    of_feed = col(CalendarEntry.feed_id) == feed_id
    await change.execute(delete(CalendarEntry).where(of_feed))
    _record(change, "revoke_calendar_feed", feed)
    return queries.FEEDS.shown(feed)


async def read_calendar(change: Change, secret: str, now: datetime) -> bytes:
    """The dates of the feed's owner as iCalendar, with the owner's permissions when the
    feed was made and the relations of now. The access is written to the audit log.
    """
    feed = await lock_secret(change, CalendarFeed, secret, CalendarFeedNotFound)
    today = now.astimezone(CIVIL_TIME).date()
    dates = await list_dates(change, today, today + _A_YEAR)
    entries = await _renewed(change, feed, dates, now)
    people = {each.person_id for each in dates if each.person_id}
    subject = Subject(f"calendar-feeds/{feed.id}")
    record_read(change, "get_calendar", subject, people, Category.CASE)
    language: Language = "en" if feed.language == "en" else "pl"
    numbers = {each.task: each.case_number for each in dates}
    texts = {
        task: Text(
            getattr(TITLES[entry.view.title], language),
            # A cancelled entry may be out of reach by now,
            # so its case number is left out.
            None if entry.is_cancelled else numbers[task],
        )
        for task, entry in entries.items()
    }
    return to_ical(entries.values(), texts, language, today)


async def _renewed(
    change: Change, feed: CalendarFeed, dates: Sequence[TaskDate], now: datetime
) -> dict[str, Entry]:
    """The feed's entries for this request; changed ones are stored
    for the next request.
    """
    previous = await queries.list_entries(change, feed.id)
    views = [
        TaskView(each.task, each.title, each.due_on, each.starts_at) for each in dates
    ]
    changed = after(previous, views, now)
    if changed:
        await _keep(change, feed.id, changed)
    entries = previous | {each.view.task: each for each in changed}
    over = now - CANCELLED_FOR
    return {
        task: entry
        for task, entry in entries.items()
        if not (entry.is_cancelled and entry.changed_at < over)
    }


async def _keep(change: Change, feed_id: UUID, changed: Sequence[Entry]) -> None:
    statement = upsert(CalendarEntry).values(
        [
            {
                **each.view._asdict(),
                "feed_id": feed_id,
                "sequence": each.sequence,
                "is_cancelled": each.is_cancelled,
                "changed_at": each.changed_at,
            }
            for each in changed
        ]
    )
    names = ("title", "due_on", "starts_at", "sequence", "is_cancelled", "changed_at")
    await change.execute(
        statement.on_conflict_do_update(
            index_elements=["feed_id", "task"],
            set_={name: statement.excluded[name] for name in names},
        )
    )
