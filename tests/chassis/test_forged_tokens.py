"""Tokens that are not to be trusted: each of them is refused, whatever it says."""

import hmac
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ground.problems import Problem, Unauthenticated
from services.chassis.trust.tokens import Claims
from tests.chassis.tokens_made import HEADER, RSA, STRANGER, changed, now, part, signed, verifier
from tests.support.callers import ISSUER, KEY, KEYS, claims, token


def forged(header: dict[str, Any], secret: bytes = b"", payload: Any = None) -> str:
    """A token whose signature is an HMAC of whatever the forger knows."""
    signed = f"{part(header)}.{part(payload or claims('operator'))}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), 'sha256')) if secret else ''}"


def swapped() -> str:
    """Another caller's claims under a good signature."""
    return ".".join([token(claims("trainee")).split(".")[0], part(claims("operator")), token(claims()).split(".")[2]])


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
