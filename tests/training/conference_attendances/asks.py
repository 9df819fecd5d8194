"""Requests about who came to a conference."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.records import change
from tests.training.conference_registrations import asks as registrations
from tests.training.conference_registrations.asks import ABSENT

OVER = """
UPDATE conferences SET registration_closes_at = '2023-09-29T22:00Z', starts_at = '2023-10-02T08:00Z',
    ends_at = '2023-10-02T13:00Z'
"""


def _all(target: Target) -> str:
    return f"/conferences/{target['conference']['id']}/attendance"


def _one(target: Target) -> str:
    return f"/conference-registrations/{target['registration']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A conference that is over, with somebody in it who came where that is to be corrected."""
    await registrations.prepare(target, make)
    await change(target.client, OVER)
    if target.is_for("correct_conference_attendance"):
        await change(target.client, "UPDATE conference_registrations SET has_attended = true")


ASKS: Asks = {
    "get_conference_attendance": asks_to_read(_all),
    "record_conference_attendance": lambda target: Ask(
        "POST",
        _all(target),
        {"items": [{"registration_id": target["registration"]["id"], "has_attended": True}]},
        out_of_reach="unknown-reference",
    ),
    "correct_conference_attendance": lambda target: Ask(
        "POST",
        f"{_one(target)}/correct-attendance",
        {"has_attended": False, "reason": "entered_wrongly"},
        target["registration"],
        out_of_reach=ABSENT,
    ),
    "list_conference_attendance_corrections": asks_to_read(
        lambda target: f"{_one(target)}/attendance-corrections", ABSENT
    ),
}
