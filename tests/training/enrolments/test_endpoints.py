"""Who gets a seat, who waits, and who may not enter, through the API."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.groups.made import (
    URL,
    add_group,
    add_programme,
    add_trainee,
    enrol,
    fill,
    move,
    seats,
    states,
    try_to_enrol,
)


async def test_whoever_comes_while_seats_are_free_gets_one_and_the_others_wait(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training), capacity=2)
    made = await fill(training, group, 4)
    assert [one["state"] for one in made] == ["accepted", "accepted", "waitlisted", "waitlisted"]
    assert [one["accepted_at"] is not None for one in made] == [True, True, False, False]
    assert await seats(training, group) == (2, 2)
    shown = await training.get(f"{URL}/enrolments/{made[3]['id']}")
    assert (shown.json(), shown.headers["etag"]) == (made[3], f'"{made[3]["id"]}:1"')
    with_group = (await training.get(f"{URL}/enrolments/{made[3]['id']}?expand=group")).json()
    assert with_group == made[3] | {"group": (await training.get(f"{URL}/groups/{group['id']}")).json()}


async def test_nobody_is_enrolled_twice_in_a_group_nor_in_one_that_has_started(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training), starts_on="2022-01-10")
    trainee = await add_trainee(training)
    await enrol(training, group, trainee)
    assert_problem(await try_to_enrol(training, group, trainee), 409, "trainee-already-enrolled")
    await move(training, group, "start")
    late = assert_problem(await try_to_enrol(training, group, await add_trainee(training)), 409, "state-conflict")
    assert (late["state"], late["allowed"]) == ("running", ["complete", "cancel"])


async def test_a_planned_group_takes_applications_and_gives_seats_when_it_opens(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training), state="planned", capacity=2)
    made = await fill(training, group, 3)
    assert {one["state"] for one in made} == {"applied"}
    assert await seats(training, group) == (0, 0)
    opened = await move(training, group, "open")
    assert (opened["state"], opened["seats_taken"], opened["waiting"]) == ("open", 2, 1)
    assert await states(training, group) == ["accepted", "accepted", "waitlisted"]


async def test_people_of_several_counties_share_the_seats_and_each_manager_sees_the_own(
    training: httpx.AsyncClient,
) -> None:
    group = await add_group(training, await add_programme(training), capacity=1)
    there = call_as("training_manager", counties=["2401"])
    body = {"county_terc": "2401", "given_name": "Ewa", "family_name": "Inna", "sex": "female"}
    body |= {"organisation_type": "ngo", "organisation_name": "Fundacja", "relation": "seconded"}
    other = (await training.post(f"{URL}/trainees", json=body, headers=there)).json()
    answer = await training.post(
        f"{URL}/groups/{group['id']}/enrolments", json={"trainee_id": other["id"]}, headers=there
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "accepted")
    assert (await fill(training, group, 1))[0]["state"] == "waitlisted"
    assert await states(training, group) == ["waitlisted"]
    withdrawn = {**there, "if-match": answer.headers["etag"]}
    path = f"{URL}/enrolments/{answer.json()['id']}/withdraw"
    assert (await training.post(path, json={}, headers=withdrawn)).json()["state"] == "withdrawn"
    assert await states(training, group) == ["accepted"]
    assert await seats(training, group) == (1, 0)


async def test_a_list_by_group_has_no_names_and_the_groups_own_list_is_noted(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training))
    [made] = await fill(training, group, 1)
    plain = (await training.get(f"{URL}/enrolments?group_id={group['id']}&state=accepted")).json()["items"]
    assert plain == [made]
    named = (await training.get(f"{URL}/groups/{group['id']}/enrolments")).json()["items"]
    assert named[0]["family_name"].startswith("Testowy-")
    narrow = await training.get(f"{URL}/groups/{group['id']}/enrolments?fields=state")
    assert narrow.json()["items"] == [{"state": "accepted"}]
    looks = await fetch(training, "SELECT detail FROM audit_records WHERE action = 'list_group_members'")
    assert [look.detail["people"] for look in looks] == [[made["trainee_id"]]] * 2
    nobody = f"{URL}/groups/{made['trainee_id']}/enrolments"
    assert_problem(await training.get(nobody), 404, "group-not-found")


async def test_no_name_leaves_by_an_event_or_a_record(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training))
    await fill(training, group, 1)
    rows = await fetch(
        training, "SELECT data::text AS told FROM events UNION ALL SELECT detail::text FROM audit_records"
    )
    assert rows
    assert not [row for row in rows if "Testowy" in row.told]
    [event] = await fetch(training, "SELECT type, county_terc FROM events WHERE type LIKE '%enrolment%'")
    assert (event.type, event.county_terc) == ("training.enrolment.accepted", "2469")


async def test_whose_sessions_are_at_the_same_time_enters_no_second_group(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training)
    first, second, third = [await add_group(training, programme) for _ in range(3)]
    hours = {"first": (9, 12), "second": (11, 13), "third": (12, 14)}
    for group, (begins, ends) in zip((first, second, third), hours.values(), strict=True):
        await _plan(training, group, programme, begins, ends)
    trainee = await add_trainee(training)
    await enrol(training, first, trainee)
    refused = assert_problem(await try_to_enrol(training, second, trainee), 409, "dates-overlap")
    assert refused["groups"] == [first["id"]]
    await enrol(training, third, trainee)


async def _plan(
    client: httpx.AsyncClient, group: dict[str, str], programme: dict[str, str], begins: int, ends: int
) -> None:
    sql = """
    INSERT INTO sessions (programme_id, group_id, county_terc, title, starts_at, ends_at, minutes, mode)
    VALUES (CAST(:programme AS uuid), CAST(:group AS uuid), '2469', 'Zajęcia',
            make_timestamptz(2026, 3, 2, :begins, 0, 0), make_timestamptz(2026, 3, 2, :ends, 0, 0), 60, 'online')
    RETURNING id
    """
    await fetch(client, sql, programme=programme["id"], group=group["id"], begins=begins, ends=ends)
