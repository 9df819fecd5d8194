"""Many at once: the authority's row lets one of them through."""

import asyncio

import httpx

from tests.training.authorities.made import WRITER, read, recruited, staff, team_of
from tests.training.check_ins.made import monitored, report
from tests.training.diagnoses.made import content
from tests.training.groups.made import send


async def test_of_eight_who_enter_the_last_place_of_a_team_at_once_one_does(
    racing_training: httpx.AsyncClient,
) -> None:
    authority = await recruited(racing_training)
    await team_of(racing_training, authority, 3)
    people = [await staff(racing_training, authority) for _ in range(8)]
    at = f"/authorities/{authority['id']}"
    now = await read(racing_training, at)
    asked = [send(racing_training, f"{at}/task-team/members", {"trainee_id": each["id"]}, now) for each in people]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    team = await read(racing_training, f"/authorities/{authority['id']}/task-team")
    assert len(team["members"]) == 4


async def test_of_eight_who_begin_the_same_work_at_once_one_does(racing_training: httpx.AsyncClient) -> None:
    authority = await monitored(racing_training)
    for path, body in (("diagnosis", content()), ("strategic-plan", {}), ("check-ins", report())):
        at = f"/authorities/{authority['id']}/{path}"
        asked = [send(racing_training, at, body, headers=WRITER) for _ in range(8)]
        answers = await asyncio.gather(*asked)
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_of_eight_who_take_the_same_step_at_once_one_does(racing_training: httpx.AsyncClient) -> None:
    authority = await recruited(racing_training)
    at = f"/authorities/{authority['id']}/withdraw"
    asked = [send(racing_training, at, {"reason": "Uchwała."}, authority) for _ in range(8)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    steps = (await read(racing_training, f"/authorities/{authority['id']}/steps"))["items"]
    assert [each["state"] for each in steps] == ["recruited", "withdrawn"]
