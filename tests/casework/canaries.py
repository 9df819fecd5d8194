"""Requests to casework with a canary in every text that may tell of a person, and where the canary turns up."""

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from tests.casework.people.test_endpoints import rows
from tests.support.callers import call_as
from tests.support.records import app_of
from tests.support.services import app_called

CANARY = "Kanarkówna-Żółta"
TELEPHONE, EMAIL, PESEL = "+48 611 222 777", "kanarek@example.org", "23222899984"
SECRETS = (CANARY, "Kanark", TELEPHONE, "611222777", EMAIL, PESEL)
OF_STAFF = {"subject", "coordinator", "assessor", "display_name", "profession"}
"""Who works with a child, as these people are known at work: kept as it is, and sealed nowhere."""
OF_NOBODY = ("/pathways", "/cases/{case_id}/members")
"""What is said there is said of no child: templates, and colleagues."""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'casework'::regnamespace AND relkind = 'r'"
EVERYTHING = call_as(scope="casework:write", subject="somebody else", counties=["*"], institution=None)


class Canaries(httpx.ASGITransport):
    """Sends each JSON body with canaries in place of its texts, and as it was where that is refused."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        super().__init__(app_of(client))
        document = app_called("casework").openapi()
        self.schemas: Mapping[str, Any] = document["components"]["schemas"]
        self.operations = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", path)), method.upper(), path, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ]
        self.refusals: list[str] = []
        self.taken: set[str] = set()
        """The names of the fields whose canaries were taken."""
        self.headers: list[str] = []
        """Of every answer: where something is, and what a file is called."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer: httpx.Response | None = None
        for fields, content in self._bodies(request):
            headers = request.headers.copy()
            headers["content-length"] = str(len(content))
            if "idempotency-key" in headers:
                headers["idempotency-key"] = str(uuid.uuid4())
            sent = httpx.Request(request.method, request.url, headers=headers, content=content)
            answer = await super().handle_async_request(sent)
            self.headers.append(str(answer.headers.raw))
            if answer.status_code < 400:
                self.taken |= fields
                return answer
            self.refusals.append((await answer.aread()).decode())
        assert answer is not None
        return answer

    def _bodies(self, request: httpx.Request) -> Iterator[tuple[set[str], bytes]]:
        schema = self._schema_of(request)
        if schema is not None:
            body = json.loads(request.content)
            for adds in (True, False):
                fields: set[str] = set()
                spiked = self._spiked(body, schema, fields, adds=adds)
                yield fields, json.dumps(spiked).encode()
        yield set(), request.content

    def _schema_of(self, request: httpx.Request) -> Any:
        if not request.content or request.headers.get("content-type") != "application/json":
            return None
        for pattern, method, path, operation in self.operations:
            if method == request.method and pattern.fullmatch(request.url.path):
                is_told = any(path.removeprefix("/v1/casework").startswith(start) for start in OF_NOBODY)
                content = operation.get("requestBody", {}).get("content", {})
                return None if is_told else content.get("application/json", {}).get("schema")
        return None

    def _spiked(self, value: Any, schema: Any, fields: set[str], *, adds: bool) -> Any:
        schema = self._resolved(schema)
        if isinstance(value, list):
            return [self._spiked(each, schema.get("items", {}), fields, adds=adds) for each in value]
        if not isinstance(value, dict):
            return CANARY if isinstance(value, str) and _is_text(schema) else value
        known = {name: self._resolved(each) for name, each in schema.get("properties", {}).items()}
        spiked = {name: self._spiked(each, known.get(name, {}), fields, adds=adds) for name, each in value.items()}
        for name, each in known.items():
            if (name in value or adds) and (secret := _secret_of(name, each)):
                spiked[name] = secret
                fields.add(name)
        return {name: value[name] if name in OF_STAFF else each for name, each in spiked.items()}

    def _resolved(self, schema: Any) -> Any:
        while "$ref" in schema or "anyOf" in schema:
            if "$ref" in schema:
                schema = self.schemas[schema["$ref"].rpartition("/")[2]]
            else:
                schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
        return schema


def _is_text(schema: Any) -> bool:
    return schema.get("type") == "string" and not schema.keys() & {"enum", "const", "format", "pattern"}


def _secret_of(name: str, schema: Any) -> str | None:
    known = {"telephone": TELEPHONE, "email": EMAIL}
    if name in OF_STAFF | {"pesel", "pesel_override_reason"}:
        return None
    return known.get(name) or (CANARY if _is_text(schema) else None)


async def kept_in_the_open(client: httpx.AsyncClient) -> dict[str, list[str]]:
    """Each table in which a canary stands, with its rows there; empty where all is sealed."""
    found = {}
    for [name] in await rows(client, TABLES):
        kept = await rows(client, f'SELECT CAST(t AS text) FROM casework."{name}" AS t')
        if told := [str(row[0]) for row in kept if tells(str(row[0]))]:
            found[str(name)] = told
    return found


def tells(text: str, secrets: Sequence[str] = SECRETS) -> list[str]:
    """The secrets that stand in a text: as they are, escaped as in JSON, or as hexadecimal digits of a blob."""
    forms = {secret: (secret, json.dumps(secret)[1:-1], secret.encode().hex()) for secret in secrets}
    return [secret for secret, written in forms.items() if any(form in text for form in written)]
