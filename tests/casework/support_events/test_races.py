"""Many at once: a month has room for one of them, and a record is annulled once."""

import asyncio

import httpx

from tests.casework.people.made import tag
from tests.casework.support_events.made import EVENTS, TODAY, early, long_open, recorded, support


async def test_of_twenty_who_fill_a_month_at_once_only_those_with_room_succeed(
    racing_casework: httpx.AsyncClient,
) -> None:
    case = await long_open(racing_casework)
    body = early(case, minutes=150)
    answers = await asyncio.gather(*[racing_casework.post(EVENTS, json=body) for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 17
    path = f"/v1/casework/cases/{case['id']}/early-support-hours"
    hours = (await racing_casework.get(path, params={"month": TODAY.isoformat()[:7]})).json()
    assert hours["minutes"] == 450


async def test_groups_that_name_their_children_in_another_order_do_not_wait_for_each_other(
    racing_casework: httpx.AsyncClient,
) -> None:
    cases = [await long_open(racing_casework) for _ in range(3)]
    parts = [{"case_id": case["id"], "present": [case["person_id"]]} for case in cases]
    bodies = [
        {**support(cases[first]), **parts[first], "form": "group_classes", "others": [parts[second]]}
        for first, second in ((0, 1), (1, 0), (1, 2), (2, 1), (2, 0), (0, 2)) * 2
    ]
    answers = await asyncio.gather(*[racing_casework.post(EVENTS, json=body) for body in bodies])
    assert {answer.status_code for answer in answers} == {201}


async def test_of_twenty_who_annul_a_record_at_once_one_succeeds(racing_casework: httpx.AsyncClient) -> None:
    event = await recorded(racing_casework, support(await long_open(racing_casework)))
    path = f"{EVENTS}/{event['id']}/annul"
    asked = [racing_casework.post(path, json={"reason": "wrong_child"}, headers=tag(event)) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
