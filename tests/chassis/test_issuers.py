"""Which keys are trusted: through outages, rotations and withdrawals; and what the log tells of a refused token."""

import asyncio
import time
from typing import Any

import pytest

from services.chassis.ground.problems import Unauthenticated, Unavailable
from services.chassis.ground.settings import IdentitySettings
from services.chassis.trust import issuers
from services.chassis.trust.issuers import verifier_for
from services.chassis.trust.tokens import LONGEST_LIFETIME
from tests.chassis.issuer_sites import Site
from tests.chassis.tokens_made import RSA, STRANGER, TRUSTED, Issuer, changed, signed, verifier
from tests.gateway.fakes import serving
from tests.support.callers import KEYS, claims, token


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
