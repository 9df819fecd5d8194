"""From when and for how long records are kept. Pure."""

from enum import StrEnum


class RecordKind(StrEnum):
    """Whose records: of a child by the way of support its cases took, or of somebody
    without a case.
    """

    # The first three are the tracks of cases: a statement compares the words.
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
    """What happens when the years are over."""

    ERASE = "erase"
    ARCHIVE = "archive"
    """The records go to an archive first: nothing is erased by itself (act on the
    national archive, art. 5).
    """


def begins_without_a_case(kind: RecordKind, start: RetentionStart) -> bool:
    """Whether the years would be counted from a case that nobody has.

    >>> begins_without_a_case(RecordKind.WITHOUT_CASE, RetentionStart.CASE_CLOSED)
    True
    """
    return kind is RecordKind.WITHOUT_CASE and start is RetentionStart.CASE_CLOSED
