"""A programme that is filled as planned, and what is named where it is not."""

import itertools
import uuid

import httpx

from services.training import peers
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change
from tests.training.enrolments.registries import sites_of
from tests.training.groups.made import URL, Made, add_authority, add_group, add_programme, add_trainee

PUBLIC = call_as("programme_manager", counties=[])
_PEOPLE = """
INSERT INTO trainees (id, county_terc, given_name, family_name, sex, organisation_type, organisation_name, relation,
                      site_id, authority_id)
VALUES (CAST(:id AS uuid), '2469', 'Jan', 'Testowy', 'male', 'cis', 'Centrum', 'employee', CAST(:site AS uuid),
        CAST(:authority AS uuid))
"""
_SEATED = """
INSERT INTO enrolments (county_terc, group_id, trainee_id, state, accepted_at)
VALUES ('2469', CAST(:group AS uuid), CAST(:id AS uuid), 'accepted', now())
"""
_COUNTED = "UPDATE groups SET seats_taken = (SELECT count(*) FROM enrolments WHERE group_id = groups.id)"


async def seat(client: httpx.AsyncClient, group: Made, site: str | None = None, authority: str | None = None) -> str:
    """Somebody with a seat, as sixty enrolments would leave it."""
    person = str(uuid.uuid4())
    await change(client, _PEOPLE, id=person, site=site, authority=authority)
    await change(client, _SEATED, id=person, group=group["id"])
    return person


async def composition(client: httpx.AsyncClient, programme: Made) -> Made:
    """How a programme is filled, as whoever sees aggregates alone reads it."""
    answer = await client.get(f"{URL}/programmes/{programme['code']}/composition", headers=PUBLIC)
    assert answer.status_code == 200, answer.text
    found: Made = answer.json()
    return found


async def test_sixty_are_six_groups_of_ten_and_thirty_locations_of_two(training: httpx.AsyncClient) -> None:
    # Source 002: sixty people, six groups of ten, two from each of thirty locations.
    programme = await add_programme(training, "social_employment", capacity=10)
    groups = [await add_group(training, programme) for _ in range(6)]
    sites = [str(uuid.UUID(int=number)) for number in range(1, 31)]
    known = dict.fromkeys(sites, (programme["code"], "active"))
    seats = zip(itertools.cycle(groups), sites * 2, strict=False)
    *most, last = seats
    for group, site in most:
        await seat(training, group, site)
    await change(training, _COUNTED)
    with peers.asking(sites_of(known)):
        lacking = await composition(training, programme)
        await seat(training, *last)
        await change(training, _COUNTED)
        whole = await composition(training, programme)
    assert (lacking["people"], lacking["is_complete"], lacking["names_all_locations"]) == (59, False, True)
    [group] = lacking["groups"]["incomplete"]
    assert (group["id"], group["label"], group["people"], group["missing"]) == (last[0]["id"], last[0]["code"], 9, 1)
    [location] = lacking["locations"]["incomplete"]
    assert (location["id"], location["people"], location["missing"], location["excess"]) == (last[1], 1, 1, 0)
    numbers = ("total", "complete", "people")
    assert [whole["groups"][name] for name in numbers] == [6, 6, 60]
    assert [whole["locations"][name] for name in numbers] == [30, 30, 60]
    assert (whole["people"], whole["teams"], whole["is_complete"]) == (60, None, True)


async def test_a_location_without_anybody_is_named_where_the_registry_knows_it(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "social_employment", capacity=1)
    known, empty = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
    await seat(training, await add_group(training, programme), known)
    assert (await composition(training, programme))["names_all_locations"] is False
    sites = dict.fromkeys((known, empty), (programme["code"], "active"))
    with peers.asking(sites_of(sites)):
        found = (await composition(training, programme))["locations"]
    assert [(one["id"], one["people"], one["missing"]) for one in found["incomplete"]] == [(known, 1, 1), (empty, 0, 2)]


async def test_teams_of_three_to_four_are_complete_and_others_named(training: httpx.AsyncClient) -> None:
    programme = await add_programme(training, "authority_team")
    group = await add_group(training, programme, capacity=9)
    authorities = [await add_authority(training, programme, number) for number in range(1, 5)]
    for authority, number in zip(authorities, (3, 4, 2, 0), strict=True):
        for _ in range(number):
            await seat(training, group, authority=authority)
    await change(training, _COUNTED)
    found = await composition(training, programme)
    assert (found["people"], found["locations"], found["groups"]["complete"]) == (9, None, 1)
    assert (found["teams"]["total"], found["teams"]["complete"]) == (4, 2)
    lacking = [(one["id"], one["label"], one["missing"]) for one in found["teams"]["incomplete"]]
    assert lacking == [(authorities[2], "Gmina 3", 1), (authorities[3], "Gmina 4", 3)]


async def test_a_programme_that_is_not_there_has_no_composition(training: httpx.AsyncClient) -> None:
    await add_trainee(training)
    answer = await training.get(f"{URL}/programmes/NONE/composition")
    assert_problem(answer, 404, "training-programme-not-found")
