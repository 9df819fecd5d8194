"""Whom the verifier trusts, and everybody it does not."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from services.chassis.ground.problems import Problem, Unauthenticated
from services.chassis.trust.callers import Reach, caller_of
from services.chassis.trust.issuers import TokenVerifier
from services.chassis.trust.tokens import Claims
from tests.support.callers import AUDIENCE, ISSUER, KEY, KEYS, call_as, claims, token
from tests.support.problems import assert_problem
from tests.support.records import fetch

URL = "/v1/registry/institutions"
RSA = RSAKey.generate_key(2048, {"use": "sig", "kid": "rsa"}, private=True)
ED = OKPKey.generate_key("Ed25519", {"use": "sig", "kid": "ed"}, private=True)
STRANGER = ECKey.generate_key("P-256", {"kid": str(KEY.kid)}, private=True)
TRUSTED = {"keys": [*KEYS["keys"], RSA.as_dict(private=False), ED.as_dict(private=False)]}


class Issuer:
    """An issuer that counts how often it is asked, and can fall silent."""

    def __init__(self, keys: Any = TRUSTED) -> None:
        self.keys, self.asked, self.down = keys, 0, False

    async def __call__(self) -> dict[str, Any]:
        self.asked += 1
        if self.down:
            raise httpx.ConnectError("down")
        found: dict[str, Any] = self.keys
        return found


def verifier(issuer: Issuer | None = None) -> TokenVerifier:
    return TokenVerifier(ISSUER, AUDIENCE, issuer or Issuer())


def part(value: Any) -> str:
    """A value as a part of a compact token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(key: Any, alg: str) -> str:
    """A good token of another of the issuer's keys."""
    return jwt.encode({"alg": alg, "typ": "at+jwt", "kid": key.kid}, claims("operator"), key, algorithms=[alg])


def forged(header: dict[str, Any], secret: bytes = b"", payload: Any = None) -> str:
    """A token whose signature is an HMAC of whatever the forger knows."""
    signed = f"{part(header)}.{part(payload or claims('operator'))}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), 'sha256')) if secret else ''}"


def changed(**others: Any) -> str:
    """A well-signed token with other claims; None takes a claim away."""
    payload = claims("operator") | others
    return token({name: value for name, value in payload.items() if value is not None})


def foreign_header() -> str:
    """A good token with a header parameter that nobody here knows, and nobody calls critical."""
    header, registry = HEADER | {"nonce": "x"}, jws.JWSRegistry(strict_check_header=False)
    return jwt.encode(header, claims("operator"), KEY, registry=registry)


def now() -> int:
    return int(time.time())


def swapped() -> str:
    """Another caller's claims under a good signature."""
    return ".".join([token(claims("trainee")).split(".")[0], part(claims("operator")), token(claims()).split(".")[2]])


HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid}
PUBLIC_PEM = RSA.as_pem(private=False)

