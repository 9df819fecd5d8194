"""Casework as a service: it runs on a schema and a role of its own, and only with its keyring."""

from pathlib import Path

import httpx
import pytest

from services.casework import keys
from services.casework.settings import CaseworkSettings
from services.chassis.ground.settings import ServiceSettings
from tests.conftest import settings_of
from tests.support.callers import call_as
from tests.support.problems import assert_problem


async def test_the_service_is_ready_when_its_schema_is_migrated(casework: httpx.AsyncClient) -> None:
    assert (await casework.get("/readyz")).json() == {"status": "ok"}


async def test_whoever_follows_events_finds_a_feed(casework: httpx.AsyncClient) -> None:
    feed = await casework.get("/v1/casework/events", headers=call_as(scope="events:read"))
    assert feed.json() == {"items": [], "next_cursor": "0"}


async def test_a_guardian_has_no_business_in_the_feed(casework: httpx.AsyncClient) -> None:
    assert_problem(await casework.get("/v1/casework/events", headers=call_as("guardian")), 403, "forbidden")


@pytest.fixture
def settings(admin_url: str) -> ServiceSettings:
    return settings_of("casework", admin_url)


@pytest.mark.parametrize("text", [None, "", "wrap 1 YWJj\n", "wrap 1 " + "A" * 43 + "="])
def test_without_a_whole_keyring_the_service_does_not_start(
    settings: CaseworkSettings, tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "keyring"
    if text is not None:
        file.write_text(text)
    with pytest.raises((OSError, ValueError)), keys.opened(settings.model_copy(update={"keyring_file": file})):
        pass


def test_whom_it_asks_needs_an_account(settings: CaseworkSettings) -> None:
    for asked in ("registry_url", "screening_url"):
        with pytest.raises(ValueError, match="ACCOUNT_ID"):
            CaseworkSettings(**settings.model_dump() | {asked: "http://registry:8000"})
