"""The small demo shows every part of the platform: loaded once, and read by every test here."""

from collections import Counter

import httpx
import pytest

from onebox.access import TokenRequest, mint_for
from onebox.demo import load_small_demo
from onebox.instance import Instance
from services.chassis.data.database import Database
from tests.onebox.demo import COUNTIES, called, trusting, undone
from tests.onebox.reading import count, items, read
from tests.support.records import fetch


async def test_a_second_start_changes_nothing(
    instance: Instance, screened: httpx.AsyncClient, services: dict[str, httpx.AsyncClient]
) -> None:
    told = "SELECT count(*) FROM events"
    before = [await fetch(service, told) for service in services.values()]
    await load_small_demo(instance, screened._transport)
    assert [await fetch(service, told) for service in services.values()] == before


async def test_a_county_has_its_agreement_its_site_and_its_coordinators(
    shown: httpx.AsyncClient,
) -> None:
    agreements = await items(shown, "agreements?county_terc=2469")
    assert {each["kind"]: each["state"] for each in agreements} == dict.fromkeys(
        ("county_agreement", "letter_of_intent"), "signed"
    )
    sites = {each["name"]: (each["status"], each["step"]) for each in await items(shown, "programmes/MWM/sites")}
    assert sites == {
        "Katowice": ("active", "implementation"),
        "Powiat bieruńsko-lędziński": ("candidate", None),
        "Powiat mikołowski": ("candidate", "reasons_shown"),
    }
    appointed = await items(shown, "appointments?programme=MWM")
    assert {each["role_code"] for each in appointed} == {"KWM", "KIK", "KBWWR", "KBU"}
    lacking = (await read(shown, "appointments/coverage?programme=MWM&county_terc=2469"))["totals"]
    assert (lacking["required"], lacking["missing"]) == (1, 0)


async def test_its_network_has_members_of_several_sectors_by_rules(
    shown: httpx.AsyncClient,
) -> None:
    [network] = await items(shown, "networks?county_terc=2469")
    members = await items(shown, f"networks/{network['id']}/memberships")
    assert Counter(each["state"] for each in members) == {
        "included": 9,
        "excluded": 1,
        "proposed": 1,
    }
    included = [each for each in members if each["state"] == "included"]
    assert {each["sector"] for each in included} >= {
        "education",
        "health",
        "social_assistance",
        "civic",
        "labour",
    }
    assert {each["role"] for each in included} == {"coordinating", "supporting", "cooperating"}
    assert len(await items(shown, f"networks/{network['id']}/rules")) == 3


async def test_its_bodies_are_rightly_composed_and_formed(shown: httpx.AsyncClient) -> None:
    bodies = {each["kind"]: each for each in await items(shown, "bodies?county_terc=2469")}
    assert {kind: body["state"] for kind, body in bodies.items()} == {
        "local_synergy_team": None,
        "county_cooperation_platform": "communications",
        "county_resource_coordination_centre": "staff_trained",
    }
    for body in bodies.values():
        assert (await read(shown, f"bodies/{body['id']}/composition"))["valid"]


async def test_a_location_has_two_animators_and_a_valid_scope_and_a_commune_builds_its_model(
    shown: httpx.AsyncClient,
) -> None:
    [location] = await items(shown, "programmes/TMW/sites?county_terc=2414")
    [decision] = await items(shown, f"sites/{location['id']}/scope-decisions")
    assert (location["step"], decision["is_valid"]) == ("testing", True)
    assert decision["signed_by_coalition"] != decision["signed_by_project"]
    assert (await read(shown, "appointments/coverage?programme=TMW"))["totals"]["present"] == 2
    [diagnosis] = await items(shown, f"documents?site_id={location['id']}")
    assert (diagnosis["kind"], diagnosis["adopted_number"]) == ("local_diagnosis", 1)
    [commune] = await items(shown, "programmes/MLW/sites")
    assert (commune["commune_terc"], commune["step"]) == ("2408021", "cooperation_rules")


async def test_the_table_of_source_004_comes_of_the_clubs(shown: httpx.AsyncClient) -> None:
    table = await read(shown, "register-statistics/kis?years=2012&years=2013")
    cells = {line["line"]: [cell["value"] for cell in line["cells"].values()] for line in table["lines"]}
    assert cells == {
        "1": ["122", "220"],
        "1.1": ["122", "187"],
        "1.1.1": ["120", "156"],
        "1.2": [None, "33"],
        "3": [None, "71"],
    }
    growth = table["changes"][0]["cell"]
    assert (growth["status"], growth["value"]) == ("not_comparable", "80.3")


async def test_a_campaign_has_come_from_its_targets_to_stage_two(
    instance: Instance, screened: httpx.AsyncClient
) -> None:
    [campaign] = (await read(screened, "campaigns", "screening", headers=called(instance, "trainer")))["items"]
    one, everywhere = (
        f"campaigns/{campaign['id']}",
        called(instance, "early_screening_coordinator", *COUNTIES),
    )
    funnel = await read(screened, f"{one}/funnel", "screening", headers=everywhere)
    steps = {
        "started": 599,
        "complete": 599,
        "positive": 143,
        "selected": 176,
        "stage_two_complete": 152,
    }
    assert (funnel["target"], funnel["in_all"]) == (
        590,
        steps | {"stage_one_counties": 3, "stage_two_counties": 3},
    )
    assert [row["is_suppressed"] for row in funnel["by_county"]] == [False] * 3
    targets = (await read(screened, f"{one}/targets", "screening", headers=everywhere))["items"]
    assert Counter(target["is_reached"] for target in targets) == {True: 4, False: 2}
    told = await read(screened, f"{one}/funnel", "screening", headers=called(instance, "programme_manager"))
    assert (told["is_live"], told["released_at"] is None) == (False, False)
    assert told["in_all"]["complete"] in {599, 600}, "one is annulled after the selection, which asks for the release"
    states = [await count(screened, everywhere, state=state) for state in ("draft", "scored", "confirmed", "annulled")]
    assert states == [1, 825, 12, 1]
    assert await count(screened, called(instance, "screener")) == 79
    [found] = (await read(screened, "screenings?state=confirmed&limit=1", "screening", headers=everywhere))["items"]
    drawn = await screened.get(f"/v1/screening/screenings/{found['id']}/profile?format=svg", headers=everywhere)
    assert drawn.text.startswith("<svg")


