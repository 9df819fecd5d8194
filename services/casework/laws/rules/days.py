"""Last days by the law in force: of programmes, assessments, answers, reviews. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from services.casework.laws.rules.values import LAWS, Laws, in_force


def months_after(day: date, months: int) -> date:
    """The day of the same number in a later month, or that month's last day.

    Periods in months end in this way by Regulation (EEC, Euratom) 1182/71 art. 3(2)(c)
    and by art. 112 of the Civil Code.
    """
    # Months are counted from 0 here: December needs no case of its own.
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def of_age_on(born_on: date, laws: Laws = LAWS) -> date:
    """The first day on which somebody is of age (Civil Code art. 10 § 1 and 112).

    Earlier majority by marriage is recorded by ending the guardianship.

    By art. 112 a term in years ends on the day of the date on which it began, or on the
    last day of the month where that month has no such day; an age is reached as that
    day begins, not as it ends. Born on 29 February, somebody is of age on 28 February.

    >>> of_age_on(date(2008, 2, 29)), of_age_on(date(2010, 5, 31))
    (datetime.date(2026, 2, 28), datetime.date(2028, 5, 31))
    """
    # By the newest law: a term that is still running follows the law
    # in force at its end.
    return months_after(born_on, 12 * laws.majority[-1].age)


def is_of_age(born_on: date | None, day: date, laws: Laws = LAWS) -> bool:
    """Whether somebody is of age on a day; False without a birth date."""
    return born_on is not None and of_age_on(born_on, laws) <= day


def school_year_begins_on(day: date, laws: Laws = LAWS) -> date:
    """The first day of the school year in which a day lies (Education Law art. 94)."""
    begins = in_force(laws.school, day).year_begins
    first = date(day.year, *begins)
    # Until 31 August a day is in the school year that began in the year before.
    return first if first <= day else date(day.year - 1, *begins)


def ipet_due_on(
    handed_in_on: date, *, begins_with_school_year: bool, laws: Laws = LAWS
) -> date:
    """The last day on which a pupil's programme (IPET) is to be ready.

    30 September where the pupil begins there with the school year and has handed in the
    ruling by then; otherwise 30 days after the ruling was handed in.
    """
    school = in_force(laws.school, handed_in_on)
    if not begins_with_school_year:
        return handed_in_on + timedelta(days=school.ipet_days)
    due_on = date(handed_in_on.year, *school.ipet_on)
    # A ruling handed in after that day belongs to a pupil who begins next September.
    return due_on if handed_in_on <= due_on else date(due_on.year + 1, *school.ipet_on)


def wopfu_due_on(day: date, laws: Laws = LAWS) -> list[date]:
    """The last days of the assessments of functioning in a day's school year."""
    begins_on = school_year_begins_on(day, laws)
    due = in_force(laws.wopfu_days, day).due
    this_year = [date(begins_on.year, *each) for each in due]
    # The table has days without years, and a school year lies in two calendar years.
    return sorted(
        each if each >= begins_on else date(each.year + 1, each.month, each.day)
        for each in this_year
    )


def wopfu_outstanding(assessed_on: Sequence[date], day: date, laws: Laws = LAWS) -> int:
    """How many assessments of functioning are still missing
    on a day in its school year.
    """
    begins_on = school_year_begins_on(day, laws)
    of_year = [each for each in assessed_on if begins_on <= each <= day]
    return max(in_force(laws.school, day).wopfu_count - len(of_year), 0)


def answer_due_on(
    received_on: date, *, is_extended: bool = False, laws: Laws = LAWS
) -> date:
    """The last day of the answer to a data subject: one month, or two months more."""
    # By the law of the day of receipt: a later change does not move a running term.
    clock = in_force(laws.data_subject_request, received_on)
    extension = clock.extension_months if is_extended else 0
    return months_after(received_on, clock.months + extension)


def review_due_on(reviewed_on: date, laws: Laws = LAWS) -> date:
    """The last day of a case's next review, from its last review or its beginning."""
    return months_after(reviewed_on, in_force(laws.reaction, reviewed_on).review_months)
