"""Communiqués of a body, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.bodies.stories import PLATFORM, URL, found, tell
from tests.support.problems import assert_problem
from tests.support.records import add_territory


@pytest.fixture
async def platform(registry: httpx.AsyncClient) -> dict[str, Any]:
    await add_territory(registry)
    return await found(registry, PLATFORM)


async def test_a_communique_names_its_recipients_once(registry: httpx.AsyncClient, platform: dict[str, Any]) -> None:
    twice = ["county_council", "commune_boards", "county_council"]
    made = (await tell(registry, platform, recipients=twice, document="OR.0003.7.2024")).json()
    assert (made["recipients"], made["issued_by"]) == (["commune_boards", "county_council"], "registry_editor")
    await tell(registry, platform, issued_on="2024-08-01")
    items = (await registry.get(f"{URL}/{platform['id']}/communiques")).json()["items"]
    assert [item["issued_on"] for item in items] == ["2024-08-01", "2024-05-01"]
    only = (await registry.get(f"{URL}/{platform['id']}/communiques?recipient=county_council")).json()["items"]
    assert only == [made]


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"recipients": []}, "/recipients", "too_short"),
        ({"recipients": ["everybody"]}, "/recipients/0", "not_listed"),
        ({"issued_on": "2199-01-01"}, "/issued_on", "in_future"),
        ({"issued_on": "2023-12-31"}, "/issued_on", "wrong_order"),
    ],
)
async def test_what_is_wrong_with_a_communique_is_named(
    registry: httpx.AsyncClient, platform: dict[str, Any], facts: dict[str, Any], pointer: str, code: str
) -> None:
    [error] = assert_problem(await tell(registry, platform, **facts), 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