REFUSED: dict[str, Callable[[], str]] = {
    **{f"A02 alg {alg}": partial(forged, HEADER | {"alg": alg}) for alg in ("none", "None", "NONE", "nOnE", "")},
    "A02 empty signature": lambda: token(claims("operator")).rpartition(".")[0] + ".",
    "A02 without alg": lambda: forged({"typ": "at+jwt", "kid": KEY.kid}),
    "A03 HS256 with the public PEM": lambda: forged({"alg": "HS256", "typ": "at+jwt", "kid": "rsa"}, PUBLIC_PEM),
    "A03 the same, trimmed": lambda: forged({"alg": "HS256", "typ": "at+jwt", "kid": "rsa"}, PUBLIC_PEM.strip()),
    "A03 HS256 with the public JWK": lambda: forged(HEADER | {"alg": "HS256"}, json.dumps(KEYS["keys"][0]).encode()),
    "A03 HS256 with the raw point": lambda: forged(
        HEADER | {"alg": "HS256"}, KEY.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    ),
    "A03 another algorithm than the key's": lambda: signed(RSA, "PS256"),
    "A04 foreign key, right kid": lambda: token(claims("operator"), key=STRANGER),
    "A04 unknown kid": lambda: token(claims("operator"), kid="nobody"),
    "A04 kid of a file": lambda: token(claims("operator"), kid="../../../dev/null"),
    "A04 other claims under a good signature": swapped,
    "A05 jwk": lambda: token(claims("operator"), key=STRANGER, jwk=STRANGER.as_dict(private=False)),
    "A07 crit unknown": lambda: forged(HEADER | {"crit": ["exp"], "exp": 1}, b"x"),
    "A07 crit empty": lambda: forged(HEADER | {"crit": []}, b"x"),
    "A07 crit no list": lambda: forged(HEADER | {"crit": "b64"}, b"x"),
    "A07 b64 false": lambda: forged(HEADER | {"b64": False, "crit": ["b64"]}, b"x"),
    "A08 exp missing": lambda: changed(exp=None),
    "A08 exp is text": lambda: changed(exp=str(now() + 300)),
    "A08 exp 1e308": lambda: changed(exp=1e308),
    "A08 exp NaN": lambda: changed(exp=float("nan")),
    "A08 exp true": lambda: changed(exp=True),
    "A08 exp negative": lambda: changed(exp=-1),
    "A08 lives 16 minutes": lambda: changed(exp=now() + 16 * 60),
    "A08 ends before it begins": lambda: changed(iat=now() + 20, exp=now() + 10),
    "A09 iat missing": lambda: changed(iat=None),
    "A09 iat in the future": lambda: changed(iat=now() + 120, exp=now() + 240),
    "A09 nbf in the future": lambda: changed(nbf=now() + 120),
    "A09 nbf is text": lambda: changed(nbf="now"),
    "A10 iss other": lambda: changed(iss="http://evil.test"),
    "A10 iss a prefix of ours": lambda: changed(iss=ISSUER[:-1]),
    "A10 iss longer than ours": lambda: changed(iss=ISSUER + "/"),
    "A10 iss a list": lambda: changed(iss=[ISSUER]),
    "A10 iss a number": lambda: changed(iss=7),
    "A10 iss missing": lambda: changed(iss=None),
    "A10 aud other": lambda: changed(aud="registry"),
    "A10 aud missing": lambda: changed(aud=None),
    "A10 aud a list without us": lambda: changed(aud=["screening", "casework"]),
    "A10 aud a number": lambda: changed(aud=1),
    "A11 typ ID": lambda: token(claims("operator"), typ="ID"),
    "A11 typ JWT": lambda: token(claims("operator"), typ="JWT"),
    "A11 typ refresh": lambda: token(claims("operator"), typ="refresh+jwt"),
    "A11 typ missing": lambda: forged({"alg": "ES256", "kid": KEY.kid}, b"x"),
    "A12 sub missing": lambda: changed(sub=None),
    "A12 sub a number": lambda: changed(sub=7),
    "A12 sub empty": lambda: changed(sub=""),
    "A12 jti missing": lambda: changed(jti=None),
    "A12 jti a number": lambda: changed(jti=7),
    "roles are text": lambda: changed(roles="operator"),
    "roles hold a number": lambda: changed(roles=[7]),
    "a county of five digits": lambda: changed(counties=["24690"]),
    "a county in other digits": lambda: changed(counties=["\u0662\u0664\u0666\u0669"]),
    "counties are an object": lambda: changed(counties={"2469": True}),
    "an institution in capitals": lambda: changed(institution_id="01990000-0000-7000-8000-00000000000A"),
    "a county of another country": lambda: changed(counties="PL24"),
    "several counties in one text": lambda: changed(counties="2469 2401"),
    "a scope that is a list": lambda: changed(scope=["registry:write"]),
    "a repeated claim": lambda: token({}).split(".")[0] + "." + part(b'{"sub":"a","sub":"b"}') + ".AAAA",
    "payload of an array": lambda: forged(HEADER, b"x", [1]),
    "no token": lambda: "x",
    "two parts": lambda: "a.b",
    "five parts": lambda: "a.b.c.d.e",
    "header nested 50,000 deep": lambda: part(b'{"a":' + b"[" * 50_000) + ".e30.AAAA",
    "header of an array": lambda: part(b"[]") + ".e30.AAAA",
    "header of null": lambda: part(b"null") + ".e30.AAAA",
    "letters beyond ASCII": lambda: "ąę.ć.ł",
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED.keys())
async def test_a_token_that_is_not_to_be_trusted_is_refused(made: Callable[[], str]) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier().verify(made())
    assert refusal.value.members == {"reason": "token-invalid"}


async def test_an_expired_token_is_told_apart_so_that_a_client_renews_it() -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier().verify(changed(iat=now() - 600, exp=now() - 1))
    assert refusal.value.members == {"reason": "token-expired"}


