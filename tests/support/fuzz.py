"""Every operation of a service's API document, asked with whatever the document allows and with what it forbids."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, reject, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from tests.support.asks import Ask
from tests.support.services import app_called

load_all_checks()
REFUSES_WRONG = openapi_checks.negative_data_rejection
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    REFUSES_WRONG,
]
SENT_HEADERS = {"content-type", "if-match", "accept", "idempotency-key"}
FEW, OTHERS_EACH_TIME = 3, 100
"""By pytest alone a few, always the same; a part of CI asks with more of them, and `make fuzz` with a hundred, others
each time. `make test` goes without: to think of requests takes longer than to answer them.
"""
MANY = int(os.environ.get("FUZZ_EXAMPLES", FEW))
EXAMPLES = settings(
    max_examples=MANY,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=MANY < OTHERS_EACH_TIME,
)


@dataclass
class Fuzz:
    """The operations of one service."""

    service: str
    _cases: dict[tuple[str, GenerationMode], st.SearchStrategy[Any]] = field(default_factory=dict)

    @cached_property
    def operations(self) -> dict[str, Any]:
        """Every operation by its label. The token is no parameter: the matrix of permissions tries who may ask."""
        document = {name: part for name, part in app_called(self.service).openapi().items() if name != "security"}
        found = schemathesis.openapi.from_dict(document).get_all_operations()
        return {operation.ok().label: operation.ok() for operation in found if isinstance(operation, Ok)}

    def cases(self, label: str, mode: GenerationMode) -> st.SearchStrategy[Any]:
        """What an operation is asked. To make the strategy costs more than what is drawn from it."""
        if (label, mode) not in self._cases:
            self._cases[label, mode] = self.operations[label].as_strategy(generation_mode=mode)
        return self._cases[label, mode]

    @cached_property
    def asked(self) -> list[tuple[str, GenerationMode]]:
        """Every operation as its document allows, and, where something besides the address can be wrong, wrongly."""
        asked = [(label, GenerationMode.POSITIVE) for label in self.operations]
        return asked + [
            (label, GenerationMode.NEGATIVE) for label in self.operations if self._can_be_asked_wrongly(label)
        ]

    def _can_be_asked_wrongly(self, label: str) -> bool:
        raw = self.operations[label].definition.raw
        return "requestBody" in raw or any(parameter["in"] != "path" for parameter in raw.get("parameters", []))

    async def ask(self, client: httpx.AsyncClient, case: schemathesis.Case[Any]) -> None:
        """Send a case in process and check the answer against the document."""
        if str((case.query or {}).get("wait", "0")) != "0":
            case.query["wait"] = 0  # a long poll would only wait
        sent = case.as_transport_kwargs(base_url=f"http://{self.service}")
        headers = {name: value for name, value in dict(sent["headers"]).items() if name.lower() in SENT_HEADERS}
        content = json.dumps(sent["json"]).encode() if "json" in sent else sent.get("data")
        if "json" in sent:
            headers.setdefault("content-type", "application/json")
        if isinstance(content, Mapping):
            content = urlencode(content, doseq=True).encode()
        try:
            answer = await client.request(
                sent["method"], sent["url"], params=sent.get("params"), headers=headers, content=content
            )
        except httpx.InvalidURL:
            # Longer than the client sends: the service never sees it.
            reject()
        # A batch is taken though items of it are wrong: each is answered with its own problem.
        takes_wrong_items = (
            sent["url"].endswith((":batch", ":confirm", ":verify", ":include")) and answer.status_code == httpx.codes.OK
        )
        # Schemathesis does not count 413 among the refusals of what is wrong.
        is_refused = answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
        checks = [check for check in CHECKS if not ((takes_wrong_items or is_refused) and check is REFUSES_WRONG)]
        case.validate_response(Response.from_httpx(answer, verify=True), checks=checks)


def aim(case: schemathesis.Case[Any], known: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    """Ask about what is there, having read its first version, and name in the body what is there."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known.get(name, case.path_parameters[name])
    last = next((name for name in reversed(list(case.path_parameters or {})) if name in known), None)
    if last is not None and case.method != "GET":
        case.headers["if-match"] = f'"{known[last]}:1"'
    if isinstance(case.body, dict):
        for name, value in fields.items():
            if name in case.body:
                case.body[name] = value


def aim_at(case: schemathesis.Case[Any], known: Ask, data: st.DataObject) -> None:
    """Ask about what is there, in the version that was read, with some of the values of a valid request."""
    places = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", case.path)
    _, version, service, _ = case.path.split("/", 3)
    found = re.fullmatch(places, f"/{version}/{service}{known.path.partition('?')[0]}")
    assert found is not None, (case.path, known.path)
    case.path_parameters = found.groupdict()
    if known.tag is not None:
        case.headers["if-match"] = f'"{known.tag["id"]}:{known.tag["version"]}"'
    if isinstance(case.body, dict) and known.json:
        kept = data.draw(st.sets(st.sampled_from(sorted(known.json))))
        case.body |= {name: known.json[name] for name in kept}
