"""Every change of a calendar feed, and what is noted of each look at one."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import delete, func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from services.casework.calendar_feeds import queries
from services.casework.calendar_feeds.models import CalendarEntry, CalendarFeed
from services.casework.calendar_feeds.rules import (
    CANCELLED_FOR,
    Entry,
    Shown,
    Text,
    after,
    to_ical,
)
from services.casework.calendar_feeds.schemas import (
    CalendarFeedCreate,
    CalendarFeedCreated,
)
from services.casework.reads import Category, record_read
from services.casework.tasks.queries import TaskDate, list_dates
from services.casework.tasks.rules import TITLES
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import Language, StateConflict
from services.chassis.trust.callers import caller_kept, kept_caller

ADDRESSES = "/v1/casework/calendars"
# In a leap year the same day of the next year is within it, too.
_A_YEAR = timedelta(days=366)


class Ical(NamedTuple):
    """A feed as a calendar program gets it, with the validator of these bytes."""

    body: bytes
    validator: str


def _digest(secret: str) -> bytes:
    # Without a key: 256 random bits are not guessed from their digest. What cannot be
    # encoded becomes another text, which is nobody's secret.
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _record(change: Change, action: str, feed: CalendarFeed) -> None:
    change.record(action, Subject(f"calendar-feeds/{feed.id}", feed.version))


async def create_feed(change: Change, new: CalendarFeedCreate) -> Stored:
    """Make an address for the caller's own dates, with the rights of this moment.

    Its secret is said once.
    """
    # The address is all that a calendar program has: it sends no token.
    secret = secrets.token_hex(32)
    statement = insert(CalendarFeed).values(
        subject=change.caller.subject,
        requester=to_json(kept_caller(change.caller)).decode(),
        language=new.language,
        digest=_digest(secret),
    )
    row = await change.one(statement.returning(*queries.FEEDS.c))
    feed = CalendarFeed(**row._mapping)
    _record(change, "create_calendar_feed", feed)
    address = f"{ADDRESSES}/{secret}.ics"
    body = CalendarFeedCreated.model_validate(feed.model_dump() | {"address": address})
    return Stored(feed.id, feed.version, body.model_dump_json())


async def revoke_feed(change: Change, feed_id: UUID, version: int) -> Stored:
    """From now on the address leads nowhere, and what it has shown is forgotten."""
    feed = await queries.lock_feed(change, feed_id)
    require_version(feed.version, version)
    if feed.revoked_at is not None:
        raise StateConflict(state="revoked", allowed=[])
    statement = (
        update(CalendarFeed)
        .where(col(CalendarFeed.id) == feed_id)
        .values(
            revoked_at=func.now(),
            version=CalendarFeed.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.FEEDS.c)
    )
    after_ = CalendarFeed(**(await change.one(statement))._mapping)
    of_feed = col(CalendarEntry.feed_id) == feed_id
    await change.execute(delete(CalendarEntry).where(of_feed))
    _record(change, "revoke_calendar_feed", after_)
    return queries.shown(after_)


async def read_calendar(change: Change, secret: str, now: datetime) -> Ical:
    """The dates of whoever made the feed, with their rights of then and their relations
    of now; the look is noted.
    """
    # Locked, so that of two looks at once the second counts on from the first.
    feed = await queries.lock_feed_of(change, _digest(secret))
    # From here on with the rights of whoever made the feed; the program has none.
    await change.act_for(caller_kept(from_json(feed.requester)))
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
            getattr(TITLES[entry.shown.title], language),
            # What is gone may be out of reach by now: its case is not named.
            None if entry.is_cancelled else numbers[task],
        )
        for task, entry in entries.items()
    }
    body = to_ical(entries.values(), texts, language, today)
    return Ical(body, hashlib.sha256(body).hexdigest()[:32])


async def _renewed(
    change: Change, feed: CalendarFeed, dates: Sequence[TaskDate], now: datetime
) -> dict[str, Entry]:
    """The feed's entries after this look, kept for the next."""
    known = await queries.list_entries(change, feed.id)
    shown = [
        Shown(each.task, each.title, each.due_on, each.starts_at) for each in dates
    ]
    changed = after(known, shown, now)
    if changed:
        await _keep(change, feed.id, changed)
    # What is cancelled for long is shown no more, and stays in the table: a task that
    # comes back counts on.
    entries = known | {each.shown.task: each for each in changed}
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
                **each.shown._asdict(),
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
