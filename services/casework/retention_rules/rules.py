"""The kinds, starts and actions of retention rules. Pure."""

from enum import StrEnum


class RecordKind(StrEnum):
    """The kind of records: of a child by the track of its cases, or of a person without
    a case.
    """

    # The first three equal the tracks of cases: a SQL statement compares them.
    EARLY = "early"
    PUPIL = "pupil"
    WOKRO = "wokro"
    WITHOUT_CASE = "without_case"


class RetentionStart(StrEnum):
    """The event from which the years are counted."""

    CASE_CLOSED = "case_closed"
    OF_AGE = "of_age"
    REGISTERED = "registered"


class RetentionAction(StrEnum):
    """What happens when the period is over."""

    ERASE = "erase"
    ARCHIVE = "archive"
    """The records go to an archive first, and are not erased automatically (act on the
    national archive, art. 5).
    """


def begins_without_a_case(kind: RecordKind, start: RetentionStart) -> bool:
    """Whether a rule would count from the end of a case for people without a case.

    >>> begins_without_a_case(RecordKind.WITHOUT_CASE, RetentionStart.CASE_CLOSED)
    True
    """
    return kind is RecordKind.WITHOUT_CASE and start is RetentionStart.CASE_CLOSED
