"""A certified OpenID provider in front of the platform: whoever it vouches for may do what their roles allow."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.fast.protocol import ExpressProtocol
from gateway.main import Gateway
from gateway.settings import GatewaySettings
from services.chassis.trust import issuers
from services.chassis.trust.issuers import verifier_for
from tests.gateway.fakes import serving
from tests.support.npm import NotInstalled, install
from tests.support.problems import assert_problem
from tests.support.provider import Provider, provider_in
from tests.support.records import INSTITUTION, add_territory, app_of

URL = "/v1/registry/institutions"


@pytest.fixture(scope="module")
async def provider(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Provider]:
    """The provider, running for all of these tests."""
    try:
        async with provider_in(install("oidc", tmp_path_factory.mktemp("oidc"))) as running:
            yield running
    except NotInstalled as why:
        pytest.skip(str(why))


@pytest.fixture
async def clients(
    provider: Provider, racing_registry: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """The registry by itself, and through the gateway: each verifies tokens, and may ask for keys at any time."""
    monkeypatch.setattr(issuers, "SECONDS_BETWEEN_REFRESHES", 0)
    await add_territory(racing_registry)
    socket = tmp_path / "registry.sock"
    upstreams: dict[str, Any] = {"registry_upstreams": [f"unix:{socket}"]}
    settings = GatewaySettings(environment="test", oidc_issuer=provider.issuer, log_level="ERROR", **upstreams)
    app_of(racing_registry).state.verifier = verifier_for(settings)
    del racing_registry.headers["authorization"]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(app_of(racing_registry), socket=socket))
        port = await stack.enter_async_context(serving(Gateway(lambda: settings), http=ExpressProtocol, lifespan="on"))
        through = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30)
        yield [racing_registry, await stack.enter_async_context(through)]


async def read(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get(URL, headers={"authorization": f"Bearer {token}"})


async def create(client: httpx.AsyncClient, token: str, county: str = "2469") -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "idempotency-key": str(uuid.uuid4())}
    return await client.post(URL, json=INSTITUTION | {"county_terc": county}, headers=headers)


async def test_an_issuer_whose_name_ends_in_a_slash_is_found(
    provider: Provider, clients: list[httpx.AsyncClient]
) -> None:
    assert provider.issuer.endswith("/")
    for client in clients:
        assert (await client.get("/readyz")).status_code == 200


async def test_a_service_account_does_what_its_scopes_allow(
    provider: Provider, clients: list[httpx.AsyncClient]
) -> None:
    reader, writer = [await provider.service_token(f"registry:{verb}") for verb in ("read", "write")]
    for client in clients:
        assert (await read(client, reader)).status_code == 200
        assert_problem(await create(client, reader), 403, "forbidden")
        assert (await create(client, writer)).status_code == 201


async def test_a_person_who_signs_in_does_what_their_role_allows(
    provider: Provider, clients: list[httpx.AsyncClient]
) -> None:
    tokens = await provider.sign_in("anna", "openid profile email")
    renewed = await provider.renew(tokens)
    assert renewed["access_token"] != tokens["access_token"]
    for client in clients:
        for token in (tokens["access_token"], renewed["access_token"]):
            assert (await create(client, token)).status_code == 201
            assert_problem(await create(client, token, county="2401"), 403, "outside-scope")


async def test_no_application_makes_a_person_more_than_they_are(
    provider: Provider, clients: list[httpx.AsyncClient]
) -> None:
    """Anna is a registry editor, Jan a guardian, and Ola has no role at all."""
    anna = [await provider.sign_in("anna", f"openid {scope}") for scope in ("registry:read", "screening:read")]
    jan = [await provider.sign_in("jan", "openid registry:read registry:write")]
    ola = [await provider.sign_in("ola", scope) for scope in ("openid registry:write", "registry:write")]
    for client in clients:
        for tokens in (*anna, *jan, *ola):
            assert_problem(await create(client, tokens["access_token"]), 403, "forbidden")


@pytest.mark.parametrize("kid", ["first", "second"])
async def test_a_new_key_is_trusted_at_once_and_the_old_one_no_more(
    provider: Provider, clients: list[httpx.AsyncClient], kid: str
) -> None:
    """Under the name of the old key as well, and whatever was remembered of a token that it signed."""
    await provider.rotate("first")
    old = await provider.service_token("registry:read")
    assert [(await read(client, old)).status_code for client in clients] == [200, 200]
    await provider.rotate(kid)
    new = await provider.service_token("registry:read")
    for client in reversed(clients):
        assert (await read(client, new)).status_code == 200
        assert_problem(await read(client, old), 401, "unauthenticated")
