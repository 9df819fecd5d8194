"""Which keys are trusted: through outages, rotations and withdrawals; and what the log tells of a refused token."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.chassis.ground.problems import Unauthenticated, Unavailable
from services.chassis.ground.settings import IdentitySettings
from services.chassis.trust import issuers
from services.chassis.trust.issuers import verifier_for
from services.chassis.trust.tokens import LONGEST_LIFETIME
from tests.chassis.test_identity import RSA, STRANGER, TRUSTED, Issuer, changed, now, part, signed, verifier
from tests.gateway.fakes import serving
from tests.support.callers import KEYS, claims, token
from tests.support.records import fetch

Line = dict[str, Any]


class Log:
    """A log that remembers its lines, whatever else the process has set up."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def info(self, event: str, **words: Any) -> None:
        self.lines.append({"level": "info", "event": event} | words)

    def warning(self, event: str, **words: Any) -> None:
        self.lines.append({"level": "warning", "event": event} | words)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """What is logged from now on."""
    log = Log()
    monkeypatch.setattr(issuers, "log", log)
    return log.lines


async def test_keys_outlive_an_outage_of_the_issuer() -> None:
    issuer = Issuer()
    trusting = verifier(issuer)
    await trusting.verify(token(claims("first")))
    issuer.down = True
    trusting._refreshed = -1e9
    await trusting.refresh()
    assert (await trusting.verify(token(claims("second")))).subject == "second"


@pytest.mark.parametrize(
    "answer", [{}, [], None, {"keys": None}, {"keys": [1]}, {"keys": []}, {"keys": [{"kty": "x"}]}]
)
async def test_keys_outlive_nonsense_from_the_issuer(answer: Any) -> None:
    issuer = Issuer()
    trusting = verifier(issuer)
    await trusting.refresh()
    issuer.keys, trusting._refreshed = answer, -1e9
    await trusting.refresh()
    assert issuer.asked == 2
    assert (await trusting.verify(token(claims("second")))).subject == "second"


async def test_a_key_of_a_kind_not_known_here_does_not_hide_the_others() -> None:
    issuer = Issuer(
        {"keys": [{"kty": "LMS", "kid": "quantum"}, {"kty": "OKP", "crv": "new", "x": "AA"}, *KEYS["keys"]]}
    )
    assert (await verifier(issuer).verify(token(claims("operator")))).subject == "operator"


async def test_without_any_key_nobody_is_refused_for_good() -> None:
    issuer = Issuer()
    issuer.down = True
    with pytest.raises(Unavailable):
        await verifier(issuer).verify(token(claims("operator")))


async def test_an_unknown_key_is_asked_for_once_however_many_tokens_name_one() -> None:
    issuer = Issuer()
    trusting = verifier(issuer)
    await trusting.refresh()
    trusting._refreshed -= issuers.SECONDS_BETWEEN_REFRESHES
    strangers = [trusting.verify(token(claims("operator"), kid=f"kid-{number}")) for number in range(50)]
    refusals = await asyncio.gather(*strangers, return_exceptions=True)
    assert {type(refusal) for refusal in refusals} == {Unauthenticated}
    assert issuer.asked == 2


async def test_a_new_key_of_the_issuer_is_found() -> None:
    issuer = Issuer({"keys": [RSA.as_dict(private=False)]})
    trusting = verifier(issuer)
    await trusting.verify(signed(RSA, "RS256"))
    issuer.keys, trusting._refreshed = KEYS, -1e9
    assert (await trusting.verify(token(claims("operator")))).subject == "operator"


async def test_a_remembered_token_is_forgotten_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    trusting, good = verifier(), changed()
    await trusting.verify(good)
    assert trusting.remembered(good.encode()) is not None
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert trusting.remembered(good.encode()) is None
    with pytest.raises(Unauthenticated):
        await trusting.verify(good)


async def test_a_new_key_under_a_known_name_is_found() -> None:
    issuer = Issuer({"keys": [STRANGER.as_dict(private=False)]})
    trusting = verifier(issuer)
    old = token(claims("operator"), key=STRANGER)
    await trusting.verify(old)
    issuer.keys, trusting._refreshed = KEYS, -1e9
    assert (await trusting.verify(token(claims("operator")))).subject == "operator"
    assert trusting.remembered(old.encode()) is None
    with pytest.raises(Unauthenticated):
        await trusting.verify(old)


