"""What a list of attendance may say."""

from uuid import UUID

from services.training.attendances.rules import AttendanceEntry, list_errors

ANNA, JAN = UUID(int=1), UUID(int=2)


def test_a_list_names_everything_that_is_wrong_with_it() -> None:
    entries = [AttendanceEntry(ANNA, 120), AttendanceEntry(ANNA, 121), AttendanceEntry(JAN, 0)]
    assert list_errors(entries, [ANNA], 120) == [
        ("items/1/trainee_id", "repeated"),
        ("items/1/minutes", "too_large"),
        ("items/2/trainee_id", "without_seat"),
    ]
