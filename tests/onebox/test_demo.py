"""The small demo is valid, is sent once, touches nothing that is there, and shows every part of the platform."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from stdnum.pl import nip, regon

from onebox.access import Wanted, mint_for
from onebox.callers import DEMO_CALLERS, institution_of
from onebox.demo import SCREENING_STAFF, WRITER, institutions, load_small_demo, screenings
from onebox.demo.api import Api
from onebox.demo.campaign import CAMPAIGN, Staff, send_campaign
from onebox.demo.children import children
from onebox.failures import Failure
from onebox.instance import Instance, announce, held, instance_in
from onebox.tokens import published_keys, read_keys
from services.chassis.identity import TokenVerifier
from services.chassis.queue import JobRunner
from tests.support.records import app_of, fetch
from tests.support.services import module_of

COUNTIES = ("2469", "2408", "2414")
URL = "http://127.0.0.1:8123"
ENTRIES = institutions.entries()
TERRITORIES = [line.split(";") for line in (institutions.FILES / "territories.csv").read_text("utf-8").splitlines()]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    instance = instance_in(tmp_path)
    with held(instance):
        announce(instance, URL)
        yield instance


@asynccontextmanager
async def trusting(instance: Instance, service: str, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The service, trusting this instance's issuer and working on its jobs."""
    app, keys = app_of(client), published_keys(read_keys(instance.issuer_key))

    async def own_keys() -> dict[str, Any]:
        return dict(keys)

    app.state.verifier = TokenVerifier(f"{URL}/issuer", "splot", own_keys)
    runner = JobRunner(app.state.database, module_of(service, "main").JOBS)
    running = asyncio.create_task(runner.run())
    yield client
    await runner.stop()
    await running


