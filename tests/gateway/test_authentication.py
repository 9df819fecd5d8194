"""Nobody reaches a service without a token that the gateway has verified itself."""

import asyncio
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from gateway.fast.protocol import ExpressProtocol
from gateway.main import Gateway
from gateway.routes import RoutingTable, traffic_of
from gateway.settings import GatewaySettings
from services.chassis.trust import issuers
from services.chassis.trust.issuers import TokenVerifier
from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import AssertProblem, read_answer, request_bytes, serving, speak
from tests.support.problems import slug_of

ISSUER = "http://issuer"


@pytest.mark.parametrize(
    "line",
    ["", "Authorization: Bearer", "Authorization: Bearer ", "Authorization: Basic YTpi", f"Authorization: {ANNA}"],
)
async def test_without_a_bearer_token_there_is_no_way_in(
    open_town: Town, assert_problem: AssertProblem, line: str
) -> None:
    answer = await open_town.ask("/v1/registry/institutions", *([line] if line else []), token=None)
    assert_problem(answer, 401, "unauthenticated")
    assert (answer.header("www-authenticate") or "").startswith("Bearer")
    assert not open_town.registry.seen


@pytest.mark.parametrize(
    "path",
    ["/v1/registry/counties", "/v1/registry/nothing-here", "/v1/registry/events", "/v1/registry/institution-imports"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
async def test_every_service_address_needs_a_token_by_every_method(open_town: Town, path: str, method: str) -> None:
    assert (await open_town.ask(path, token=None, method=method)).status == 401
    assert not open_town.registry.seen


@pytest.mark.parametrize("path", ["/", "/livez", "/docs", "/openapi.json", "/problems", "/problems/not-found"])
async def test_what_is_public_needs_none(open_town: Town, path: str) -> None:
    assert (await open_town.ask(path, token=None)).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_calendar_is_read_without_a_token_and_nothing_else_is(method: str) -> None:
    route = RoutingTable({"casework"}).find(b"/v1/casework/calendars/00.ics")
    assert route is not None
    assert not route.demands_token(method, b"/v1/casework/calendars/00.ics")
    assert route.demands_token("POST", b"/v1/casework/calendars/00.ics")
    for other in (b"/v1/casework/calendar-feeds", b"/v1/casework/calendarsx/1", b"/v1/casework/people/calendars"):
        assert route.demands_token(method, other)


@pytest.mark.parametrize("service", ["screening", "casework"])
def test_what_a_facade_in_fhir_offers_is_read_without_a_token_and_nothing_else_of_it(service: str) -> None:
    facade = f"/v1/{service}/fhir/".encode()
    route = RoutingTable({service}).find(facade)
    assert route is not None
    assert not route.demands_token("GET", facade + b"metadata")
    assert route.demands_token("POST", facade + b"metadata")
    for other in (b"metadata/", b"metadatax", b"Questionnaire", b"CarePlan/metadata"):
        assert route.demands_token("GET", facade + other)


async def test_a_client_of_fhir_is_refused_by_an_outcome(open_town: Town) -> None:
    answer = await open_town.ask("/v1/registry/fhir/Location", token=None)
    assert (answer.status, answer.header("content-type")) == (401, "application/fhir+json")
    assert slug_of(json.loads(answer.body)) == "unauthenticated"


@pytest.mark.parametrize(("query", "traffic"), [(b"format=csv", "transfer"), (b"a=1&_format=json", "call")])
def test_how_a_resource_is_written_makes_no_file_of_it(query: bytes, traffic: str) -> None:
    assert traffic_of("GET", b"/v1/screening/fhir/Questionnaire", query, b"*/*") == traffic


def test_a_certificate_is_verified_without_a_token_and_nothing_else_of_training() -> None:
    route = RoutingTable({"training"}).find(b"/v1/training/verify/0")
    assert route is not None
    for method, path, demanded in (
        ("GET", b"verify/0", False),
        ("POST", b"verify/0", False),
        ("DELETE", b"verify/0", True),
        ("GET", b"credentials/keys", False),
        ("POST", b"credentials/keys", True),
        ("GET", b"certificates/0/credential", True),
        ("POST", b"certificates", True),
    ):
        assert route.demands_token(method, b"/v1/training/" + path) is demanded


def claims(**other: object) -> dict[str, object]:
    now = int(time.time())
    return {"iss": ISSUER, "aud": "splot", "sub": "anna", "jti": "1", "iat": now, "exp": now + 600, **other}


@pytest.mark.parametrize(
    ("header", "changed", "status"),
    [
        ({}, {}, 200),
        ({"typ": "JWT"}, {}, 401),
        ({}, {"aud": "another"}, 401),
        ({}, {"iss": "http://issuer.evil"}, 401),
        ({}, {"exp": int(time.time()) - 60}, 401),
        ({}, {"exp": int(time.time()) + 86_400}, 401),
        ({"kid": "unknown"}, {}, 401),
    ],
)
async def test_a_token_is_verified_with_the_keys_of_the_issuer(
    town: Town, header: dict[str, str], changed: dict[str, object], status: int
) -> None:
    key = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})

    async def keys() -> dict[str, object]:
        return {"keys": [key.as_dict(private=False)]}

    await town.open()
    settings = town.gateway.entrance.settings
    gateway = Gateway(lambda: settings, lambda _: TokenVerifier(ISSUER, "splot", keys))
    token = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "one", **header}, claims(**changed), key)
    ask = request_bytes("/v1/registry/institutions", f"Authorization: Bearer {token}")
    async with serving(gateway, http=ExpressProtocol, lifespan="on") as port:
        assert [read_answer(await speak(port, ask)).status for _ in range(2)] == [status, status]
        ready = read_answer(await speak(port, request_bytes("/readyz"))).status
    assert (ready, len(town.registry.seen)) == (200, 2 if status == 200 else 0)


