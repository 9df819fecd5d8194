"""The development issuer answers as a real provider does, and not at all in production."""

import base64
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette

from onebox.callers import CLIENT_SECRET, DEMO_CALLERS
from onebox.issuer import DEMO_CALLER, IssuerSettings, create_issuer
from onebox.tokens import generate_key, mint, read_keys, rotate_key
from services.chassis.trust.issuers import TokenVerifier

ISSUER = "http://127.0.0.1:8000/issuer"
REPOSITORY = Path(__file__).parents[2]
WRITER = {"grant_type": "client_credentials", "client_id": "demo-registry-writer", "client_secret": CLIENT_SECRET}
EDITOR = {"grant_type": DEMO_CALLER, "caller": "demo-registry-editor"}


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "issuer-key.json"


@pytest.fixture
def issuer(key_file: Path) -> Starlette:
    return create_issuer(IssuerSettings(environment="test", oidc_issuer=ISSUER, issuer_key_file=key_file))


@pytest.fixture
def client(issuer: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=issuer), base_url="http://127.0.0.1:8000")


async def ask_for_token(client: httpx.AsyncClient, form: dict[str, str], **options: Any) -> httpx.Response:
    return await client.post("/issuer/token", data=form, **options)


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


async def test_discovery_leads_to_keys_and_tokens(client: httpx.AsyncClient) -> None:
    metadata = (await client.get("/issuer/.well-known/openid-configuration")).json()
    assert metadata["issuer"] == ISSUER
    keys = (await client.get(metadata["jwks_uri"])).json()["keys"]
    assert [key["kid"] for key in keys] == [KeySet.import_key_set({"keys": keys}).keys[0].thumbprint()]
    assert not any("d" in key for key in keys)
    assert (await client.post(metadata["token_endpoint"], data=EDITOR)).status_code == 200
    named = {caller["name"] for caller in metadata["demo_callers"]}
    assert named == {name for name, caller in DEMO_CALLERS.items() if not caller.is_service_account}


@pytest.mark.parametrize("name", DEMO_CALLERS)
async def test_a_demo_caller_gets_exactly_the_token_that_services_trust(client: httpx.AsyncClient, name: str) -> None:
    answer = await ask_for_token(client, {"grant_type": DEMO_CALLER, "caller": name})
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    published = (await client.get("/issuer/jwks")).json()
    token = jwt.decode(body["access_token"], KeySet.import_key_set(published), algorithms=["ES256"])
    assert token.header == {"alg": "ES256", "typ": "at+jwt", "kid": published["keys"][0]["kid"]}
    expected = {"iss", "aud", "sub", "iat", "exp", "jti", "roles", "counties"}
    caller = DEMO_CALLERS[name]
    expected |= {"institution_id"} if caller.institution_id else set()
    expected |= {"scope"} if caller.scopes else {"auth_time"}
    assert set(token.claims) == expected
    assert token.claims["exp"] - token.claims["iat"] == 900
    assert caller.is_service_account or token.claims["auth_time"] == token.claims["iat"]

    async def fetch_keys() -> dict[str, Any]:
        return dict(published)

    claims = await TokenVerifier(ISSUER, "splot", fetch_keys).verify(body["access_token"])
    assert (claims.subject, claims.roles, claims.scopes) == (name, caller.roles, frozenset(caller.scopes))
    assert claims.counties == frozenset(caller.counties)
    assert claims.is_for_a_person != caller.is_service_account


async def test_every_role_of_the_contract_has_a_demo_caller() -> None:
    contract = REPOSITORY.parent / "shared" / "design" / "api.md"
    if not contract.exists():
        pytest.skip("the contract is not here")
    people = contract.read_text().partition("# D. Roles")[2].partition("service accounts")[0]
    named = {word for word in people.split("`")[1::2] if "/" not in word and "." not in word}
    assert named == {role for caller in DEMO_CALLERS.values() for role in caller.roles}


async def test_two_tokens_differ(client: httpx.AsyncClient) -> None:
    tokens = {(await ask_for_token(client, EDITOR)).json()["access_token"] for _ in range(2)}
    assert len(tokens) == 2


