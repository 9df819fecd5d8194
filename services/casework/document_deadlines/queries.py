"""Which documents can have something due, and what is due by them.

The values of law and the counting are in the rules alone. The database names the
documents by which anything can be due at all, and the rules say what is.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from services.casework.document_deadlines.schemas import DeadlineList, DocumentDeadline
from services.casework.documents.queries import (
    DOCUMENTS,
    dates_of,
    deadline_read,
    reach,
)
from services.casework.documents.rules.deadlines import (
    DeadlineCode,
    DocumentDates,
    deadlines,
)
from services.casework.documents.rules.kinds import (
    OF_PANEL,
    RULINGS,
    DocumentKind,
    DocumentOutcome,
)
from services.casework.laws.rules.values import LAWS
from services.casework.permissions import Permission
from services.chassis.data.work import Reading
from services.chassis.ground.cursors import open_cursor, seal_cursor

_C = DOCUMENTS.c
_ABOUT = ("id", "person_id", "case_id", "county_terc")
_COLUMNS = [_C[name] for name in (*_ABOUT, *DocumentDates._fields)]
_A_YEAR = timedelta(days=366)
# What `_place` gives of each deadline, as a cursor keeps it.
_KEYS = 3


def _candidates(day: date) -> ColumnElement[bool]:
    """The documents by which something can be due as of a day: never fewer than the
    rules say.
    """
    # The longest of any law: the rules say which one holds.
    appeal_days = max(ruling.appeal_days for ruling in LAWS.ruling)
    of_panel = and_(_C.kind.in_(OF_PANEL), _C.delivered_on.is_(None))
    appealable = and_(
        _C.kind.in_(RULINGS),
        _C.appealed_on.is_(None),
        _C.delivered_on >= day - timedelta(days=appeal_days),
    )
    of_school = and_(
        _C.kind == DocumentKind.SPECIAL_EDUCATION_RULING,
        _C.outcome == DocumentOutcome.NEED_FOUND,
        _C.handed_in_on.is_not(None),
        or_(
            _C.ipet_on.is_(None),
            _C.valid_to.is_(None),
            # An assessment of this school year can be due by a ruling that has ended
            # since the year began.
            _C.valid_to >= day - _A_YEAR,
        ),
    )
    return or_(of_panel, appealable, of_school, _C.valid_to >= day)


async def list_deadlines(
    reading: Reading, query: DeadlineList, day: date
) -> list[DocumentDeadline]:
    """What is due within the caller's reach, all of it, by its last day.

    A document that has ended before the day is not listed as ending: nothing can be
    done about it.
    """
    narrowed = [
        _C[name] == value
        for name in ("case_id", "person_id")
        if (value := getattr(query, name)) is not None
    ]
    if query.county_terc:
        narrowed.append(_C.county_terc.in_(query.county_terc))
    statement = select(*_COLUMNS).where(
        reach(reading.caller, Permission.READ_DOCUMENTS), _candidates(day), *narrowed
    )
    due_to, codes = query.due_to or day, query.code or [*DeadlineCode]
    found = [
        each
        for row in await reading.rows(statement)
        for each in _due(row, day)
        if each.due_on <= due_to and each.code in codes
    ]
    return sorted(found, key=_place)


def _due(row: Any, day: date) -> Iterator[DocumentDeadline]:
    for each in deadlines(dates_of(row), day):
        if each.code is DeadlineCode.EXPIRY and each.is_overdue:
            continue
        yield DocumentDeadline(
            **deadline_read(each).model_dump(),
            document_id=row.id,
            kind=row.kind,
            county_terc=row.county_terc,
            person_id=row.person_id,
            case_id=row.case_id,
        )


def _place(one: DocumentDeadline) -> tuple[str, str, str]:
    """Where a deadline stands in the list.

    Both assessments of a school year have days of their own.
    """
    return one.due_on.isoformat(), str(one.document_id), one.code.value


def page_of_deadlines(
    found: list[DocumentDeadline], query: DeadlineList, binding: bytes, key: bytes
) -> tuple[list[DocumentDeadline], str | None]:
    """The deadlines of one page, and the cursor of the next."""
    if query.cursor is not None:
        marks = open_cursor(query.cursor, binding, _KEYS, key)
        after = tuple(marks.values())
        found = [one for one in found if _place(one) > after]
    page = found[: query.limit]
    has_more = len(found) > query.limit
    cursor = seal_cursor([*_place(page[-1])], binding, key) if has_more else None
    return page, cursor