async def test_a_study_tells_every_part_of_its_results(instance: Instance, screened: httpx.AsyncClient) -> None:
    researcher = called(instance, "researcher")
    [study] = (await read(screened, "studies?state=ready", "screening", headers=researcher))["items"]
    told = {
        section: await read(screened, f"studies/{study['id']}/{section}", "screening", headers=researcher)
        for section in ("reliability", "items", "criterion", "agreement", "dif")
    }
    assert "refused" not in str(told)
    assert 0.75 < told["reliability"]["alpha"]["value"] < 0.9
    assert (
        told["agreement"]["test_retest"]["icc_2_1"]["value"]
        > told["agreement"]["between_informants"]["icc_2_1"]["value"]
        > 0.7
    )
    both = told["criterion"]["partial_verification"]
    assert both["naive"]["sensitivity"]["value"] > 0.9 > both["corrected"]["sensitivity"]["value"] > 0.75
    assert both["naive"]["specificity"]["value"] < 0.7 < 0.85 < both["corrected"]["specificity"]["value"]


async def test_three_families_have_come_as_far_as_their_stories_say(
    instance: Instance, screened: httpx.AsyncClient
) -> None:
    coordinator, specialist = called(instance, "county_coordinator"), called(instance, "specialist")
    cases = (await read(screened, "cases", "casework", headers=coordinator))["items"]
    assert Counter((case["track"], case["state"]) for case in cases) == {
        ("early", "under_review"): 1,
        ("early", "team_consultation"): 1,
        ("pupil", "assessment"): 1,
    }
    plans = (await read(screened, "plans", "casework", headers=specialist))["items"]
    wholes = [await read(screened, f"plans/{plan['id']}", "casework", headers=specialist) for plan in plans]
    approved = {plan["state"]: {each["side"] for each in plan["approvals"]} for plan in wholes}
    assert approved == {
        "active": {"guardian", "team"},
        "approved": {"guardian", "team"},
        "draft": set(),
    }
    assert {plan["state"]: len(plan["reviews"]) for plan in wholes} == {
        "active": 1,
        "approved": 0,
        "draft": 0,
    }
    [own] = (await read(screened, "plans", "casework", headers=called(instance, "guardian")))["items"]
    assert (own["state"], {case["person_id"] for case in cases} > {own["person_id"]}) == (
        "active",
        True,
    )


async def test_two_groups_are_trained_one_has_a_certificate_and_an_authority_has_its_team(
    instance: Instance, screened: httpx.AsyncClient
) -> None:
    manager, trainee = called(instance, "training_manager"), called(instance, "trainee")
    groups = (await read(screened, "groups?programme_code=TMW", "training", headers=manager))["items"]
    assert {each["state"]: each["seats_taken"] for each in groups} == {"completed": 2, "open": 2}
    [own] = (await read(screened, "certificates", "training", headers=trainee))["items"]
    seen = await read(screened, f"verify/{own['code']}", "training")
    assert (seen["is_valid"], seen["initials"], seen["name"]) == (True, "E.P.", None)
    [authority] = (await read(screened, "authorities", "training", headers=manager))["items"]
    one = f"authorities/{authority['id']}"
    for role in ("authority_member", "adviser"):
        team = await read(screened, f"{one}/task-team", "training", headers=called(instance, role))
        assert (authority["state"], len(team["members"])) == ("recruited", 3)
    begun = await read(screened, f"{one}/diagnosis", "training", headers=called(instance, "adviser"))
    assert (begun["state"], "digital_exclusion.children" in begun["missing"]) == ("draft", True)


@pytest.mark.usefixtures("services")
async def test_glass_is_broken_with_a_token_of_the_development_issuer(
    instance: Instance, admin_url: str, databases: dict[str, Database]
) -> None:
    wanted = TokenRequest(("specialist",), counties=(), subject="a doctor on duty")
    doctor = {"authorization": f"Bearer {mint_for(instance, wanted)}"}
    async with (
        undone("casework", admin_url, databases["casework"]) as client,
        trusting(instance, "casework", client),
    ):
        coordinator = called(instance, "county_coordinator")
        child = (await read(client, "people?kind=born&limit=1", "casework", headers=coordinator))["items"][0]
        path = f"/v1/casework/people/{child['id']}"
        assert (await client.get(path, headers=doctor)).status_code == 404
        body = {
            "person_id": child["id"],
            "reason_code": "threat_to_health",
            "reason": "dziecko na oddziale ratunkowym",
        }
        opened = await client.post("/v1/casework/break-glass", json=body, headers=doctor)
        assert opened.status_code == 201, opened.text
        assert (await client.get(path, headers=doctor)).json()["given_name"] == child["given_name"]