async def test_a_wrong_signature_asks_for_keys_once_however_many_there_are() -> None:
    issuer = Issuer()
    trusting = verifier(issuer)
    await trusting.refresh()
    trusting._refreshed -= issuers.SECONDS_BETWEEN_REFRESHES
    forged = [trusting.verify(token(claims(f"operator-{number}"), key=STRANGER)) for number in range(50)]
    refusals = await asyncio.gather(*forged, return_exceptions=True)
    assert {type(refusal) for refusal in refusals} == {Unauthenticated}
    assert issuer.asked == 2


async def test_what_was_remembered_of_a_token_goes_with_its_key() -> None:
    issuer = Issuer()
    trusting = verifier(issuer)
    good = token(claims("operator"))
    await trusting.verify(good)
    trusting._refreshed = -1e9
    await trusting.refresh()
    assert trusting.remembered(good.encode()) is not None
    assert trusting.withdrawals == 0
    issuer.keys, trusting._refreshed = {"keys": [RSA.as_dict(private=False)]}, -1e9
    await trusting.refresh()
    assert trusting.remembered(good.encode()) is None
    assert trusting.withdrawals == 1
    with pytest.raises(Unauthenticated):
        await trusting.verify(good)


async def test_keys_are_asked_for_again_and_again_also_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert issuers.SECONDS_BETWEEN_FETCHES + LONGEST_LIFETIME < 3600
    monkeypatch.setattr(issuers, "SECONDS_BETWEEN_FETCHES", 0)
    monkeypatch.setattr(issuers, "SECONDS_BETWEEN_REFRESHES", 0)
    issuer, seen = Issuer(), asyncio.Event()
    trusting = verifier(issuer)

    async def fetch() -> dict[str, Any]:
        issuer.down = issuer.asked == 1
        if issuer.asked == 3:
            issuer.keys = {"keys": [RSA.as_dict(private=False)]}
            seen.set()
        return await issuer()

    trusting.fetch_keys = fetch
    fetching = asyncio.create_task(trusting.keep_fresh())
    await seen.wait()
    await asyncio.sleep(0)
    fetching.cancel()
    assert (await trusting.verify(signed(RSA, "RS256"))).subject == "operator"


REFUSED: dict[str, tuple[Callable[[], str], dict[str, str]]] = {
    "form": (lambda: "KANAREK", {"check": "form"}),
    "typ": (lambda: token(claims("operator"), typ="KANAREK"), {"check": "typ"}),
    "header": (lambda: token(claims("operator"), jku="http://KANAREK.test"), {"check": "header"}),
    "algorithm": (lambda: f"{part({'alg': 'KANAREK', 'typ': 'at+jwt', 'kid': 'x'})}.e30.AAAA", {"check": "algorithm"}),
    "key": (lambda: token(claims("operator"), kid="KANAREK"), {"check": "key"}),
    "signature": (lambda: token(claims("KANAREK"), key=STRANGER), {"check": "signature"}),
    "issuer": (lambda: changed(iss="http://KANAREK.test"), {"check": "issuer"}),
    "audience": (lambda: changed(aud="KANAREK"), {"check": "audience"}),
    "ended": (lambda: changed(iat=now() - 600, exp=now() - 1), {"check": "lifetime", "expected": "exp in the future"}),
    "too long": (
        lambda: changed(exp=now() + 3600),
        {"check": "lifetime"},
    ),
    "sub": (lambda: changed(sub=["KANAREK"]), {"check": "claim", "claim": "sub"}),
    "exp": (lambda: changed(exp="KANAREK"), {"check": "claim", "claim": "exp"}),
    "roles": (lambda: changed(roles="KANAREK"), {"check": "claim", "claim": "roles"}),
    "counties": (lambda: changed(counties=["KANAREK"]), {"check": "claim", "claim": "counties"}),
    "institution_id": (lambda: changed(institution_id="KANAREK"), {"check": "claim", "claim": "institution_id"}),
    "scope": (lambda: changed(scope=["KANAREK"]), {"check": "claim", "claim": "scope"}),
}


@pytest.mark.parametrize(("made", "told"), REFUSED.values(), ids=REFUSED.keys())
async def test_the_log_says_which_check_a_token_did_not_pass_and_never_a_value(
    lines: list[Line], made: Callable[[], str], told: dict[str, str]
) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier().verify(made(), "0af7651916cd43dd8448eb211c80319c")
    assert refusal.value.members.keys() == {"reason"}
    [line] = lines
    assert line.items() >= (told | {"event": "token refused", "trace_id": "0af7651916cd43dd8448eb211c80319c"}).items()
    assert line["expected"]
    assert "KANAREK" not in str(line)