async def test_a_good_token_of_each_algorithm_is_trusted() -> None:
    good = [changed(), changed(aud=["other", AUDIENCE]), changed(iat=now() + 20, exp=now() + 500)]
    good += [token(claims("operator"), typ=typ) for typ in ("application/at+jwt", "AT+JWT")]
    good += [token(claims("operator"), **{name: "a-print-of-a-certificate"}) for name in ("x5t", "x5t#S256")]
    good += [foreign_header(), changed(counties="2469")]
    for text in [*good, changed(exp=now() + 299.5, iat=now() - 0.5), signed(RSA, "RS256"), signed(ED, "Ed25519")]:
        found = await verifier().verify(text)
        assert (found.subject, found.roles, found.counties) == ("operator", ("operator",), frozenset({"2469"}))


@given(st.text(max_size=80) | st.tuples(*[st.binary(max_size=40).map(part)] * 3).map(".".join))
async def test_any_text_is_a_refusal_and_no_other_error(text: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().verify(text)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)
)
_headers = st.dictionaries(st.sampled_from(["alg", "typ", "kid", "crit", "b64", "zip", "x"]), _json, max_size=5)


@given(_headers)
async def test_any_header_is_a_refusal_and_no_other_error(header: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().verify(f"{part({'typ': 'at+jwt', 'kid': KEY.kid} | header)}.e30.AAAA")


@given(st.dictionaries(st.sampled_from(sorted(claims("x", scope="a"))), _json, min_size=1, max_size=4))
async def test_any_claims_are_trusted_or_refused_and_no_other_error(others: dict[str, Any]) -> None:
    found: Any
    try:
        found = await verifier().verify(token(claims("operator") | others))
    except Problem as problem:
        found = problem
    assert isinstance(found, Claims | Unauthenticated)


@pytest.fixture
async def listener() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address that an attacker would have us call, and what arrived there."""
    arrived: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(await reader.read(10))
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys", arrived


@pytest.mark.parametrize("name", ["jku", "x5u"])
async def test_a_token_cannot_say_where_its_key_is(listener: tuple[str, list[bytes]], name: str) -> None:
    url, arrived = listener
    with pytest.raises(Unauthenticated):
        await verifier().verify(token(claims("operator"), key=STRANGER, **{name: url}))
    assert arrived == []


async def test_of_several_roles_the_widest_reach_counts_and_a_star_is_everywhere() -> None:
    grants = {"a": {"p": Reach.OWN_INSTITUTION}, "b": {"p": Reach.OWN_COUNTIES}}
    caller = caller_of(await verifier().verify(changed(roles=["b", "a", "nobody"])), grants)
    assert (caller.reach("p"), caller.reach("q")) == (Reach.OWN_COUNTIES, None)
    starred = caller_of(await verifier().verify(changed(roles=["b"], counties=["*"])), grants)
    assert starred.reach("p") == Reach.EVERYWHERE


@pytest.mark.parametrize(
    ("headers", "status", "slug"),
    [
        ([], 401, "unauthenticated"),
        ([("authorization", "Bearer ")], 401, "unauthenticated"),
        ([("authorization", "Bearer")], 401, "unauthenticated"),
        ([("authorization", "Basic dXNlcjpwYXNz")], 401, "unauthenticated"),
        ([("authorization", call_as("operator")["authorization"])] * 2, 400, "malformed-request"),
        ([("authorization", call_as("auditor")["authorization"].replace("Bearer", "Token"))], 401, "unauthenticated"),
        ([("x-actor", "operator"), ("x-roles", "registry_editor")], 401, "unauthenticated"),
    ],
)
async def test_a_request_without_one_good_token_is_refused_and_recorded(
    registry: httpx.AsyncClient, headers: list[tuple[str, str]], status: int, slug: str
) -> None:
    del registry.headers["authorization"]
    answer = await registry.get(URL, headers=headers)
    assert_problem(answer, status, slug)
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
        [record] = await fetch(registry, "SELECT actor, action, outcome FROM audit_records")
        assert tuple(record) == ("anonymous", "list_institutions", "unauthenticated")


async def test_a_refused_token_leaves_none_of_its_claims_behind(registry: httpx.AsyncClient) -> None:
    bad = token(claims("operator", subject="KANAREK-77"), key=STRANGER)
    answer = await registry.get(URL, headers={"authorization": f"Bearer {bad}"})
    assert assert_problem(answer, 401, "unauthenticated")["reason"] == "token-invalid"
    [record] = await fetch(registry, "SELECT * FROM audit_records")
    assert "KANAREK" not in answer.text + str(record)
