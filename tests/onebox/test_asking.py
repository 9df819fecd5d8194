"""`token` and `load` work with a platform elsewhere by what its development issuer gives."""

import asyncio
import io
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from rich.console import Console

from onebox.__main__ import DEFAULT_DATA
from onebox.access import TokenRequest
from onebox.asking import Signed, token_from
from onebox.failures import Failure
from onebox.instance import instance_in
from onebox.issuer import IssuerSettings, create_issuer
from onebox.kinds import Kind
from onebox.loading import Load, load_file
from onebox.tokens import published_keys, read_keys

URL = "http://127.0.0.1:8123"
JOB = "/v1/registry/jobs/01980000-0000-7000-8000-00000000000a"
DONE = {"state": "succeeded", "progress": {"done": 1, "total": 1}, "result": {"created": 3}}


class Platform(httpx.MockTransport):
    """A platform with the real development issuer, and a registry that takes any file."""

    def __init__(self, folder: Path) -> None:
        self.key_file = folder / "issuer-key.json"
        settings = IssuerSettings(environment="test", oidc_issuer=f"{URL}/issuer", issuer_key_file=self.key_file)
        self.issuer = create_issuer(settings)
        self.scopes: list[object] = []
        super().__init__(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/issuer/token":
            return asyncio.run(self.given(request.read(), request.headers))
        self.scopes.append(self.claims(request.headers["authorization"].removeprefix("Bearer "))["scope"])
        if request.method == "POST":
            return httpx.Response(202, headers={"Location": JOB})
        return httpx.Response(200, json=DONE) if request.url.path == JOB else httpx.Response(200, text="")

    async def given(self, form: bytes, headers: httpx.Headers) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.issuer)) as client:
            given = await client.post(f"{URL}/issuer/token", content=form, headers=headers)
            return httpx.Response(given.status_code, json=given.json())

    def claims(self, token: str) -> dict[str, object]:
        keys = KeySet.import_key_set(published_keys(read_keys(self.key_file)))  # type: ignore[arg-type]
        return jwt.decode(token, keys, algorithms=["ES256"]).claims


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def test_a_role_is_that_of_its_demo_caller(platform: Platform) -> None:
    found = platform.claims(token_from(f"{URL}/", TokenRequest(("registry_editor",)), platform))
    assert (found["iss"], found["sub"]) == (f"{URL}/issuer", "demo-registry-editor")
    assert (found["roles"], found["counties"]) == (["registry_editor"], ["2469"])


def test_a_scope_is_that_of_a_service_account_and_no_other_comes_along(platform: Platform) -> None:
    found = platform.claims(token_from(URL, TokenRequest(scopes=("registry:write",)), platform))
    assert (found["sub"], found["scope"]) == ("demo-registry-writer", "registry:write")


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (TokenRequest(), "--role"),
        (TokenRequest(("emperor",)), "no role emperor"),
        (TokenRequest(("registry_editor",), counties=("2408",)), "no --county"),
        (TokenRequest(("registry_editor", "auditor")), "one --role"),
        (TokenRequest(("auditor",), scopes=("registry:read",)), "one --role"),
        (TokenRequest(scopes=("registry:write", "screening:read")), "No service account"),
    ],
)
def test_what_the_issuer_cannot_give_is_said_before_it_is_asked(wanted: TokenRequest, reason: str) -> None:
    def never(_: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(Failure, match=reason):
        token_from(URL, wanted, httpx.MockTransport(never))


def test_a_platform_with_an_identity_provider_says_so() -> None:
    with pytest.raises(Failure, match=r"\(404\); a platform with an identity provider"):
        token_from(URL, TokenRequest(("auditor",)), httpx.MockTransport(lambda _: httpx.Response(404)))


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "nowhere", "http://127.0.0.1:1", "http://[", "ftp://x"])
def test_where_no_platform_answers_it_is_one_sentence(url: str) -> None:
    with pytest.raises(Failure, match="There is no platform at"):
        token_from(url, TokenRequest(("auditor",)))


def load(platform: Platform, file: Path, counties: tuple[str, ...] | None = None) -> dict[str, int]:
    wanted = Load(file, Kind.TERC, counties, url=URL)
    return load_file(instance_in(DEFAULT_DATA), wanted, Console(file=io.StringIO()), transport=platform)


def test_a_file_is_loaded_without_an_instance_here(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "terc.csv"
    file.write_text("WOJ;POW\n")
    assert load(platform, file)["created"] == 3
    assert set(platform.scopes) == {"registry:read registry:write"}
    with pytest.raises(Failure, match="no --county"):
        load(platform, file, ("2469",))


def test_a_token_is_renewed_when_it_has_run_out() -> None:
    given = iter(["first", "second", "third"])
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(401 if seen[-1] == "Bearer first" and len(seen) > 1 else 200)

    with httpx.Client(transport=httpx.MockTransport(answer), auth=Signed(lambda: next(given)), base_url=URL) as api:
        assert [api.get("/").status_code for _ in range(2)] == [200, 200]
    assert seen == ["Bearer first", "Bearer first", "Bearer second"]
