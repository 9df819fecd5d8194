"""Titles of tasks, and how early they are shown."""

from datetime import date

from services.casework.documents.rules.deadlines import DeadlineCode
from services.casework.referrals.rules import ReferralDirection
from services.casework.tasks.rules import TITLES, TaskKind, soon_until


def test_everything_that_can_be_listed_has_a_title_in_both_languages() -> None:
    parted = {TaskKind.DOCUMENT: DeadlineCode, TaskKind.REFERRAL: ReferralDirection}
    plain = {kind.value for kind in TaskKind if kind not in parted}
    of_parts = {f"{kind.value}_{code.value}" for kind, codes in parted.items() for code in codes}
    assert {*TITLES} == plain | of_parts
    assert all(title.pl and title.en for title in TITLES.values())


def test_what_is_due_within_thirty_days_is_due_soon() -> None:
    assert soon_until(date(2026, 2, 1)) == date(2026, 3, 3)
