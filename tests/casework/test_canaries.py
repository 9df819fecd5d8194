"""What tells of a person is sealed, and turns up nowhere else: no table, event, audit record, refusal, log, trace,
metric, address or file name has it, nor an answer to whoever has nothing to do with the person.
"""

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

import asyncpg
import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.migrating import asyncpg_url
from services.chassis.telemetry.counting import REQUESTS
from tests.casework.calendar_feeds import asks as calendar_feeds
from tests.casework.canaries import CANARY, EVERYTHING, PESEL, Canaries, kept_in_the_open, tells
from tests.casework.monitoring_reports import asks as monitoring_reports
from tests.casework.people.made import CHILD, tag
from tests.casework.retention_rules import asks as retention_rules
from tests.casework.retention_runs import asks as retention_runs
from tests.casework.surroundings import Surroundings, watching
from tests.casework.test_permissions import SLICES
from tests.conftest import thrown_away
from tests.support.asks import Ask, Made, Target
from tests.support.callers import call_as
from tests.support.collector import exporting_app

# A county's report and its comment are about numbers, a rule of retention about kinds of records, a feed about tasks.
OF_NOBODY = (calendar_feeds, monitoring_reports, retention_rules, retention_runs)
OF_PEOPLE = [slice_ for slice_ in dict.fromkeys(SLICES) if hasattr(slice_, "prepare") and slice_ not in OF_NOBODY]
STRANGERS = [call_as(role, subject="a stranger", counties=["2401"]) for role in ("specialist", "guardian")]
"""Without any relation, in another county."""
pytestmark = pytest.mark.skipif("ADMIN_DATABASE_URL" in os.environ, reason="the log of somebody else's server")


@pytest.fixture
async def casework(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Casework where a collector of telemetry is named."""
    app = exporting_app("casework")
    async with thrown_away("casework", admin_url, databases["casework"], app) as client:
        yield client


@pytest.fixture
async def left(admin_url: str) -> AsyncIterator[Surroundings]:
    async with watching(admin_url) as surroundings:
        yield surroundings


@pytest.fixture
def canaries(casework: httpx.AsyncClient) -> Canaries:
    return Canaries(casework)


@pytest.fixture
async def spiked(canaries: Canaries) -> httpx.AsyncClient:
    """Somebody who may do everything, and whose every text is a canary."""
    return httpx.AsyncClient(transport=canaries, base_url="http://casework", headers=EVERYTHING)


def name_of(slice_: ModuleType) -> str:
    return slice_.__name__.split(".")[-2]


async def asked(client: httpx.AsyncClient, ask: Ask, body: Made | None, caller: dict[str, str]) -> httpx.Response:
    headers = {"idempotency-key": str(uuid.uuid4())} | ({} if ask.tag is None else tag(ask.tag)) | caller
    return await client.request(ask.method, f"/v1/casework{ask.path}", json=body, headers=headers)


@pytest.mark.parametrize("slice_", OF_PEOPLE, ids=name_of)
async def test_whatever_is_asked_nothing_of_a_person_stands_in_the_open(
    casework: httpx.AsyncClient,
    spiked: httpx.AsyncClient,
    canaries: Canaries,
    left: Surroundings,
    capfd: pytest.CaptureFixture[str],
    slice_: ModuleType,
) -> None:
    async def make(path: str, body: Made, seen: Made | None = None) -> Made:
        headers = {"idempotency-key": str(uuid.uuid4())} | ({} if seen is None else tag(seen))
        answer = await spiked.post(f"/v1/casework{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        made: Made = answer.json()
        return made

    target = Target("2469", client=spiked)
    await slice_.prepare(target, make)
    for of in slice_.ASKS.values():
        ask = of(target)
        wrong = {name: [CANARY, {"name": PESEL}] for name in ask.json or {}}
        for stranger in STRANGERS:
            assert tells((await asked(casework, ask, ask.json, stranger)).text) == []
        for body in (wrong, ask.json) if wrong else (ask.json,):
            answer = await asked(spiked, ask, body, {})
            assert answer.is_success or not tells(answer.text)
    assert {"given_name", "family_name", "address"} <= canaries.taken
    assert await kept_in_the_open(casework) == {}
    assert [text for text in canaries.refusals if tells(text)] == []
    assert tells("".join(capfd.readouterr())) == []
    left.addresses += canaries.headers
    assert tells((await casework.get("/metrics")).text) == []
    assert [kind for kind, text in left.texts().items() if tells(text)] == []


async def test_what_is_sealed_is_shown_to_whoever_may_see_it(
    casework: httpx.AsyncClient, spiked: httpx.AsyncClient
) -> None:
    key = {"idempotency-key": str(uuid.uuid4())}
    child = (await spiked.post("/v1/casework/people", json=CHILD, headers=key)).json()
    read = (await casework.get(f"/v1/casework/people/{child['id']}")).json()
    assert (read["given_name"], read["pesel"]) == (CANARY, CHILD["pesel"])
    again = await casework.post("/v1/casework/people", json=CHILD, headers=key)
    assert (again.status_code, tells(again.text)) == (409, [])
    assert await kept_in_the_open(casework) == {}


async def test_whatever_is_left_anywhere_is_found(
    casework: httpx.AsyncClient, left: Surroundings, admin_url: str, tmp_path: Path
) -> None:
    mark = uuid.uuid4().hex
    server = await asyncpg.connect(asyncpg_url(admin_url))
    await server.execute(f"DO $$ BEGIN RAISE LOG '{mark}'; END $$")
    await server.close()
    collector = left.collector
    collector.tracers.get_tracer("tests").start_span(mark).end()
    collector.meters.get_meter("tests").create_counter("asked").add(1, {"of": mark})
    collector.loggers.get_logger("tests").emit(body=mark)
    REQUESTS.labels("GET", mark, 200).inc()
    (tmp_path / mark).touch()
    left.addresses.append(mark)
    assert [kind for kind, text in left.texts().items() if mark not in text] == []
    REQUESTS.remove("GET", mark, 200)
    await casework.get("/v1/casework/people")
    assert '"url.path": "/v1/casework/people"' in left.texts()["spans"]
