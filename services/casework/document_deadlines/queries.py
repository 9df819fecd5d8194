"""Selects the documents that can have deadlines, and computes the deadlines.

The values of law and the computation are only in the rules. The database selects all
documents that can have a deadline, and the rules compute the deadlines.
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
# The number of keys that `_place` returns for a cursor.
_KEYS = 3


def _candidates(day: date) -> ColumnElement[bool]:
    """SQL condition: a document can have a deadline as of a day. It may match too many
    documents, but never too few.
    """
    # The longest period of any law: the rules decide which one applies.
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
            # An assessment of this school year can be due for a ruling that has ended
            # during the year.
            _C.valid_to >= day - _A_YEAR,
        ),
    )
    return or_(of_panel, appealable, of_school, _C.valid_to >= day)


async def list_deadlines(
    reading: Reading, query: DeadlineList, day: date
) -> list[DocumentDeadline]:
    """All deadlines within the caller's reach, ordered by their last day.

    The end of a document that has already expired is left out: nothing can be done
    about it.
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
    due_deadlines = [
        each
        for row in await reading.rows(statement)
        for each in _due(row, day)
        if each.due_on <= due_to and each.code in codes
    ]
    return sorted(due_deadlines, key=_place)


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


def _place(deadline: DocumentDeadline) -> tuple[str, str, str]:
    """The sort key of a deadline: last day, document, code.

    It is unique: the two assessments of a school year have different days.
    """
    return deadline.due_on.isoformat(), str(deadline.document_id), deadline.code.value


def page_of_deadlines(
    listed: list[DocumentDeadline], query: DeadlineList, binding: bytes, key: bytes
) -> tuple[list[DocumentDeadline], str | None]:
    """The deadlines of one page, and the cursor of the next."""
    if query.cursor is not None:
        marks = open_cursor(query.cursor, binding, _KEYS, key)
        after = tuple(marks.values())
        listed = [deadline for deadline in listed if _place(deadline) > after]
    page = listed[: query.limit]
    has_more = len(listed) > query.limit
    cursor = seal_cursor([*_place(page[-1])], binding, key) if has_more else None
    return page, cursor
