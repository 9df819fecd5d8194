"""What an operator may write for a moment, and when a backup is due."""

from datetime import UTC, datetime

import pytest

from deploy.archive.keeping import is_due
from deploy.archive.moments import NoMoment, moment_of
from deploy.restoring import named


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        # Warsaw is an hour ahead of UTC in winter, two in summer.
        ("2026-11-28 10:15", datetime(2026, 11, 28, 9, 15, tzinfo=UTC)),
        ("2026-07-01 10:15:30", datetime(2026, 7, 1, 8, 15, 30, tzinfo=UTC)),
        ("2026-11-28T10:15Z", datetime(2026, 11, 28, 10, 15, tzinfo=UTC)),
        ("2026-10-25 02:30+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25 02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("latest", None),
    ],
)
def test_a_moment_is_on_the_clock_of_warsaw_or_has_an_offset(written: str, moment: datetime | None) -> None:
    assert moment_of(written) == moment


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "is no moment"),
        ("10:15", "is no moment"),
        ("2026-13-01 10:15", "there is no 2026-13-01"),
        ("2026-02-29 10:15", "there is no 2026-02-29"),
        ("2026-10-25 02:30", "twice"),
        ("2026-03-29 02:30", "never"),
        ("2026-11-28 10:15'; DROP", "is no moment"),
    ],
)
def test_whatever_could_be_two_moments_or_none_is_refused(written: str, why: str) -> None:
    with pytest.raises(NoMoment, match=why):
        moment_of(written)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (datetime(2026, 11, 27, 1, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 28, 1, 29, tzinfo=UTC), True),
        (datetime(2026, 11, 28, 1, 30, tzinfo=UTC), False),
    ],
)
def test_a_backup_is_due_when_the_hour_has_passed_since_the_last(last: datetime | None, due: bool) -> None:
    assert is_due(last, "01:30", datetime(2026, 11, 28, 9, 0, tzinfo=UTC)) is due
    assert is_due(last, "09:01", datetime(2026, 11, 28, 9, 0, tzinfo=UTC)) is (last is None or last.day == 27)


def test_the_environment_names_the_restored_volume_and_keeps_the_rest() -> None:
    assert named("", "new") == "DATABASE_VOLUME=new\n"
    assert named("PORT=1\nDATABASE_VOLUME=old\nA=b\n", "new") == "PORT=1\nDATABASE_VOLUME=new\nA=b\n"
    assert named("PORT=1\n", "new") == "PORT=1\nDATABASE_VOLUME=new\n"
