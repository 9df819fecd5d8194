"""The small demo is valid, is sent once, and touches nothing that is there."""

import re
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from stdnum.pl import nip, regon

from onebox.access import TokenRequest, mint_for
from onebox.callers import DEMO_CALLERS, institution_of
from onebox.demo import SCREENING_STAFF, WRITER, families, institutions, load_small_demo, screenings
from onebox.demo.api import Api
from onebox.demo.campaign import CAMPAIGN, Staff, send_campaign
from onebox.demo.children import children
from onebox.demo.programmes import send_programmes
from onebox.failures import Failure
from onebox.instance import Instance
from tests.onebox.demo import announced, called, trusting
from tests.support.records import fetch

DAY, DATE = date(2026, 2, 28), re.compile(r"\d{4}-\d\d-\d\d")
ENTRIES = institutions.entries()
TERRITORIES = [line.split(";") for line in (institutions.FILES / "territories.csv").read_text("utf-8").splitlines()]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with announced(tmp_path) as instance:
        yield instance


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


def test_the_families_are_the_same_on_every_day_but_for_their_dates() -> None:
    first, again, later = [str(families.stories(day)) for day in (DAY, DAY, DAY + timedelta(days=400))]
    assert first == again != later
    assert DATE.sub("", first) == DATE.sub("", later)


def test_the_children_are_the_same_in_every_demo_and_none_is_there_twice() -> None:
    before = (screenings.stage_one({}), screenings.repetitions(), children())
    children.cache_clear()
    assert (screenings.stage_one({}), screenings.repetitions(), children()) == before
    assert len({child.reference for child in children()}) == len(children()) == 600


async def test_nobody_s_own_institutions_are_built_upon(instance: Instance, registry: httpx.AsyncClient) -> None:
    await institutions.send_territories(Api(registry, mint_for(instance, WRITER)))
    headers = {"authorization": f"Bearer {mint_for(instance, TokenRequest(('county_coordinator',)))}"}
    own = {"name": "Nasza poradnia", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    assert (await registry.post("/v1/registry/institutions", json=own, headers=headers)).status_code == 201
    await load_small_demo(instance, registry._transport)
    assert await fetch(registry, "SELECT count(*) FROM institutions") == [(1,)]
    assert await fetch(registry, "SELECT count(*) FROM networks") == [(0,)]
    assert await fetch(registry, "SELECT count(*) FROM register_reports") == [(529,)]


async def test_callers_who_work_in_an_institution_work_in_the_first_of_the_demo(instance: Instance) -> None:
    before = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    with pytest.raises(Failure):
        await load_small_demo(instance, httpx.MockTransport(takes_one_institution))
    after = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    assert before != after
    assert institution_of(DEMO_CALLERS["demo-auditor"], instance.folder) is None
    assert mint_for(instance, TokenRequest(("screener",))) != mint_for(instance, TokenRequest(("screener",)))


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


async def test_a_service_that_cannot_answer_now_is_not_left_out(instance: Instance) -> None:
    def busy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503 if "/v1/training/" in str(request.url) else 404)

    async with httpx.AsyncClient(transport=httpx.MockTransport(busy), base_url="http://x") as client:
        api = Api(client, "", "training")
        with pytest.raises(Failure, match="/v1/training/programmes 503"):
            await send_programmes(api, api)
        assert not await Api(client, "", "casework").knows("pathways")


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
