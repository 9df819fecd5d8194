"""Task teams: three or four of the authority's staff, with accounts, who see its work while they are in the team."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.training.authorities.made import WRITER, joined, read, recruited, staff, team_of
from tests.training.groups.made import Made, add_trainee, send

URL = "/v1/training/authorities"


async def leave(client: httpx.AsyncClient, authority: Made, member: Made) -> httpx.Response:
    """The answer to somebody's leaving the team."""
    path = f"/authorities/{authority['id']}"
    now = await read(client, path)
    return await send(client, f"{path}/task-team/members/{member['id']}/leave", {"reason": "replaced"}, now)


async def test_a_team_takes_four_at_most_and_says_what_it_lacks(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 2)
    team = await read(training, f"/authorities/{authority['id']}/task-team")
    assert (team["smallest"], team["largest"]) == (3, 4)
    assert team["missing"] == ["complete_team", "completed_training"]
    answers = [await joined(training, authority, await staff(training, authority)) for _ in range(2)]
    assert [each.json()["missing"] for each in answers] == [["completed_training"]] * 2
    refused = assert_problem(await joined(training, authority, await staff(training, authority)), 409, "task-team-full")
    assert (refused["members"], refused["largest"]) == (4, 4)


async def test_only_staff_of_the_authority_with_an_account_enter_and_once(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    [member] = await team_of(training, authority, 1)
    assert_problem(await joined(training, authority, member), 409, "already-in-task-team")
    other = await staff(training, await recruited(training))
    answer = await joined(training, authority, other)
    assert answer.json()["errors"][0]["code"] == "other_authority"
    of_authority = {"organisation_type": "local_authority", "authority_id": authority["id"]}
    answer = await joined(training, authority, await add_trainee(training, **of_authority))
    assert answer.json()["errors"][0]["code"] == "without_account"
    answer = await joined(training, authority, {"id": "01990000-0000-7000-8000-000000000009"})
    assert_problem(answer, 422, "unknown-reference")


async def test_a_member_sees_the_work_until_they_leave(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 1)
    path = f"/authorities/{authority['id']}/task-team"
    [member] = (await read(training, path, headers=WRITER))["members"]
    assert (await leave(training, authority, member)).json()["members"] == []
    gone = await training.get(f"/v1/training{path}", headers=WRITER)
    assert_problem(gone, 404, "authority-not-found")
    again = await leave(training, authority, member)
    assert assert_problem(again, 409, "state-conflict")["state"] == "left"


async def test_the_work_follows_the_account_of_a_member(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    [member] = await team_of(training, authority, 1)
    path = f"/v1/training/authorities/{authority['id']}/task-team"
    assert (await training.get(path, headers=WRITER)).status_code == 200
    answer = await send(training, f"/trainees/{member['id']}/account", {"account": "another"}, member, "PUT")
    assert answer.status_code == 200, answer.text
    assert_problem(await training.get(path, headers=WRITER), 404, "authority-not-found")


async def test_a_member_stays_with_the_authority_while_in_its_team(training: httpx.AsyncClient) -> None:
    authority, other = await recruited(training), await recruited(training)
    [member] = await team_of(training, authority, 1)
    patch = {"authority_id": other["id"]}
    answer = await send(training, f"/trainees/{member['id']}", patch, member, "PATCH")
    assert assert_problem(answer, 409, "trainee-enrolled")["fields"] == ["authority_id"]


async def test_an_adviser_sees_the_authority_until_another_is_appointed(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    path, adviser = f"/authorities/{authority['id']}", call_as("adviser", subject="anna", counties=[])
    await send(training, f"{path}/adviser", {"account": "anna"}, authority, "PUT")
    team = await read(training, f"{path}/task-team", headers=adviser)
    assert team["adviser_account"] == "anna"
    await send(training, f"{path}/adviser", {"account": "ewa"}, await read(training, path), "PUT")
    gone = await training.get(f"/v1/training{path}/task-team", headers=adviser)
    assert_problem(gone, 404, "authority-not-found")
