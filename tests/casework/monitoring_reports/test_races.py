"""Many at once: a county has one next report, and a report is submitted and decided on once."""

import asyncio

import httpx

from tests.casework.monitoring_reports.made import FIRST, MANAGER, REPORTS, SECOND, drafted, moved
from tests.casework.people.made import tag


async def test_of_twenty_who_draft_overlapping_reports_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    bodies = [{"county_terc": "2469", **FIRST, "ends_on": f"2026-03-{day}"} for day in range(11, 31)]
    answers = await asyncio.gather(*[racing_casework.post(REPORTS, json=body) for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


async def test_of_ten_who_accept_and_ten_who_return_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    report = await moved(racing_casework, await drafted(racing_casework, SECOND), "submit")
    headers = MANAGER | tag(report)
    path = f"{REPORTS}/{report['id']}"
    asked = [racing_casework.post(f"{path}/accept", headers=headers) for _ in range(10)]
    asked += [racing_casework.post(f"{path}/return", json={"reason": "x"}, headers=headers) for _ in range(10)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19


async def test_of_twenty_who_submit_a_report_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    report = await drafted(racing_casework, FIRST)
    path = f"{REPORTS}/{report['id']}/submit"
    answers = await asyncio.gather(*[racing_casework.post(path, headers=tag(report)) for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
