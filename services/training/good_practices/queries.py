"""Every query of good practices."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.good_practices.models import GoodPractice
from services.training.good_practices.rules import PracticeState
from services.training.good_practices.schemas import (
    PracticeEntry,
    PracticeList,
    PracticeRead,
)
from services.training.permissions import Permission
from services.training.problems import GoodPracticeNotFound

PRACTICES = rows_of(GoodPractice)
_IS_PUBLIC = PRACTICES.c.state == PracticeState.PUBLISHED
_WIRE: dict[str, ColumnElement[Any]] = {
    name: PRACTICES.c[name] for name in PracticeRead.model_fields
} | {"review_note": case((~_IS_PUBLIC, PRACTICES.c.review_note))}
STORED = stored_columns(_WIRE, PRACTICES.c.id, PRACTICES.c.version)
_SORTED = ("title_pl", "title_en", "changed_at")
_LISTING = Listing(
    {name: PRACTICES.c[name] for name in PracticeEntry.model_fields},
    {name: PRACTICES.c[name] for name in _SORTED}
    | {"title_pl": in_polish_order(PRACTICES.c.title_pl)},
    "title_pl",
    PRACTICES.c.id,
)
_FILTERS = ("county_terc", "authority_id", "topic", "state")


def _within(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    columns = PRACTICES.c
    # NULL for a county's practice, which no relation reaches.
    objects = {"member": columns.authority_id}
    return within(caller, permission, county=columns.county_terc, objects=objects)


def _visible_to(caller: Caller) -> ColumnElement[bool]:
    """The condition for published practices and for drafts within reach."""
    drafting = (Permission.WRITE_GOOD_PRACTICES, Permission.DECIDE_GOOD_PRACTICES)
    # Drafts are not public: they may name problems of an authority.
    return or_(_IS_PUBLIC, *[_within(caller, each) for each in drafting])


def list_practices(query: PracticeList, caller: Caller) -> Listed:
    """The practices that a list or a file shows."""
    rows: Rows = select(PRACTICES).where(_visible_to(caller))
    for name in _FILTERS:
        if (value := getattr(query, name)) is not None:
            values = value if isinstance(value, list) else [value]
            rows = rows.where(PRACTICES.c[name].in_(values))
    return Listed(_LISTING, rows)


async def get_practice(reading: Reading, practice_id: UUID) -> Stored:
    """One practice that the caller may read."""
    is_visible = (PRACTICES.c.id == practice_id) & _visible_to(reading.caller)
    statement = select(*STORED).where(is_visible)
    return await reading.stored(statement, GoodPracticeNotFound)


async def lock_practice(
    change: Change, practice_id: UUID, permission: Permission
) -> GoodPractice:
    """A practice within the permission's reach, locked."""
    reach = _within(change.caller, permission)
    statement = select(PRACTICES).where(PRACTICES.c.id == practice_id, reach)
    locking = statement.with_for_update()
    return await change.instance(GoodPractice, locking, GoodPracticeNotFound)
