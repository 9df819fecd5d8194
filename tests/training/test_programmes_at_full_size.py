"""TMW and FERS as large as their sources plan them: every figure is read from an answer that computes it of records.

What the shipped files say of modules, topics and hours is asked in tests/onebox/test_programmes.py.
"""

import uuid
from collections import defaultdict
from datetime import date, timedelta

import httpx
import pytest

from services.training import peers
from tests.support.problems import assert_problem
from tests.training.authorities.made import set_day
from tests.training.enrolments.registries import sites_of
from tests.training.full_size import (
    advise,
    certify,
    import_people,
    load_programmes,
    open_groups,
    person,
    read,
    recruit,
    team,
    train,
)
from tests.training.groups.made import Made, send

LOCATIONS = [str(uuid.UUID(int=number)) for number in range(1, 31)]
STRANGE = str(uuid.UUID(int=31))
STAFF = ("cis", "kis", "owes", "ngo", "local_authority", "local_authority_unit")
CODES = ("total", "complete", "people")


def animator(number: int, site: str, group: str) -> dict[str, str]:
    """Somebody of a location's institutions, in turn of each kind that source 002 names."""
    facts = {"county_terc": f"{2 * (1 + number % 16):02}01", "organisation_type": STAFF[number % len(STAFF)]}
    return person(number, **facts, organisation_name="Centrum", site_id=site, group_code=group)


async def test_tmw_is_60_people_in_6_groups_of_10_and_from_30_locations_source_002(
    working_training: httpx.AsyncClient,
) -> None:
    """Source 002, p. 1, „Ogólne założenia szkolenia", 1 and 3; „Kontekst tworzenia TMW": two from each of 30 places."""
    client = working_training
    await load_programmes(client)
    groups = await open_groups(client, "TMW", 6, "2026-01-12", "2026-06-26")
    sites = LOCATIONS * 2
    people = [animator(number, site, f"G{number % 6 + 1}") for number, site in enumerate(sites)]
    # The third of the third location, and somebody of a place that is not one of the test's.
    people += [animator(60, LOCATIONS[2], "G1"), animator(61, STRANGE, "G2")]
    with peers.asking(sites_of(dict.fromkeys(LOCATIONS, ("TMW", "active")))):
        seated = await import_people(client, "TMW", people)
        found = await read(client, "/programmes/TMW/composition")
        await no_61st(client, groups[0])
    assert seated.counts == (60, 0, 0, 2)
    assert seated.problems == [
        (62, "/external_id", "place_for_location"),
        (63, "/external_id", "location_of_programme"),
    ]
    assert [found["groups"][name] for name in CODES] == [6, 6, 60]
    assert [found["locations"][name] for name in CODES] == [30, 30, 60]
    assert (found["people"], found["is_complete"], found["names_all_locations"]) == (60, True, True)
    listed = (await read(client, "/groups?programme_code=TMW"))["items"]
    assert [(each["capacity"], each["seats_taken"], each["waiting"]) for each in listed] == [(10, 10, 0)] * 6


async def no_61st(client: httpx.AsyncClient, group: str) -> None:
    """Refused one by one as in a file: the location has its two, whichever group it would be."""
    third = (await read(client, f"/trainees?site_id={LOCATIONS[2]}&sort=created_at&limit=200"))["items"]
    seated = {each["trainee_id"] for each in (await read(client, "/enrolments?limit=200"))["items"]}
    [left_out] = [each["id"] for each in third if each["id"] not in seated]
    answer = await send(client, f"/groups/{group}/enrolments", {"trainee_id": left_out})
    assert assert_problem(answer, 409, "not-eligible")["missing"] == ["place_for_location"]


async def test_fers_takes_teams_of_three_to_four_from_50_authorities_source_003(
    working_training: httpx.AsyncClient,
) -> None:
    """Source 003, „Zadanie 2", p. 11: 3 to 4 people each; 50 teams of four are the most, 200 people (N13)."""
    client = working_training
    await load_programmes(client)
    communes = await recruit(client, 50)
    groups = await open_groups(client, "FERS", 10, "2024-09-02", "2026-12-18")
    people: list[dict[str, str]] = []
    for place, commune in enumerate(communes):
        # The first team comes with a fifth, and the second with two.
        number = {0: 5, 1: 2}.get(place, 4)
        people += team(commune, range(10 * place, 10 * place + number), f"G{place // 5 + 1}", 2)
    seated = await import_people(client, "FERS", people)
    assert (seated.counts, seated.problems) == ((198, 0, 0, 1), [(6, "/external_id", "place_in_team")])
    await no_team_of_two(client, groups[0], communes[1])
    missing = team(communes[1], range(12, 14), "G1", 0)
    assert (await import_people(client, "FERS", missing)).counts == (2, 0, 0, 0)
    found = await read(client, "/programmes/FERS/composition")
    assert [found["teams"][name] for name in CODES] == [50, 50, 200]
    assert [found["groups"][name] for name in CODES] == [10, 10, 200]
    ready = await send(client, f"/groups/{groups[0]}/start", None, await read(client, f"/groups/{groups[0]}"))
    assert ready.json()["state"] == "running"