async def test_a_service_account_proves_itself_in_the_header_or_the_form(client: httpx.AsyncClient) -> None:
    in_form = await ask_for_token(client, WRITER)
    in_header = await ask_for_token(
        client, {"grant_type": "client_credentials"}, headers=basic("demo-registry-writer", CLIENT_SECRET)
    )
    assert in_form.json()["scope"] == in_header.json()["scope"] == "registry:read registry:write"


async def test_a_service_account_may_ask_for_less(client: httpx.AsyncClient) -> None:
    answer = await ask_for_token(client, WRITER | {"scope": "registry:read"})
    assert answer.json()["scope"] == "registry:read"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": DEMO_CALLER}, 400, "invalid_request"),
        ({"grant_type": DEMO_CALLER, "caller": "nobody"}, 400, "invalid_grant"),
        (EDITOR | {"scope": "registry:write"}, 400, "invalid_scope"),
        (WRITER | {"scope": "registry:read casework:read"}, 400, "invalid_scope"),
        (WRITER | {"client_secret": "wrong"}, 401, "invalid_client"),
        (WRITER | {"client_secret": "fałszywe"}, 401, "invalid_client"),
        (WRITER | {"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        (WRITER | {"client_id": "demo-registry-editor"}, 400, "unauthorized_client"),
    ],
)
async def test_a_bad_grant_gets_the_error_of_rfc_6749(
    client: httpx.AsyncClient, form: dict[str, str], status: int, error: str
) -> None:
    answer = await ask_for_token(client, form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"grant_type=client_credentials&grant_type=password", "application/x-www-form-urlencoded"),
        (b'{"grant_type": "client_credentials"}', "application/json"),
        (b"grant_type=%ff", "application/x-www-form-urlencoded"),
        (b"\xff", "application/x-www-form-urlencoded"),
        (b"grant_type=" + b"a" * 10_000, "application/x-www-form-urlencoded"),
    ],
)
async def test_a_broken_form_is_an_invalid_request(client: httpx.AsyncClient, content: bytes, media_type: str) -> None:
    answer = await client.post("/issuer/token", content=content, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("header", ["Basic", "Basic ???", "Bearer abc", "Basic /////w=="])
async def test_a_broken_authorization_header_is_an_invalid_client(client: httpx.AsyncClient, header: str) -> None:
    answer = await ask_for_token(client, {"grant_type": "client_credentials"}, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_client_authenticates_in_one_way_only(client: httpx.AsyncClient) -> None:
    answer = await ask_for_token(client, WRITER, headers=basic("demo-registry-writer", CLIENT_SECRET))
    assert answer.json()["error"] == "invalid_request"


async def test_after_a_rotation_old_tokens_stay_valid_and_new_ones_have_the_new_key(
    client: httpx.AsyncClient, key_file: Path
) -> None:
    old = (await ask_for_token(client, EDITOR)).json()["access_token"]
    rotate_key(key_file)
    new = (await ask_for_token(client, EDITOR)).json()["access_token"]
    published = KeySet.import_key_set((await client.get("/issuer/jwks")).json())
    kids = {jwt.decode(token, published, algorithms=["ES256"]).header["kid"] for token in (old, new)}
    assert kids == {key.kid for key in published.keys}
    rotate_key(key_file)
    assert len(read_keys(key_file)) == 2


def test_the_signing_key_is_for_its_owner_alone(key_file: Path) -> None:
    read_keys(key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


async def test_what_the_verifier_must_refuse_can_be_minted() -> None:
    key = generate_key()
    token = mint(key, issuer=ISSUER, subject="late", lifetime=60, issued_at=int(time.time()) - 3600)
    assert jwt.decode(token, key, algorithms=["ES256"]).claims["exp"] < time.time()


def test_the_issuer_does_not_start_in_production(key_file: Path) -> None:
    environment = os.environ | {"ENVIRONMENT": "production", "OIDC_ISSUER": ISSUER, "ISSUER_KEY_FILE": str(key_file)}
    command = [sys.executable, "-m", "uvicorn", "onebox.issuer:app", "--uds", str(key_file.with_name("socket"))]
    done = subprocess.run(
        command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert "does not start with ENVIRONMENT=production" in done.stderr
    assert "Traceback" not in done.stderr
    assert not key_file.exists()