async def test_a_refused_token_is_found_in_the_log_by_the_trace_of_its_answer(
    registry: httpx.AsyncClient, lines: list[Line]
) -> None:
    refused = changed(aud="another")
    answer = await registry.get("/v1/registry/institutions", headers={"authorization": f"Bearer {refused}"})
    [line] = [line for line in lines if line["event"] == "token refused"]
    assert (line["trace_id"], line["check"]) == (answer.json()["trace_id"], "audience")
    assert "audience" not in answer.text
    assert len(await fetch(registry, "SELECT * FROM audit_records")) == 1


class Site:
    """An issuer's site: a discovery document and keys, each at its path."""

    def __init__(self, pages: dict[str, Any]) -> None:
        self.pages, self.asked = pages, list[str]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        page = self.pages.get(scope["path"])
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        await send({"type": "http.response.start", "status": 404 if page is None else 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize("path", ["", "/", "/realms/splot", "/realms/splot/"])
async def test_keys_are_found_by_discovery_whatever_the_issuer_is_called(path: str) -> None:
    site = Site({"/jwks": TRUSTED})
    async with serving(site) as port:
        issuer = f"http://127.0.0.1:{port}{path}"
        where = f"{path.rstrip('/')}/.well-known/openid-configuration"
        site.pages[where] = {"issuer": issuer, "jwks_uri": f"http://127.0.0.1:{port}/jwks"}
        trusting = verifier_for(IdentitySettings(environment="test", oidc_issuer=issuer))
        assert (await trusting.verify(changed(iss=issuer))).subject == "operator"
    assert site.asked == [where, "/jwks"]


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing there": ({}, "/.well-known/openid-configuration answered 404, and no JSON object"),
    "no JSON": ({"/.well-known/openid-configuration": b"<html>"}, "answered 200, and no JSON object"),
    "another name": ({"/.well-known/openid-configuration": {"issuer": "http://other.test"}}, "names another issuer"),
    "no keys named": ({"/.well-known/openid-configuration": {"issuer": ""}}, "discovery names no jwks_uri"),
    "no keys there": ({"/.well-known/openid-configuration": {"issuer": "", "jwks_uri": "/jwks"}}, "/jwks answered 404"),
    "no usable key": (
        {"/.well-known/openid-configuration": {"issuer": "", "jwks_uri": "/jwks"}, "/jwks": {"keys": []}},
        "no key of a kind that is known here",
    ),
}


@pytest.mark.parametrize(("pages", "reason"), FAULTS.values(), ids=FAULTS.keys())
async def test_why_there_are_no_keys_is_logged_once_and_again_when_there_are(
    lines: list[Line], pages: dict[str, Any], reason: str
) -> None:
    where = "/.well-known/openid-configuration"
    site = Site(dict(pages))
    async with serving(site) as port:
        issuer = f"http://127.0.0.1:{port}"
        if isinstance(found := pages.get(where), dict):
            of_here = {"issuer": found["issuer"] or issuer}
            of_here |= {"jwks_uri": f"{issuer}{found['jwks_uri']}"} if "jwks_uri" in found else {}
            site.pages[where] = of_here
        trusting = verifier_for(IdentitySettings(environment="test", oidc_issuer=issuer))
        for _ in range(3):
            trusting._refreshed = -1e9
            await trusting.refresh()
        [line] = lines
        assert (line["level"], line["issuer"], trusting.ready) == ("warning", issuer, False)
        assert reason in line["reason"]
        site.pages |= {where: {"issuer": issuer, "jwks_uri": f"{issuer}/jwks"}, "/jwks": TRUSTED}
        trusting._refreshed = -1e9
        await trusting.refresh()
        assert (lines[-1]["event"], len(lines), trusting.ready) == ("the issuer's keys are known again", 2, True)


async def test_an_issuer_that_cannot_be_reached_is_logged_with_its_address(lines: list[Line]) -> None:
    trusting = verifier_for(IdentitySettings(environment="test", oidc_issuer="http://127.0.0.1:9"))
    await trusting.refresh()
    [line] = lines
    assert line["reason"].startswith("http://127.0.0.1:9/.well-known/openid-configuration cannot be reached: Connect")