async def no_team_of_two(client: httpx.AsyncClient, group: str, commune: Made) -> None:
    """The group of a team of two does not begin, and the team is named where the programme's teams are counted."""
    now = await read(client, f"/groups/{group}")
    early = assert_problem(await send(client, f"/groups/{group}/start", None, now), 409, "group-not-ready")
    assert (early["missing"], early["authorities"]) == (["complete_teams"], [commune["id"]])
    found = (await read(client, "/programmes/FERS/composition"))["teams"]
    assert [(one["id"], one["people"], one["missing"]) for one in found["incomplete"]] == [(commune["id"], 2, 1)]


async def test_fers_reaches_its_indicators_and_keeps_its_budget_source_003(
    working_training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source 003, p. 17 and 18: „Zakładane efekty projektu wyrażone wskaźnikami" and „Szacowany budżet projektu"."""
    client = working_training
    set_day(monkeypatch, "2024-12-16")
    await load_programmes(client)
    communes = await recruit(client, 50)
    groups = await open_groups(client, "FERS", 9, "2024-09-02", "2024-12-20")
    people: list[dict[str, str]] = []
    for place, commune in enumerate(communes):
        # Two women and a man, and each tenth team three women: 105 and 45 in all.
        women = 3 if place % 10 == 9 else 2
        people += team(commune, range(10 * place, 10 * place + 3), f"G{place // 6 + 1}", women)
    assert (await import_people(client, "FERS", people)).counts == (150, 0, 0, 0)
    modules = (await read(client, "/programmes/FERS/versions/1"))["modules"]
    for week, group in enumerate(groups):
        await train(client, group, date(2024, 9, 9) + timedelta(weeks=week), modules)
        await certify(client, group, modules)
    await advise(client, communes, await by_authority(client))
    await reached(client)
    await planned(client)


async def by_authority(client: httpx.AsyncClient) -> dict[str, list[str]]:
    """The people of each authority."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in (await read(client, "/trainees?limit=200"))["items"]:
        found[each["authority_id"]].append(each["id"])
    return found


async def reached(client: httpx.AsyncClient) -> None:
    """R1, R2 and P1, each computed of certificates, visits and signed lists (N14: 70 and 30 in a hundred)."""
    listed = (await read(client, "/indicators?programme=FERS"))["items"]
    found = {each["code"]: await read(client, f"/indicators/{each['id']}/progress") for each in listed}
    assert {each["is_computed"] for each in found.values()} == {True}
    whole = {"target": 150, "achieved": 150, "share": "100.0", "missing": 0}
    women, men = ({"target": n, "achieved": n, "share": "100.0", "missing": 0} for n in (105, 45))
    for code in ("staff_competent", "staff_supported"):
        assert [found[code][part] for part in ("whole", "female", "male")] == [whole, women, men]
    assert found["authorities_advised"]["whole"] == {"target": 50, "achieved": 50, "share": "100.0", "missing": 0}


async def planned(client: httpx.AsyncClient) -> None:
    """Shares of tasks and of the EU („Główne zadania", p. 8 to 14: 5, 70, 10, 15 %; N9 to N12)."""
    [listed] = (await read(client, "/budgets?programme=FERS"))["items"]
    budget = await read(client, f"/budgets/{listed['id']}")
    assert [task["amount"] for task in budget["tasks"]] == ["300000.00", "4200000.00", "600000.00", "900000.00"]
    assert {source["kind"]: source["share"] for source in budget["sources"]} == {"eu": "82.52", "national": "17.48"}
    assert (budget["total"], [year["share"] for year in budget["years"]]) == ("6000000.00", ["25.00"] * 4)
    checked = await read(client, f"/budgets/{listed['id']}/check")
    first = checked["findings"][0]
    assert (first["code"], first["years"], first["feasible"]) == ("year_exceeds_active_tasks", [2023], "300000.00")
