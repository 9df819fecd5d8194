"""The deadlines of a document, and the time to appeal. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.casework.documents.rules.kinds import (
    OF_PANEL,
    RULINGS,
    DocumentKind,
    DocumentOutcome,
)
from services.casework.laws.rules.days import (
    ipet_due_on,
    school_year_begins_on,
    wopfu_due_on,
)
from services.casework.laws.rules.values import (
    LAWS,
    LawNotKnown,
    Laws,
    Source,
    in_force,
)


class DeadlineCode(StrEnum):
    """The kind of a deadline."""

    ISSUE = "issue"
    DELIVERY = "delivery"
    APPEAL = "appeal"
    IPET = "ipet"
    WOPFU = "wopfu"
    EXPIRY = "expiry"


class Deadline(NamedTuple):
    """What is still to be done, by which day, and the act that says so (None: the
    document itself).
    """

    code: DeadlineCode
    due_on: date
    source: Source | None
    is_overdue: bool


class DocumentDates(NamedTuple):
    """The days of a document and of the steps that follow from it.

    `handed_in_on`: at the school. `begins_with_school_year`: the pupil begins there
    with the school year. `ipet_on`: the day of the programme (IPET); `wopfu_on`: those
    of the assessments of functioning (WOPFU), of any year.
    """

    kind: DocumentKind
    outcome: DocumentOutcome | None = None
    applied_on: date | None = None
    is_complex: bool = False
    issued_on: date | None = None
    delivered_on: date | None = None
    appealed_on: date | None = None
    handed_in_on: date | None = None
    begins_with_school_year: bool = False
    ipet_on: date | None = None
    wopfu_on: Sequence[date] = ()
    valid_to: date | None = None


def deadlines(document: DocumentDates, day: date, laws: Laws = LAWS) -> list[Deadline]:
    """The open deadlines of a document as of a day, ordered by last day and code.

    Each is computed by the values of law on the day from which it runs. A missed appeal
    is left out: nothing can be done about it. Deadlines before the first values of law
    are left out, too.
    """
    due = [
        *_tabled(_of_panel(document, laws)),
        *_tabled(_of_school(document, day, laws)),
    ]
    if document.valid_to is not None:
        due.append((DeadlineCode.EXPIRY, document.valid_to, None))
    with_overdue = (Deadline(*each, is_overdue=each[1] < day) for each in due)
    open_deadlines = (
        each
        for each in with_overdue
        if not (each.is_overdue and each.code is DeadlineCode.APPEAL)
    )
    return sorted(open_deadlines, key=lambda each: (each.due_on, each.code))


_Due = tuple[DeadlineCode, date, Source | None]


def _tabled(due: Iterator[_Due]) -> Iterator[_Due]:
    try:
        yield from due
    # Deadlines yielded before stay; the tables have no values for the rest.
    except LawNotKnown:
        return


def _of_panel(document: DocumentDates, laws: Laws) -> Iterator[_Due]:
    if document.kind not in OF_PANEL:
        return
    if document.issued_on is None:
        if document.applied_on is not None:
            ruling = in_force(laws.ruling, document.applied_on)
            days = ruling.issue_days
            if document.is_complex:
                days = ruling.issue_days_of_complex
            due_on = document.applied_on + timedelta(days=days)
            yield DeadlineCode.ISSUE, due_on, ruling.source
    elif document.delivered_on is None:
        ruling = in_force(laws.ruling, document.issued_on)
        due_on = document.issued_on + timedelta(days=ruling.delivery_days)
        yield DeadlineCode.DELIVERY, due_on, ruling.source
    elif document.kind in RULINGS and document.appealed_on is None:
        due_on = appeal_ends_on(document.delivered_on, laws)
        ruling = in_force(laws.ruling, document.delivered_on)
        yield DeadlineCode.APPEAL, due_on, ruling.source


def _of_school(document: DocumentDates, day: date, laws: Laws) -> Iterator[_Due]:
    """The school's deadlines from a special-education ruling that finds a need."""
    handed_in_on = document.handed_in_on
    is_ruling = document.kind is DocumentKind.SPECIAL_EDUCATION_RULING
    finds_need = document.outcome is DocumentOutcome.NEED_FOUND
    if handed_in_on is None or not (is_ruling and finds_need):
        return
    begins = document.begins_with_school_year
    due_on = ipet_due_on(handed_in_on, begins_with_school_year=begins, laws=laws)
    if document.ipet_on is None:
        school = in_force(laws.school, handed_in_on)
        yield DeadlineCode.IPET, due_on, school.source
    # A pupil who begins in September is assessed from then on,
    # even if the ruling came earlier.
    begins_on = school_year_begins_on(due_on, laws) if begins else handed_in_on
    begins_on = max(begins_on, handed_in_on)
    if day < begins_on:
        return
    first = max(school_year_begins_on(day, laws), begins_on)
    # Without a last day the ruling holds until one is recorded.
    last = document.valid_to or date.max
    done = sum(first <= each <= day for each in document.wopfu_on)
    due = [each for each in wopfu_due_on(day, laws) if first <= each <= last]
    source = in_force(laws.school, day).source
    # The first assessment made counts for the first one due.
    yield from ((DeadlineCode.WOPFU, each, source) for each in due[done:])


def appeal_ends_on(delivered_on: date, laws: Laws = LAWS) -> date:
    """The last day of an appeal to the superintendent, through the panel."""
    days = in_force(laws.ruling, delivered_on).appeal_days
    return delivered_on + timedelta(days=days)


def appeal_error(
    kind: DocumentKind, delivered_on: date | None, day: date, laws: Laws = LAWS
) -> str | None:
    """Why a document cannot be appealed from on a day; None when it can.

    `not_appealable`: an opinion is no decision, and documents of other bodies are
    appealed elsewhere. `not_delivered`, and `too_late` from the day after the last.
    """
    if kind not in RULINGS:
        return "not_appealable"
    if delivered_on is None or day < delivered_on:
        return "not_delivered"
    try:
        ends_on = appeal_ends_on(delivered_on, laws)
    # Delivered before the first known law, so the time to appeal is over.
    except LawNotKnown:
        return "too_late"
    return "too_late" if day > ends_on else None
