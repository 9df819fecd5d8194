"""A small pilot sent to all services as the whole one is, and shown with its verdicts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.settings import GatewaySettings
from onebox import pilot
from onebox.access import TokenRequest, mint_for
from onebox.failures import Failure
from onebox.instance import Instance
from onebox.pilot import cases, counties, meetings, screenings, trainees, training
from onebox.steps import Advance
from onebox.tokens import published_keys, read_keys
from services.chassis.data.database import Database
from services.chassis.trust.issuers import TokenVerifier
from services.training.peers import asking
from tests.casework.case_batches.made import taken
from tests.conftest import racing
from tests.gateway.views import conftest as views
from tests.gateway.views.conftest import Screens, showing
from tests.onebox.conftest import Together
from tests.onebox.demo import URL, announced, called, trusting
from tests.support.problems import assert_problem
from tests.training.enrolments.registries import sites_by

Figures = dict[str, dict[str, Any]]
SMALL = (
    (counties, {"IN_PROJECT": 2, "WITH_NURSERIES": 3}),
    (
        screenings,
        {
            "CHILDREN": {"project": 60, "nursery_association": 45},
            "PUPILS": 160,
            "IN_STAGE_TWO": 100,
            # Of fewer than five nothing would be published.
            "POSITIVE_SHARE": 3,
        },
    ),
    (trainees, {"LOCATIONS": 2, "AUTHORITIES": 2}),
    (training, {"TMW_GROUPS": 4, "FERS_GROUPS": ("FERS-1",)}),
    (meetings, {"HOURS": {2022: 5, 2023: 9}}),
    (cases, {"IN_COUNTY": 3}),
)


BROKEN_OFF_AFTER = (3, 40, 100, 160)
"""Writes of a load after which nothing more is answered; how often a job is asked for depends on the machine."""


class Breaking(httpx.AsyncBaseTransport):
    """Breaks off after some writes: what was sent last is carried out, and its answer lost."""

    def __init__(self, whole: httpx.AsyncBaseTransport, left: int) -> None:
        self.whole, self.left = whole, left
        self.begun: list[asyncio.Task[httpx.Response]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.left < 0:
            raise httpx.ConnectError("broken off", request=request)
        self.left -= request.method != "GET"
        # Shielded: whoever asks in vain ends no work of a service.
        self.begun.append(asyncio.create_task(self.whole.handle_async_request(request)))
        answer = await asyncio.shield(self.begun[-1])
        if self.left < 0:
            raise httpx.ConnectError("broken off", request=request)
        return answer

    async def ended(self) -> None:
        """Once the services have done what they were asked for."""
        await asyncio.gather(*self.begun)


@pytest.fixture
async def sent(
    tmp_path: Path, admin_url: str, databases: dict[str, Database], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Instance, Screens]]:
    """The services with a small pilot in them, behind the gateway."""
    for module, sizes in SMALL:
        for name, size in sizes.items():
            monkeypatch.setattr(module, name, size)
    async with AsyncExitStack() as stack:
        instance = stack.enter_context(announced(tmp_path))
        # Before the jobs begin, which ask as well.
        made: dict[str, httpx.AsyncClient] = {}
        stack.enter_context(asking(sites_by(httpx.MockTransport(reading(instance, made)))))
        for name, database in databases.items():
            client = await stack.enter_async_context(racing(name, admin_url, database))
            made[name] = await stack.enter_async_context(trusting(instance, name, client))
        for requests in BROKEN_OFF_AFTER:
            breaking = Breaking(Together(made), requests)
            with pytest.RaisesGroup(Failure, allow_unwrapped=True, flatten_subgroups=True):
                await pilot.load_pilot(instance, silent, breaking)
            await breaking.ended()
        await pilot.load_pilot(instance, silent, Together(made))
        # All of it is there: nothing is sent again.
        await pilot.load_pilot(instance, silent, Breaking(Together(made), 0))
        monkeypatch.setattr(views, "_verifier", verifier_of(instance))
        yield instance, await stack.enter_async_context(showing(made, tmp_path))


def reading(instance: Instance, services: dict[str, httpx.AsyncClient]) -> Any:
    """The registry as training asks it, by an account of this instance."""
    headers = {"authorization": f"Bearer {mint_for(instance, TokenRequest(scopes=('registry:read',)))}"}

    async def answer(request: httpx.Request) -> httpx.Response:
        found = await services["registry"].get(request.url.raw_path.decode(), headers=headers)
        return httpx.Response(found.status_code, json=found.json())

    return answer


@contextmanager
def silent(title: str, total: int) -> Iterator[Advance]:
    yield lambda: None


def verifier_of(instance: Instance) -> Any:
    keys = published_keys(read_keys(instance.issuer_key))

    async def own_keys() -> dict[str, Any]:
        return dict(keys)

    def made(_: GatewaySettings) -> TokenVerifier:
        return TokenVerifier(f"{URL}/issuer", "splot", own_keys)

    return made


async def figures(screens: Screens, caller: dict[str, str]) -> Figures:
    shown = await screens.view("/pilot", caller)
    assert shown["partial"] == []
    return {each["id"]: each for each in shown["figures"]}


async def test_every_figure_is_computed_of_the_records_and_moves_with_them(sent: tuple[Instance, Screens]) -> None:
    instance, screens = sent
    manager = called(instance, "programme_manager")
    before = await figures(screens, manager)
    assert {name: (each["computed"], each["verdict"]) for name, each in before.items()} == {
        # Of a pilot as small as this one these contradict what is stated.
        "N1": ("105", "contradiction"),
        "N2": ("5", "contradiction"),
        "N3": ("100", "contradiction"),
        "N4": ("6", "contradiction"),
        "N5": ("14", "contradiction"),
        "N6": ("71", "agrees"),
        "N7": ("220", "not_comparable"),
        "N8": ("1, 1.1, 1.1.1, 1.2, 3", "agrees"),
        "N9": ("6000000.00", "agrees"),
        "N10": ("4951200.00", "agrees"),
        "N11": ("100.00", "agrees"),
        "N12": ("300000.00", "contradiction"),
        "N13": ("6", "contradiction"),
        "N14": ("6", "contradiction"),
        "N15": ("18", "not_comparable"),
        "N16": ("2028-12", "agrees"),
        "N17": ("4", "contradiction"),
        "N18": ("5", "agrees"),
        "N19": ("2", "not_comparable"),
        "N20": ("2", "contradiction"),
    }
    assert parts(before["N1"]) == ["60", "45"]
    assert parts(before["N2"]) == ["2", "3"]
    # 100 / 160 = 62.5 %; Wilson's interval by R: binom::binom.confint(100, 160, methods = "wilson").
    assert parts(before["N3"]) == ["160", "62.50", "54.79", "69.63"]
    assert parts(before["N4"]) == ["2", "3.0", "6", "6"]
    await change_records(screens, instance)
    after = await figures(screens, manager)
    moved = {name: each["computed"] for name, each in after.items() if each != before[name]}
    assert moved == {"N4": "7", "N5": "15", "N18": "4, 5"}
    assert after["N18"]["verdict"] == "contradiction"
    await of_others(screens, instance)


def parts(figure: dict[str, Any]) -> list[str]:
    return [part["computed"] for part in figure["parts"]]


async def change_records(screens: Screens, instance: Instance) -> None:
    """One case more, an hour of meetings more, and a platform with a seat that nobody has any more."""
    coordinator = called(instance, "county_coordinator")
    another = {"items": [taken()]}
    key = {"idempotency-key": "another"}
    casework, training, registry = (screens.services[name] for name in ("casework", "training", "registry"))
    answer = await casework.post("/v1/casework/cases:batch", json=another, headers=coordinator | key)
    assert answer.json()["items"][0]["status"] == "created"
    manager = called(instance, "training_manager")
    programme = (await training.get("/v1/training/programmes/MWM", headers=manager)).json()["id"]
    meeting = {"programme_id": programme, "county_terc": "2469", "audience_role": "pupil_screening_coordinator"}
    times = {"starts_at": "2023-11-29T08:00:00Z", "ends_at": "2023-11-29T10:00:00Z", "minutes": 60, "mode": "online"}
    session = await screens.make("training", "/sessions", meeting | times | {"title": "Spotkanie"}, manager)
    tag = {"if-match": f'"{session["id"]}:1"'}
    held = await training.post(f"/v1/training/sessions/{session['id']}/hold", headers=manager | tag)
    assert held.status_code == 200, held.text
    query = "kind=county_cooperation_platform&county_terc=2469"
    [body] = (await registry.get(f"/v1/registry/bodies?{query}", headers=coordinator)).json()["items"]
    path = f"/v1/registry/bodies/{body['id']}/members"
    seat = (await registry.get(path, headers=coordinator)).json()["items"][0]
    tag = {"if-match": f'"{seat["id"]}:{seat["version"]}"'}
    end = {"held_to": "2024-01-01", "reason": "rezygnacja"}
    ended = await registry.post(f"{path}/{seat['id']}/end", json=end, headers=coordinator | tag)
    assert ended.status_code == 200, ended.text


async def of_others(screens: Screens, instance: Instance) -> None:
    """It is for national roles, and shows each of them what they may read."""
    answer = await screens.get("/pilot", called(instance, "county_coordinator"))
    assert assert_problem(answer, 403, "outside-scope")["relation"] == "counties"
    # Who organises training everywhere is told nothing of cases.
    told = await figures(screens, called(instance, "training_manager"))
    assert told.keys() == {f"N{number}" for number in range(1, 21)} - {"N4"}
