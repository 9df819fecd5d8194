"""What the log says of tokens that are refused, and of issuers that have no keys."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.chassis.ground.problems import Unauthenticated
from services.chassis.ground.settings import IdentitySettings
from services.chassis.trust import issuers
from services.chassis.trust.issuers import verifier_for
from tests.chassis.issuer_sites import Site
from tests.chassis.tokens_made import STRANGER, TRUSTED, changed, now, part, verifier
from tests.gateway.fakes import serving
from tests.support.callers import claims, token
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
