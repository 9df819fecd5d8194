"""Every operation of the registry's API document, asked with whatever the document allows and with what it forbids."""

import json
import os
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from services.registry.main import app
from tests.support.callers import claims, token
from tests.support.records import add_institution, add_territory

load_all_checks()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
]
# The token is no parameter here: who may ask what is tried by the matrix of permissions.
DOCUMENT = {name: part for name, part in app.openapi().items() if name != "security"}
OPERATIONS = {
    found.ok().label: found.ok()
    for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    if isinstance(found, Ok)
}
EVERYBODY = claims("registry_editor", counties=["*"]) | {"roles": ["registry_editor", "operator"]}
MANY = int(os.environ.get("FUZZ_EXAMPLES", "12"))
EXAMPLES = settings(
    max_examples=MANY,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=MANY == 12,
)


@pytest.fixture
async def known(racing_registry: httpx.AsyncClient) -> dict[str, Any]:
    """What is there to be asked about, by the name of the path parameter; and its ETag."""
    await add_territory(racing_registry)
    racing_registry.headers["authorization"] = f"Bearer {token(EVERYBODY)}"
    made = await add_institution(racing_registry, type="kindergarten", rspo="1", latitude=50.26, longitude=19.02)
    one = f"/v1/registry/institutions/{made['id']}"
    function = await racing_registry.post(f"{one}/functions", json={"kind": "pckz", "held_from": "2026-01-01"})
    offer = {"institution_id": made["id"], "name": "Grupa", "kind": "social", "capacity": 5}
    service = await racing_registry.post("/v1/registry/support-services", json=offer)
    assert (function.status_code, service.status_code) == (201, 201)
    return {
        "institution_id": made["id"],
        "function_id": function.json()["id"],
        "service_id": service.json()["id"],
        "terc": "2469",
    }


def aim(case: schemathesis.Case[Any], known: dict[str, Any]) -> None:
    """Ask about what is there, having read its first version."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known.get(name, case.path_parameters[name])
    last = next((name for name in reversed(list(case.path_parameters or {})) if name in known), None)
    if last is not None and case.method != "GET":
        case.headers["if-match"] = f'"{known[last]}:1"'
    if isinstance(case.body, dict):
        for name, value in {"institution_id": known["institution_id"], "county_terc": "2469"}.items():
            if name in case.body:
                case.body[name] = value


async def ask(client: httpx.AsyncClient, case: schemathesis.Case[Any]) -> None:
    """Send a case in process and check the answer against the document."""
    if str((case.query or {}).get("wait", "0")) != "0":
        case.query["wait"] = 0  # a long poll would only wait
    sent = case.as_transport_kwargs(base_url="http://registry")
    headers = {
        name: value
        for name, value in dict(sent["headers"]).items()
        if name.lower() in {"content-type", "if-match", "accept", "idempotency-key"}
    }
    content = json.dumps(sent["json"]).encode() if "json" in sent else sent.get("data")
    if "json" in sent:
        headers.setdefault("content-type", "application/json")
    answer = await client.request(
        sent["method"], sent["url"], params=sent.get("params"), headers=headers, content=content
    )
    case.validate_response(Response.from_httpx(answer, verify=True), checks=CHECKS)


def _can_be_asked_wrongly(label: str) -> bool:
    """Whether something besides the address can be wrong: a wrong address is simply not found."""
    raw = OPERATIONS[label].definition.raw
    return "requestBody" in raw or any(parameter["in"] != "path" for parameter in raw.get("parameters", []))


ASKED = [(label, GenerationMode.POSITIVE) for label in OPERATIONS]
ASKED += [(label, GenerationMode.NEGATIVE) for label in OPERATIONS if _can_be_asked_wrongly(label)]


@pytest.mark.parametrize(("label", "mode"), ASKED, ids=[f"{label} {mode}" for label, mode in ASKED])
@EXAMPLES
@given(data=st.data())
async def test_every_answer_is_as_documented_whatever_is_asked(
    racing_registry: httpx.AsyncClient, known: dict[str, Any], label: str, mode: GenerationMode, data: st.DataObject
) -> None:
    case = data.draw(OPERATIONS[label].as_strategy(generation_mode=mode))
    if mode is GenerationMode.POSITIVE and data.draw(st.booleans()):
        aim(case, known)
    await ask(racing_registry, case)