async def test_a_token_whose_key_is_withdrawn_is_refused_on_a_connection_where_it_was_known(town: Town) -> None:
    published = {name: ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"}) for name in "ab"}
    first = published["a"]

    async def keys() -> dict[str, object]:
        return {"keys": [key.as_dict(private=False) for key in published.values()]}

    await town.open()
    verifier = TokenVerifier(ISSUER, "splot", keys)
    gateway = Gateway(lambda: town.gateway.entrance.settings, lambda _: verifier)
    token = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "a"}, claims(), first)
    ask = f"GET /v1/registry/institutions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
    async with serving(gateway, http=ExpressProtocol, lifespan="on") as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answered = []
        for turn in range(4):
            if turn == 3:
                del published["a"]
                verifier._refreshed = -1e9
                await verifier.refresh()
            writer.write(ask.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            answered.append(head.split(b" ")[1])
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]))
        writer.close()
    assert answered == [b"200", b"200", b"200", b"401"]
    assert len(town.registry.seen) == 3


async def test_the_log_of_the_gateway_says_why_a_token_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[dict[str, str]] = []

    class Log:
        def info(self, event: str, **words: str) -> None:
            written.append({"event": event, **words})

    monkeypatch.setattr(issuers, "log", Log())
    await town.open()
    verifier = town.gateway.entrance.authentication._verifier
    monkeypatch.setattr(verifier, "_keys", KeySet([ECKey.generate_key("P-256", {"kid": "a"})]))
    stranger = ECKey.generate_key("P-256", {"kid": "a"})
    token = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "a"}, claims(), stranger)
    problem = json.loads((await town.ask("/v1/registry/institutions", token=token)).body)
    assert [(line["event"], line["check"], line["trace_id"]) for line in written] == [
        ("token refused", "signature", problem["trace_id"])
    ]


def test_production_has_no_development_issuer() -> None:
    with pytest.raises(ValueError, match="ISSUER_UPSTREAM"):
        GatewaySettings(oidc_issuer=ISSUER, environment="production", issuer_upstream="unix:/tmp/x")


def test_any_origin_is_no_origin() -> None:
    with pytest.raises(ValueError, match="CORS_ORIGINS"):
        GatewaySettings(oidc_issuer=ISSUER, cors_origins=["*"])
