"""Pages of listed origins may call from a browser, and no others."""

import pytest

from tests.gateway.conftest import Town

ORIGIN = "https://karta.example.pl"


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        (ORIGIN, True),
        ("https://karta.example.pl.evil.example", False),
        ("https://evil-karta.example.pl", False),
        ("http://karta.example.pl", False),
        ("https://karta.example.pl:8443", False),
        ("https://KARTA.example.pl", False),
        ("null", False),
        ("*", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("path", ["/v1/registry/institutions", "/openapi.json", "/v1/registry/nothing/"])
async def test_only_a_listed_origin_is_told_that_it_may_read(
    town: Town, origin: str, is_allowed: bool, path: str
) -> None:
    await town.open(cors_origins=[ORIGIN])
    answer = await town.ask(path, f"Origin: {origin}")
    assert answer.header("access-control-allow-origin") == (origin if is_allowed else None)
    assert answer.header("access-control-allow-credentials") is None
    assert "Origin" in [value for name, value in answer.headers if name == "vary"]


async def test_a_listed_origin_may_ask_beforehand_without_a_token(town: Town) -> None:
    await town.open(cors_origins=[ORIGIN])
    asks = ("Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: if-match,authorization")
    answer = await town.ask("/v1/registry/institutions/1", f"Origin: {ORIGIN}", *asks, method="OPTIONS", token=None)
    assert answer.status == 204
    assert answer.header("access-control-allow-origin") == ORIGIN
    assert "PATCH" in (answer.header("access-control-allow-methods") or "")
    assert "If-Match" in (answer.header("access-control-allow-headers") or "")
    assert not town.registry.seen


async def test_a_foreign_origin_learns_nothing_by_asking_beforehand(town: Town) -> None:
    await town.open(cors_origins=[ORIGIN])
    lines = ("Origin: https://evil.example", "Access-Control-Request-Method: PATCH")
    answer = await town.ask("/v1/registry/institutions/1", *lines, method="OPTIONS", token=None)
    assert not [name for name, _ in answer.headers if name.startswith("access-control-")]


async def test_without_a_list_there_is_nothing_about_origins(open_town: Town) -> None:
    answer = await open_town.ask("/v1/registry/institutions", f"Origin: {ORIGIN}")
    assert not [name for name, _ in answer.headers if name.startswith("access-control-") or name == "vary"]
