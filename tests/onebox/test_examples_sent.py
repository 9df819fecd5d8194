"""What documents show can be sent to the demo: examples, calls, and what the documentation page fills in."""

import re
import socket
from pathlib import Path

import httpx
import pytest

from onebox.callers import DEMO_CALLERS, institution_of
from onebox.greeting import example_call
from onebox.instance import Instance
from onebox.stack import stack_of
from services.chassis.data.database import Database
from services.chassis.data.work import AuditedReading
from tests.onebox.demo import COUNTIES, called, undone
from tests.onebox.example_exceptions import NOT_SENT
from tests.onebox.example_order import BEFORE
from tests.onebox.examples import Sender
from tests.onebox.filled import behind, caller, filled, whoever_may
from tests.onebox.operations import operations
from tests.onebox.reading import called_successfully
from tests.onebox.recorded import (
    RECORDING,
    EventsTold,
    Recorder,
    headers_amiss,
    shape_amiss,
)
from tests.support.services import SERVICES

STATES = {"get_screening_document": "the newest screening is a draft, which has none"}


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("service", SERVICES)
async def test_every_example_of_the_api_document_can_be_sent(
    instance: Instance,
    admin_url: str,
    databases: dict[str, Database],
    service: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each operation is sent with its examples to the untouched demo, and undone.

    No document can know the ids and the versions of a platform: an id in a path or a body is that of a thing that is
    there, newest first, until one takes it; `If-Match` is the ETag that was read. Everything else is sent as it stands.
    What is answered has the headers and the shape that the document declares, and no other member;
    the catalogue has every event that is told.
    """
    sender = Sender(institution_of(DEMO_CALLERS["demo-screener"], instance.folder))
    refused = {}
    amiss = {}
    recorder = Recorder(service)
    told = EventsTold()
    monkeypatch.setattr(AuditedReading, "tell", told.told_as(AuditedReading.tell))
    own = {name: operation for name, operation in operations().items() if operation.service == service}
    for name in own.keys() - NOT_SENT.keys():
        async with undone(service, admin_url, databases[service]) as client:
            sender.start(client)
            for step in (*BEFORE.get(name, ()), name):
                of, _, number = step.partition("#")
                answer = await sender.send(own[of], int(number or 0))
                if answer is None or str(answer.status_code) not in own[of].successes:
                    refused[name] = step, answer and answer.text
                    break
                if wrong := headers_amiss(own[of], answer) or shape_amiss(own[of], answer):
                    amiss[of] = wrong
                recorder.keep(own[of], answer)
    if RECORDING:
        recorder.write()
    assert refused == {}
    assert amiss == {}
    assert told.amiss() == {}


def test_what_is_said_of_examples_is_said_of_operations() -> None:
    named = {step.partition("#")[0] for steps in BEFORE.values() for step in steps}
    assert operations().keys() >= named | BEFORE.keys() | NOT_SENT.keys()


async def test_every_read_of_what_the_demo_has_is_filled_in_and_answered(
    instance: Instance, services: dict[str, httpx.AsyncClient], tmp_path: Path
) -> None:
    """Those that one request of the demo cannot answer say why in example_exceptions."""
    unanswered = NOT_SENT.keys() | BEFORE.keys() | STATES.keys()
    asking = {
        name: whoever_may(instance, operation, COUNTIES)
        for name, operation in operations().items()
        if operation.method == "get" and "{" in operation.path and name not in unanswered
    }
    assert len(asking) > 100
    async with behind(services, tmp_path) as platform:
        found = await filled(platform=platform, services=SERVICES, callers=asking)
    assert {name: each for name, each in found.items() if each.get("status") != 200} == {}
    assert found.keys() == asking.keys()


async def test_a_write_is_filled_in_with_what_is_there(
    instance: Instance, services: dict[str, httpx.AsyncClient], screened: httpx.AsyncClient, tmp_path: Path
) -> None:
    own = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    headers = called(instance, "county_coordinator")
    coordinator = caller(headers)
    asking = {
        "create_screening": [caller(called(instance, "screener"), own)],
        "close_case": [coordinator],
        "begin_guardianship": [coordinator],
    }
    async with behind(services, tmp_path) as platform:
        found = await filled(platform=platform, services=SERVICES, callers=asking)
    assert found["create_screening"]["body"]["institution_id"] == own
    closing = found["close_case"]["values"]
    assert closing["if-match"].strip('"').partition(":")[0] == closing["case_id"]
    family = found["begin_guardianship"]["body"]
    for who in ("child_id", "guardian_id"):
        await called_successfully(screened, f"/v1/casework/people/{family[who]}", headers)
    assert family["child_id"] != family["guardian_id"]


README_CALLS = re.findall(r"^\| `(\w+)` \| (`/v1.+) \|$", Path("README.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("role", "calls"), README_CALLS, ids=[role for role, _ in README_CALLS])
async def test_what_the_readme_shows_is_there_for_whom_it_names(
    instance: Instance, screened: httpx.AsyncClient, role: str, calls: str
) -> None:
    above = ""
    for target in re.findall(r"`([^`]+)`", calls):
        if target.startswith("…"):
            listed = (await called_successfully(screened, above, called(instance, role))).json()["items"]
            found = above.partition("?")[0] + target[1:].replace("{id}", listed[0]["id"])
            await called_successfully(screened, found, called(instance, role))
        else:
            above = target
            await called_successfully(screened, target, called(instance, role))


async def test_the_call_that_is_greeted_with_succeeds_as_printed(
    instance: Instance, screened: httpx.AsyncClient
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        printed = example_call(stack_of(instance, listener, ("registry", "screening")))
    [role] = re.findall(r"--role (\w+)", printed)
    [target] = re.findall(r"'http://[^/]+(/[^']+)'$", printed)
    await called_successfully(screened, target, called(instance, role))
