"""Many who want seats at once: real transactions."""

import asyncio
import itertools
from collections import Counter

import httpx

from services.training import peers
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.enrolments.registries import sites_of
from tests.training.groups.made import (
    SITE,
    URL,
    Made,
    add_authority,
    add_group,
    add_programme,
    add_trainee,
    enrol,
    fill,
    leave,
    seats,
    send,
    states,
    try_to_enrol,
)

IN_ORDER = (
    "SELECT trainee_id, state FROM enrolments WHERE group_id = CAST(:id AS uuid) ORDER BY is_preferred DESC, sequence"
)


async def ordered(client: httpx.AsyncClient, group: Made) -> list[str]:
    """The states of a group's enrolments in the order in which their people are served."""
    return [row.state for row in await fetch(client, IN_ORDER, id=group["id"])]


async def enrolled(client: httpx.AsyncClient, group: Made, trainee: Made) -> httpx.Response:
    """The answer to an enrolment; who finds every connection taken asks again, as that answer says."""
    while (answer := await try_to_enrol(client, group, trainee)).status_code == 503:
        assert_problem(answer, 503, "overloaded")
    return answer


async def test_of_fifty_who_want_the_last_seat_one_gets_it_and_the_others_wait_in_order(
    racing_training: httpx.AsyncClient,
) -> None:
    client = racing_training
    group = await add_group(client, await add_programme(client), capacity=3)
    seated = await fill(client, group, 2)
    people = [await add_trainee(client) for _ in range(50)]
    answers = await asyncio.gather(*[enrolled(client, group, one) for one in people])
    assert Counter((one.status_code, one.json()["state"]) for one in answers) == {
        (201, "accepted"): 1,
        (201, "waitlisted"): 49,
    }
    assert await ordered(client, group) == ["accepted"] * 3 + ["waitlisted"] * 49
    assert await seats(client, group) == (3, 49)
    by_sequence = sorted((one.json() for one in answers), key=lambda each: each["sequence"])
    line = [one["trainee_id"] for one in by_sequence]
    # Two leave at once: exactly the first two in line move up, and nobody else.
    left = await asyncio.gather(*[leave(client, one) for one in seated])
    assert {one.status_code for one in left} == {200}
    rows = await fetch(client, IN_ORDER, id=group["id"])
    assert [str(row.trainee_id) for row in rows if row.state == "accepted"] == line[:3]
    assert await seats(client, group) == (3, 47)
    moved = await fetch(client, "SELECT subject FROM audit_records WHERE action = 'move_up'")
    assert len(moved) == len({row.subject for row in moved}) == 2


async def test_one_withdrawal_asked_for_twenty_times_at_once_moves_one_up(
    racing_training: httpx.AsyncClient,
) -> None:
    client = racing_training
    group = await add_group(client, await add_programme(client), capacity=1)
    first, *_ = await fill(client, group, 4)
    answers = await asyncio.gather(*[leave(client, first) for _ in range(20)])
    assert Counter(one.status_code for one in answers) == {200: 1, 412: 19}
    assert await states(client, group) == ["withdrawn", "accepted", "waitlisted", "waitlisted"]
    assert await seats(client, group) == (1, 2)


async def test_seats_that_are_given_up_added_and_wanted_at_once_are_never_too_many(
    racing_training: httpx.AsyncClient,
) -> None:
    client = racing_training
    group = await add_group(client, await add_programme(client), capacity=4)
    seated = await fill(client, group, 6)
    people = [await add_trainee(client) for _ in range(6)]
    resized = send(client, f"/groups/{group['id']}/resize", {"capacity": 6}, group)
    answers = await asyncio.gather(
        resized, *[leave(client, one) for one in seated[:3]], *[try_to_enrol(client, group, one) for one in people]
    )
    assert {one.status_code for one in answers} <= {200, 201}
    counted = Counter(await states(client, group))
    assert counted == {"withdrawn": 3, "accepted": 6, "waitlisted": 3}
    assert await seats(client, group) == (6, 3)
    assert await ordered(client, group) == sorted(await ordered(client, group), key=_rank)


def _rank(state: str) -> int:
    """Whoever left counts for nothing in the order: three did, and they came first."""
    return ["withdrawn", "accepted", "waitlisted"].index(state)


async def test_of_eight_of_one_location_two_enter_whatever_groups_they_ask_for(
    racing_training: httpx.AsyncClient,
) -> None:
    client = racing_training
    programme = await add_programme(client, "social_employment")
    groups = [await add_group(client, programme) for _ in range(2)]
    people = [await add_trainee(client, site_id=SITE) for _ in range(8)]
    with peers.asking(sites_of({}, every=programme["code"])):
        asked = [try_to_enrol(client, *pair) for pair in zip(itertools.cycle(groups), people, strict=False)]
        answers = await asyncio.gather(*asked)
    assert Counter(one.status_code for one in answers) == {201: 2, 409: 6}
    assert [one["missing"] for one in (a.json() for a in answers) if "missing" in one] == [["place_for_location"]] * 6


async def test_of_two_who_leave_a_team_of_four_at_once_the_second_says_why(
    racing_training: httpx.AsyncClient,
) -> None:
    client = racing_training
    programme = await add_programme(client, "authority_team")
    group = await add_group(client, programme)
    facts = {"organisation_type": "local_authority", "authority_id": await add_authority(client, programme)}
    team = [await enrol(client, group, await add_trainee(client, **facts)) for _ in range(4)]
    answers = await asyncio.gather(*[leave(client, one) for one in team[:2]])
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert_problem(max(answers, key=lambda one: one.status_code), 409, "team-too-small")


async def test_an_account_joined_while_its_owner_moves_up_sees_the_group(racing_training: httpx.AsyncClient) -> None:
    client = racing_training
    group = await add_group(client, await add_programme(client), capacity=1)
    first = await enrol(client, group, await add_trainee(client))
    waiting = await add_trainee(client)
    await enrol(client, group, waiting)
    joining = send(client, f"/trainees/{waiting['id']}/account", {"account": "jan"}, waiting, "PUT")
    joined, left = await asyncio.gather(joining, leave(client, first))
    assert (joined.status_code, left.status_code) == (200, 200)
    kept = await fetch(client, "SELECT kind FROM relations WHERE holder = 'account:jan' ORDER BY kind")
    assert [row.kind for row in kept] == ["participant", "trainee"]
    assert (await client.get(f"{URL}/trainees/{waiting['id']}")).json()["account"] == "jan"