@pytest.fixture
async def registry(instance: Instance, racing_registry: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """An empty registry."""
    async with trusting(instance, "registry", racing_registry) as client:
        yield client


@pytest.fixture
async def screening(instance: Instance, racing_screening: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A screening service with its shipped instrument, and nothing else."""
    async with trusting(instance, "screening", racing_screening) as client:
        yield client


class Both(httpx.AsyncBaseTransport):
    """Takes every call to its service, as the gateway does."""

    def __init__(self, registry: httpx.AsyncClient, screening: httpx.AsyncClient) -> None:
        self._services = {"registry": registry._transport, "screening": screening._transport}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._services[request.url.path.split("/")[2]].handle_async_request(request)


@pytest.fixture
async def shown(instance: Instance, registry: httpx.AsyncClient) -> httpx.AsyncClient:
    """The registry with the demo in it, read by somebody who sees every county's part."""
    await load_small_demo(instance, registry._transport)
    registry.headers["authorization"] = f"Bearer {mint_for(instance, Wanted(('programme_manager',)))}"
    return registry


@pytest.fixture
async def screened(
    instance: Instance, registry: httpx.AsyncClient, screening: httpx.AsyncClient
) -> AsyncIterator[httpx.AsyncClient]:
    """Both services with the demo in them, asked through one client by whoever each answer is for."""
    async with httpx.AsyncClient(transport=Both(registry, screening), base_url=URL) as client:
        await load_small_demo(instance, client._transport)
        yield client


async def read(client: httpx.AsyncClient, path: str, service: str = "registry", **sent: Any) -> Any:
    answer = await client.get(f"/v1/{service}/{path}", **sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def items(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await read(client, path))["items"]
    return found


async def test_a_second_start_changes_nothing(
    instance: Instance, screened: httpx.AsyncClient, registry: httpx.AsyncClient, screening: httpx.AsyncClient
) -> None:
    told = "SELECT count(*) FROM events"
    before = [await fetch(service, told) for service in (registry, screening)]
    await load_small_demo(instance, screened._transport)
    assert [await fetch(service, told) for service in (registry, screening)] == before


async def test_a_county_has_its_agreement_its_site_and_its_coordinators(shown: httpx.AsyncClient) -> None:
    assert [each["state"] for each in await items(shown, "agreements?county_terc=2469")] == ["signed"]
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


async def test_its_network_has_members_of_several_sectors_by_rules(shown: httpx.AsyncClient) -> None:
    [network] = await items(shown, "networks?county_terc=2469")
    members = await items(shown, f"networks/{network['id']}/memberships")
    assert Counter(each["state"] for each in members) == {"included": 9, "excluded": 1, "proposed": 1}
    included = [each for each in members if each["state"] == "included"]
    assert {each["sector"] for each in included} >= {"education", "health", "social_assistance", "civic", "labour"}
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
    [location] = await items(shown, "programmes/TMW/sites")
    [decision] = await items(shown, f"sites/{location['id']}/scope-decisions")
    assert (location["step"], decision["is_valid"]) == ("testing", True)
    assert decision["signed_by_coalition"] != decision["signed_by_project"]
    assert (await read(shown, "appointments/coverage?programme=TMW"))["totals"]["present"] == 2
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


def called(instance: Instance, role: str, *counties: str) -> dict[str, str]:
    """The headers of a demo caller, in further counties where these are named."""
    return {"authorization": f"Bearer {mint_for(instance, Wanted((role,), counties=counties or None))}"}


async def count(client: httpx.AsyncClient, headers: dict[str, str], **query: str) -> int:
    told = await read(client, "screenings", "screening", params=query, headers=headers | {"prefer": "count=exact"})
    return int(told["total"])


async def test_a_campaign_has_come_from_its_targets_to_stage_two(
    instance: Instance, screened: httpx.AsyncClient
) -> None:
    [campaign] = (await read(screened, "campaigns", "screening", headers=called(instance, "trainer")))["items"]
    one, everywhere = f"campaigns/{campaign['id']}", called(instance, "early_screening_coordinator", *COUNTIES)
    funnel = await read(screened, f"{one}/funnel", "screening", headers=everywhere)
    steps = {"started": 599, "complete": 599, "positive": 143, "selected": 176, "stage_two_complete": 152}
    assert (funnel["target"], funnel["in_all"]) == (590, steps)
    assert [row["is_suppressed"] for row in funnel["by_county"]] == [True, True, False]
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


async def test_nobody_s_own_campaign_is_built_upon(instance: Instance, screening: httpx.AsyncClient) -> None:
    manager = called(instance, "programme_manager")
    battery = {"forms": [{"instrument_code": "DEMO", "instrument_version": 1}], "days": 90}
    own = {**CAMPAIGN, "name_pl": "Nasza kampania", "protocol_code": "OWN"}
    for path, body in {
        "protocols": {"code": "OWN", "name_pl": "Nasz protokół", "name_en": "Our protocol"},
        "protocols/OWN/versions": {"stage_one": battery},
        "campaigns": own,
    }.items():
        assert (await screening.post(f"/v1/screening/{path}", json=body, headers=manager)).status_code == 201
    staff = Staff(*[Api(screening, mint_for(instance, each), "screening") for each in SCREENING_STAFF])
    await send_campaign(staff, {})
    assert await fetch(screening, "SELECT name_pl FROM campaigns") == [("Nasza kampania",)]
    assert await fetch(screening, "SELECT count(*) FROM events WHERE type LIKE 'screening.screening.%'") == [(0,)]
    assert await fetch(screening, "SELECT count(*) FROM studies") == [(0,)]


def test_the_children_are_the_same_in_every_demo_and_none_is_there_twice() -> None:
    before = (screenings.stage_one({}), screenings.repetitions(), children())
    children.cache_clear()
    assert (screenings.stage_one({}), screenings.repetitions(), children()) == before
    assert len({child.reference for child in children()}) == len(children()) == 600


async def test_nobody_s_own_institutions_are_built_upon(instance: Instance, registry: httpx.AsyncClient) -> None:
    await institutions.send_territories(Api(registry, mint_for(instance, WRITER)))
    headers = {"authorization": f"Bearer {mint_for(instance, Wanted(('county_coordinator',)))}"}
    own = {"name": "Nasza poradnia", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    assert (await registry.post("/v1/registry/institutions", json=own, headers=headers)).status_code == 201
    await load_small_demo(instance, registry._transport)
    assert await fetch(registry, "SELECT count(*) FROM institutions") == [(1,)]
    assert await fetch(registry, "SELECT count(*) FROM networks") == [(0,)]
    assert await fetch(registry, "SELECT count(*) FROM register_reports") == [(342,)]


async def test_callers_who_work_in_an_institution_work_in_the_first_of_the_demo(instance: Instance) -> None:
    before = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    with pytest.raises(Failure):
        await load_small_demo(instance, httpx.MockTransport(takes_one_institution))
    after = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    assert before != after
    assert institution_of(DEMO_CALLERS["demo-auditor"], instance.folder) is None
    assert mint_for(instance, Wanted(("screener",))) != mint_for(instance, Wanted(("screener",)))


def takes_one_institution(request: httpx.Request) -> httpx.Response:
    """Knows the territory, and refuses whatever comes after the first institution."""
    if request.method == "GET":
        return httpx.Response(200, json={"items": []})
    return httpx.Response(201 if request.url.path.endswith("/institutions") else 503, json={"id": str(uuid.uuid4())})


async def test_a_platform_that_refuses_says_so(instance: Instance) -> None:
    def fails(request: httpx.Request) -> httpx.Response:
        if "/counties/" in request.url.path:
            return httpx.Response(404)
        return httpx.Response(202, json={"state": "failed"}, headers={"Location": "/v1/registry/jobs/1"})

    with pytest.raises(Failure, match="its territories: failed"):
        await load_small_demo(instance, httpx.MockTransport(fails))
    with pytest.raises(Failure, match="/v1/registry/institutions 503"):
        await load_small_demo(
            instance, httpx.MockTransport(lambda request: httpx.Response(503 if "inst" in str(request.url) else 200))
        )


async def test_a_platform_that_is_gone_is_no_traceback(instance: Instance) -> None:
    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Failure, match="ConnectError"):
        await load_small_demo(instance, httpx.MockTransport(gone))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["regon"])
def test_an_invented_institution_has_valid_numbers_and_lies_in_a_commune_of_the_demo(entry: dict[str, str]) -> None:
    assert regon.is_valid(entry["regon"])
    assert nip.is_valid(entry["nip"])
    communes = {"".join(row[:4]) for row in TERRITORIES if row[3]}
    assert entry["commune_terc"] in communes
    assert entry["commune_terc"].startswith(entry["county_terc"])


def test_the_demo_shows_every_sector_and_no_number_twice() -> None:
    kinds = {service["kind"] for entry in ENTRIES for service in entry["support_services"]}
    assert kinds == {"informational", "emotional", "social", "diagnostic", "therapeutic"}
    for name in ("regon", "nip", "rspo", "krs"):
        numbers = [entry[name] for entry in ENTRIES if name in entry]
        assert len(numbers) == len(set(numbers))
