"""The small demo is valid, is sent once, touches nothing that is there, and shows every part of the registry."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from stdnum.pl import nip, regon

from onebox.access import Wanted, mint_for
from onebox.callers import DEMO_CALLERS, institution_of
from onebox.demo import WRITER, institutions, load_small_demo
from onebox.demo.api import Api
from onebox.failures import Failure
from onebox.instance import Instance, announce, held, instance_in
from onebox.tokens import published_keys, read_keys
from services.chassis.identity import TokenVerifier
from services.chassis.queue import JobRunner
from services.registry.main import JOBS
from tests.support.records import app_of, fetch

URL = "http://127.0.0.1:8123"
ENTRIES = institutions.entries()
TERRITORIES = [line.split(";") for line in (institutions.FILES / "territories.csv").read_text("utf-8").splitlines()]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    instance = instance_in(tmp_path)
    with held(instance):
        announce(instance, URL)
        yield instance


@pytest.fixture
async def registry(instance: Instance, racing_registry: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """An empty registry that trusts this instance's issuer and works on its jobs."""
    app = app_of(racing_registry)
    keys = published_keys(read_keys(instance.issuer_key))

    async def own_keys() -> dict[str, Any]:
        return dict(keys)

    app.state.verifier = TokenVerifier(f"{URL}/issuer", "splot", own_keys)
    runner = JobRunner(app.state.database, JOBS)
    running = asyncio.create_task(runner.run())
    yield racing_registry
    await runner.stop()
    await running


@pytest.fixture
async def shown(instance: Instance, registry: httpx.AsyncClient) -> httpx.AsyncClient:
    """The registry with the demo in it, read by somebody who sees every county's part."""
    await load_small_demo(instance, registry._transport)
    registry.headers["authorization"] = f"Bearer {mint_for(instance, Wanted(('programme_manager',)))}"
    return registry


async def read(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(f"/v1/registry/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def items(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await read(client, path))["items"]
    return found


async def test_a_second_start_changes_nothing(instance: Instance, shown: httpx.AsyncClient) -> None:
    told = "SELECT count(*) FROM events"
    before = await fetch(shown, told)
    await load_small_demo(instance, shown._transport)
    assert await fetch(shown, told) == before


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

    with pytest.raises(Failure, match="not imported: failed"):
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
