"""The name of a trainee stands in the tables that are of people, and turns up nowhere else: in no event, audit record,
refusal, log, trace, metric, address or name of a file.
"""

import json
import os
from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import httpx
import pytest

from services.chassis.data.database import Database
from tests.casework.surroundings import Surroundings, watching
from tests.conftest import thrown_away
from tests.support.asks import Ask, Made
from tests.support.collector import exporting_app
from tests.support.holders import Place
from tests.support.records import change, fetch
from tests.training.attendances import asks as attendances
from tests.training.certificate_disclosures import asks as certificate_disclosures
from tests.training.certificate_documents import asks as certificate_documents
from tests.training.certificates import asks as certificates
from tests.training.credentials import asks as credentials
from tests.training.enrolments import asks as enrolments
from tests.training.sessions.made import a_room
from tests.training.task_teams import asks as task_teams
from tests.training.test_permissions import MATRIX
from tests.training.trainees import asks as trainees
from tests.training.validations import asks as validations
from tests.training.verifications import asks as verifications

OF_PEOPLE = (
    attendances,
    certificate_disclosures,
    certificate_documents,
    certificates,
    credentials,
    enrolments,
    task_teams,
    trainees,
    validations,
    verifications,
)
CANARY, EMAIL, CERTIFIED = "Kanarkówna-Żółta", "kanarek@example.org", "Żółć-Wymyślona"
"""The last is the name on certificates of the tests, which are records of their day and are not changed."""
SPIKED: Made = {"given_name": CANARY, "family_name": CANARY, "name": CANARY, "email": EMAIL}
SPIKE = "UPDATE trainees SET given_name = :canary, family_name = :canary, email = :email"
OF_NAMES = {"trainees", "certificates", "idempotency_keys"}
"""Tables in which a name may stand; the last holds answers for a day, for who asked alone."""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'training'::regnamespace AND relkind = 'r'"
pytestmark = pytest.mark.skipif("ADMIN_DATABASE_URL" in os.environ, reason="the log of somebody else's server")


@pytest.fixture
async def training(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[httpx.AsyncClient]:
    """Training where a collector of telemetry is named."""
    app = exporting_app("training")
    async with thrown_away("training", admin_url, databases["training"], app) as client:
        yield client


@pytest.fixture
async def left(admin_url: str) -> AsyncIterator[Surroundings]:
    async with watching(admin_url) as surroundings:
        yield surroundings


def tells(text: str) -> list[str]:
    """The names that stand in a text, as they are or escaped as in JSON."""
    return [name for name in (CANARY, EMAIL, CERTIFIED) if name in text or json.dumps(name)[1:-1] in text]


def bodies(ask: Ask) -> list[Any]:
    """What is asked with canaries for names, what is wrong in every field, and what is asked as it is."""
    if not ask.json:
        return [ask.json]
    spiked = {name: SPIKED.get(name, value) for name, value in ask.json.items()}
    return [{name: [CANARY, {"name": CANARY}] for name in ask.json}, spiked]


async def asked(client: httpx.AsyncClient, ask: Ask, body: Any, key: str) -> httpx.Response:
    tag = {} if ask.tag is None else {"if-match": f'"{ask.tag["id"]}:{ask.tag["version"]}"'}
    headers = MATRIX.everything | tag | {"idempotency-key": key}
    return await client.request(ask.method, f"/v1/training{ask.path}", json=body, headers=headers)


async def kept_elsewhere(client: httpx.AsyncClient) -> dict[str, list[str]]:
    """Each table besides those of names in which one stands, with its rows there."""
    found = {}
    for [name] in await fetch(client, TABLES):
        rows = [] if name in OF_NAMES else await fetch(client, f'SELECT CAST(t AS text) FROM training."{name}" AS t')
        if told := [str(row[0]) for row in rows if tells(str(row[0]))]:
            found[str(name)] = told
    return found


def name_of(slice_: ModuleType) -> str:
    return slice_.__name__.split(".")[-2]


@pytest.mark.parametrize("slice_", OF_PEOPLE, ids=name_of)
async def test_whatever_is_asked_no_name_stands_in_the_open(
    training: httpx.AsyncClient, left: Surroundings, capfd: pytest.CaptureFixture[str], slice_: ModuleType
) -> None:
    target = await MATRIX.make_target(training, Place.OWN_COUNTY, next(iter(slice_.ASKS)))
    await change(training, SPIKE, canary=CANARY, email=EMAIL)
    for name, of in slice_.ASKS.items():
        ask = of(target)
        for number, body in enumerate(bodies(ask)):
            answer = await asked(training, ask, body, f"{name}-{number}-of-the-canaries")
            left.addresses += [str(answer.url), str(answer.headers.raw)]
            assert answer.is_success or not tells(answer.text)
    assert await kept_elsewhere(training) == {}
    assert tells("".join(capfd.readouterr())) == []
    assert tells((await training.get("/metrics")).text) == []
    assert [kind for kind, text in left.texts().items() if tells(text)] == []


async def test_a_name_that_stands_somewhere_is_found(training: httpx.AsyncClient, left: Surroundings) -> None:
    await a_room(training)
    await change(training, "UPDATE rooms SET address = :address", address=CANARY)
    assert [*await kept_elsewhere(training)] == ["rooms"]
    left.addresses.append(CERTIFIED)
    assert [kind for kind, text in left.texts().items() if tells(text)] == ["addresses"]
