"""What tells of a person is sealed, and turns up nowhere else: no table, event, audit record, refusal or log has it."""

import uuid
from types import ModuleType

import httpx
import pytest

from tests.casework.calendar_feeds import asks as calendar_feeds
from tests.casework.canaries import CANARY, EVERYTHING, PESEL, Canaries, kept_in_the_open, tells
from tests.casework.monitoring_reports import asks as monitoring_reports
from tests.casework.people.made import CHILD, tag
from tests.casework.retention_rules import asks as retention_rules
from tests.casework.retention_runs import asks as retention_runs
from tests.casework.test_permissions import SLICES
from tests.support.asks import Made, Target

# A county's report and its comment are about numbers, a rule of retention about kinds of records, a feed about tasks.
OF_NOBODY = (calendar_feeds, monitoring_reports, retention_rules, retention_runs)
OF_PEOPLE = [slice_ for slice_ in dict.fromkeys(SLICES) if hasattr(slice_, "prepare") and slice_ not in OF_NOBODY]


@pytest.fixture
def canaries(casework: httpx.AsyncClient) -> Canaries:
    return Canaries(casework)


@pytest.fixture
async def spiked(canaries: Canaries) -> httpx.AsyncClient:
    """Somebody who may do everything, and whose every text is a canary."""
    return httpx.AsyncClient(transport=canaries, base_url="http://casework", headers=EVERYTHING)


def name_of(slice_: ModuleType) -> str:
    return slice_.__name__.split(".")[-2]


@pytest.mark.parametrize("slice_", OF_PEOPLE, ids=name_of)
async def test_whatever_is_asked_nothing_of_a_person_stands_in_the_open(
    casework: httpx.AsyncClient,
    spiked: httpx.AsyncClient,
    canaries: Canaries,
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
    for asked in slice_.ASKS.values():
        ask = asked(target)
        headers = {"idempotency-key": str(uuid.uuid4())} | ({} if ask.tag is None else tag(ask.tag))
        wrong = {name: [CANARY, {"name": PESEL}] for name in ask.json or {}}
        for body in (wrong, ask.json) if wrong else (ask.json,):
            answer = await spiked.request(ask.method, f"/v1/casework{ask.path}", json=body, headers=headers)
            assert answer.is_success or not tells(answer.text)
    assert {"given_name", "family_name", "address"} <= canaries.taken
    assert await kept_in_the_open(casework) == {}
    assert [text for text in canaries.refusals if tells(text)] == []
    assert tells("".join(capfd.readouterr())) == []


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
