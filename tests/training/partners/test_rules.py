"""How the experience of a partner is counted (source 003: five years of EU projects)."""

from datetime import date

import pytest

from services.training.partners.rules import Candidate, Project, experience_months, missing_to_accept

TODAY = date(2026, 6, 15)
LACKS_NOTHING = Candidate(*[True] * 4)


def ran(starts: str, ends: str | None, *, counts: bool = True) -> Project:
    return Project(date.fromisoformat(starts), date.fromisoformat(ends) if ends else None, counts)


@pytest.mark.parametrize(
    ("projects", "months"),
    [
        ([], 0),
        ([ran("2017-01-01", "2021-12-31")], 60),
        ([ran("2017-01-01", "2021-12-30")], 59),
        # Two at once are counted once; one day between two leaves no gap in whole months.
        ([ran("2017-01-01", "2019-06-30"), ran("2018-01-01", "2021-12-31")], 60),
        ([ran("2017-01-01", "2018-12-31"), ran("2017-03-01", "2017-09-30")], 24),
        ([ran("2017-01-01", "2018-12-31"), ran("2019-01-01", "2021-12-31")], 60),
        # 15 days and 16 days that are left make one month more.
        ([ran("2017-01-01", "2017-01-15"), ran("2017-03-01", "2017-03-16")], 1),
        ([ran("2017-01-31", "2017-02-28")], 1),
        # What goes on counts to today, what is to come not yet.
        ([ran("2025-06-16", None)], 12),
        ([ran("2025-06-16", "2030-01-01")], 12),
        ([ran("2026-07-01", "2036-01-01")], 0),
        ([ran("2010-01-01", "2020-12-31", counts=False)], 0),
    ],
)
def test_months_with_a_project_count_once(projects: list[Project], months: int) -> None:
    assert experience_months(projects, TODAY) == months
    assert experience_months(reversed(projects), TODAY) == months


def test_a_partner_needs_five_years_and_everything_else() -> None:
    assert missing_to_accept(LACKS_NOTHING, 60) == []
    assert missing_to_accept(LACKS_NOTHING, 59) == ["eu_project_years"]
    assert missing_to_accept(Candidate(*[False] * 4), 0) == [*Candidate._fields, "eu_project_years"]
