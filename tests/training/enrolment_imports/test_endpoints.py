"""Files of seats: rows are judged as if sent one by one, and a second run changes nothing."""

import asyncio
from typing import Any

import httpx

from services.training import peers
from tests.support.callers import call_as
from tests.support.files import Imported, csv, send_file
from tests.support.records import fetch
from tests.training.enrolments.registries import silent_sites, sites_of
from tests.training.groups.made import SITE, URL, Made, add_authority, add_group, add_programme, move, states
from tests.training.trainee_imports.test_endpoints import row, table

PEOPLE = f"{URL}/trainee-imports?source=office"


async def send(client: httpx.AsyncClient, programme: Made, *places: tuple[int, Made], **more: Any) -> Imported:
    """The import of these people into these groups."""
    lines = [f"{number};2469;{group['code']}" for number, group in places]
    content = csv("external_id;county_terc;group_code", *lines)
    url = f"{URL}/enrolment-imports?source=office&programme_code={programme['code']}"
    return await send_file(client, f"{url}{more.pop('query', '')}", content, **more)


async def test_rows_are_judged_in_their_order_and_a_second_run_changes_nothing(
    working_training: httpx.AsyncClient,
) -> None:
    client = working_training
    programme = await add_programme(client)
    group, late = [await add_group(client, programme, capacity=2, starts_on="2022-01-10") for _ in range(2)]
    await move(client, late, "cancel", {"reason": "other"})
    await send_file(client, PEOPLE, table(*map(row, range(1, 5))))
    nobody: Made = {"code": "NOBODY"}
    places = [(3, group), (9, group), (1, group), (2, group), (4, late), (4, nobody)]
    dry = await send(client, programme, *places, query="&dry_run=true")
    first = await send(client, programme, *places)
    assert dry.counts == first.counts == (3, 0, 0, 3)
    assert first.problems == [
        (3, "/external_id", "not_found"),
        (6, "/group_code", "not_open"),
        (7, "/group_code", "not_found"),
    ]
    members = (await client.get(f"{URL}/groups/{group['id']}/enrolments?sort=sequence")).json()["items"]
    told = [(each["family_name"], each["state"]) for each in members]
    assert told == [("Testowy-3", "accepted"), ("Testowy-1", "accepted"), ("Testowy-2", "waitlisted")]
    assert (await send(client, programme, *places)).counts == (0, 0, 3, 3)
    asked = "SELECT type, data::text AS told FROM events WHERE type LIKE '%enrolment%' ORDER BY id"
    events = await fetch(client, asked)
    assert [event.type.rpartition(".")[2] for event in events] == ["accepted", "accepted", "waitlisted"]
    assert not [event for event in events if "Testowy" in event.told]


async def test_the_third_of_a_location_and_the_fifth_of_a_team_are_refused_by_line(
    working_training: httpx.AsyncClient,
) -> None:
    client = working_training
    of_locations, of_teams = [await add_programme(client, rule) for rule in ("social_employment", "authority_team")]
    await add_authority(client, of_teams)
    official = {"organisation_type": "local_authority", "authority_terc": "2469001"}
    # The columns of the trainee import, and the location besides.
    located = csv(
        "external_id;county_terc;given_name;family_name;sex;organisation_type;organisation_name;relation;site_id",
        *[f"{number};2469;Jan;Testowy;M;cis;Centrum;employee;{SITE}" for number in range(1, 4)],
    )
    await send_file(client, PEOPLE, located)
    members = table(*[row(number, **official) for number in range(11, 16)])
    await send_file(client, f"{PEOPLE}&programme_code={of_teams['code']}", members)
    two = [await add_group(client, of_locations) for _ in range(2)]
    seats = list(zip((1, 2, 3), (*two, two[0]), strict=True))
    with peers.asking(silent_sites()):
        unchecked = await send(client, of_locations, *seats)
    assert unchecked.job["problem"]["code"] == "location_unchecked"
    with peers.asking(sites_of({SITE: (of_locations["code"], "active")})):
        by_location = await send(client, of_locations, *seats)
    assert (by_location.counts, by_location.problems) == ((2, 0, 0, 1), [(4, "/external_id", "place_for_location")])
    group = await add_group(client, of_teams)
    by_team = await send(client, of_teams, *[(number, group) for number in range(11, 16)])
    assert (by_team.counts, by_team.problems) == ((4, 0, 0, 1), [(6, "/external_id", "place_in_team")])


async def test_people_of_other_counties_are_out_of_reach(working_training: httpx.AsyncClient) -> None:
    client = working_training
    programme = await add_programme(client)
    group = await add_group(client, programme)
    await send_file(client, PEOPLE, table(row(1)))
    refused = await send(client, programme, (1, group), headers=call_as("training_manager", counties=["2401"]))
    assert refused.problems == [(2, "/county_terc", "outside_scope")]
    assert await states(client, group) == []


async def test_two_files_and_single_people_at_once_share_the_seats(working_training: httpx.AsyncClient) -> None:
    client, capacity = working_training, 3
    programme = await add_programme(client)
    groups = [await add_group(client, programme, capacity=capacity) for _ in range(2)]
    await send_file(client, PEOPLE, table(*map(row, range(1, 9))))
    known = await fetch(client, "SELECT id FROM trainees WHERE external_id IN ('7', '8') ORDER BY external_id")
    # In opposite orders of groups: whoever locked as the rows come would wait for the other.
    one = [(number, group) for group in groups for number in range(1, 4)]
    other = [(number, group) for group in groups[::-1] for number in range(4, 7)]
    alone = [
        client.post(f"{URL}/groups/{group['id']}/enrolments", json={"trainee_id": str(person.id)})
        for person, group in zip(known, groups, strict=True)
    ]
    files = [send(client, programme, *places) for places in (one, other)]
    ended = await asyncio.gather(*files, *alone)
    assert [each.counts for each in ended if isinstance(each, Imported)] == [(6, 0, 0, 0)] * 2
    for group in groups:
        told = await states(client, group)
        assert (told.count("accepted"), told.count("waitlisted")) == (capacity, 7 - capacity)
