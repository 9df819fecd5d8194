"""The rules of the three real programmes, through the API: locations, teams and coordinators."""

import uuid

import httpx

from services.training import peers
from tests.support.problems import assert_problem
from tests.training.enrolments.registries import silent_sites, sites_of
from tests.training.groups.made import (
    SITE,
    URL,
    Made,
    add_authority,
    add_group,
    add_programme,
    add_trainee,
    enrol,
    leave,
    move,
    send,
    states,
    try_to_enrol,
)


async def test_two_of_a_location_enter_over_all_groups_of_the_programme(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "social_employment")
    groups = [await add_group(training, programme) for _ in range(2)]
    with peers.asking(sites_of({}, every=programme["code"])):
        await _enter_by_two(training, groups)


async def _enter_by_two(training: httpx.AsyncClient, groups: list[Made]) -> None:
    first, second, third = [await add_trainee(training, site_id=SITE) for _ in range(3)]
    left = await enrol(training, groups[0], first)
    await enrol(training, groups[1], second)
    refused = assert_problem(await try_to_enrol(training, groups[0], third), 409, "not-eligible")
    assert refused["missing"] == ["place_for_location"]
    again = assert_problem(await try_to_enrol(training, groups[1], first), 409, "not-eligible")
    assert again["missing"] == ["no_other_group"]
    assert (await leave(training, left)).status_code == 200
    assert (await enrol(training, groups[1], third))["state"] == "accepted"


async def test_a_location_is_asked_of_the_registry_and_nothing_is_guessed(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "social_employment")
    group = await add_group(training, programme)
    trainee = await add_trainee(training, site_id=SITE)
    assert_problem(await try_to_enrol(training, group, trainee), 503, "location-unchecked")
    with peers.asking(silent_sites()):
        assert_problem(await try_to_enrol(training, group, trainee), 503, "location-unchecked")
    for known in ({}, {SITE: ("OTHER", "active")}, {SITE: (programme["code"], "withdrawn")}):
        with peers.asking(sites_of(known)):
            refused = assert_problem(await try_to_enrol(training, group, trainee), 409, "not-eligible")
            assert refused["missing"] == ["location_of_programme"]
    with peers.asking(sites_of({SITE: (programme["code"], "active")})):
        assert (await enrol(training, group, trainee))["state"] == "accepted"


async def test_who_was_enrolled_by_a_location_keeps_it_until_they_leave(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "social_employment")
    group = await add_group(training, programme)
    trainee = await add_trainee(training, site_id=SITE)
    with peers.asking(sites_of({}, every=programme["code"])):
        made = await enrol(training, group, trainee)
    path, other = f"/trainees/{trainee['id']}", {"site_id": str(uuid.uuid4())}
    refused = assert_problem(await send(training, path, other, trainee, "PATCH"), 409, "trainee-enrolled")
    assert refused["fields"] == ["site_id"]
    assert (await send(training, path, {"email": "a@b.pl"}, trainee, "PATCH")).status_code == 200
    await leave(training, made)
    assert (await send(training, path, other, trainee | {"version": 2}, "PATCH")).status_code == 200


OFFICIAL = {"organisation_type": "local_authority", "target_group": "operational_staff"}


async def test_a_team_of_three_to_four_attends_one_group_and_is_not_left_without_a_reason(
    training: httpx.AsyncClient,
) -> None:
    programme = await add_programme(training, "authority_team")
    group, other = [await add_group(training, programme, starts_on="2022-01-10") for _ in range(2)]
    team = {**OFFICIAL, "authority_id": await add_authority(training, programme)}
    made = [await enrol(training, group, await add_trainee(training, **team)) for _ in range(2)]
    early = assert_problem(await send(training, f"/groups/{group['id']}/start", None, group), 409, "group-not-ready")
    assert (early["missing"], early["authorities"]) == (["complete_teams"], [team["authority_id"]])
    elsewhere = await try_to_enrol(training, other, await add_trainee(training, **team))
    assert assert_problem(elsewhere, 409, "not-eligible")["missing"] == ["group_of_team"]
    made += [await enrol(training, group, await add_trainee(training, **team)) for _ in range(2)]
    fifth = await try_to_enrol(training, group, await add_trainee(training, **team))
    assert assert_problem(fifth, 409, "not-eligible")["missing"] == ["place_in_team"]
    assert (await leave(training, made[0])).status_code == 200
    short = assert_problem(await leave(training, made[1]), 409, "team-too-small")
    assert (short["missing"], short["others"]) == (["reason"], 2)
    assert (await leave(training, made[1], reason="illness")).json()["reason"] == "illness"
    assert (await move(training, group, "start"))["state"] == "running"
    assert await states(training, group) == ["withdrawn", "withdrawn", "attending", "attending"]


async def test_authorities_at_risk_go_first_by_the_source_that_says_so(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "authority_team")
    group = await add_group(training, programme, state="planned", capacity=3)
    source = "KSRR 2030, lista obszarów zagrożonych trwałą marginalizacją"
    authorities = [await add_authority(training, programme, n, risk_source=source if n == 2 else None) for n in (1, 2)]
    teams = [
        [await enrol(training, group, await add_trainee(training, **OFFICIAL, authority_id=one)) for _ in range(3)]
        for one in authorities
    ]
    assert [
        (one["is_preferred"], one["preference"], one["preference_source"]) for one in (teams[0][0], teams[1][0])
    ] == [
        (False, None, None),
        (True, "marginalisation_risk", source),
    ]
    await move(training, group, "open")
    assert await states(training, group) == ["waitlisted"] * 3 + ["accepted"] * 3
    await leave(training, teams[1][0] | {"version": 2}, reason="workload")
    assert await states(training, group) == [
        "accepted",
        "waitlisted",
        "waitlisted",
        "withdrawn",
        "accepted",
        "accepted",
    ]


async def test_staff_of_an_authority_of_another_programme_does_not_enter(training: httpx.AsyncClient) -> None:
    programme, other = [await add_programme(training, "authority_team") for _ in range(2)]
    group = await add_group(training, programme)
    stranger = await add_trainee(training, **OFFICIAL, authority_id=await add_authority(training, other))
    refused = assert_problem(await try_to_enrol(training, group, stranger), 409, "not-eligible")
    assert refused["missing"] == ["recruited_authority"]


async def test_meetings_are_for_the_four_coordinators(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training, "coordinators"))
    refused = await try_to_enrol(training, group, await add_trainee(training, organisation_type="other"))
    assert assert_problem(refused, 409, "not-eligible")["missing"] == ["audience_role"]
    role = "cross_sector_support_coordinator"
    coordinator = await add_trainee(training, organisation_type="other", audience_role=role)
    assert (await enrol(training, group, coordinator))["state"] == "accepted"
    found = await training.get(f"{URL}/trainees?audience_role={role}")
    assert [item["id"] for item in found.json()["items"]] == [coordinator["id"]]
