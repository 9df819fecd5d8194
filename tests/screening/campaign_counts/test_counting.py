"""Whose results are counted, and who sees the children who were."""

import httpx
import pytest

from services.chassis.trust.callers import Caller
from tests.screening.campaign_releases.released import mixed
from tests.screening.campaigns.results import EVERYWHERE, add_protocol, count, open_campaign, publish_instrument, result
from tests.support.records import fetch


@pytest.fixture
async def instrument(screening: httpx.AsyncClient) -> str:
    return await publish_instrument(screening)


@pytest.fixture
async def protocol(screening: httpx.AsyncClient, instrument: str) -> str:
    return await add_protocol(screening, instrument)


async def test_the_database_shows_subjects_and_selections_of_the_callers_counties_only(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign, _ = await mixed(screening, instrument, protocol)
    own = Caller("x", counties=frozenset({"2401"}))
    await count(screening, [result(campaign, instrument, county_terc="2401")], own)
    assert await fetch(screening, "SELECT DISTINCT county_terc FROM campaign_subjects", own) == [("2401",)]
    with pytest.raises(Exception, match="row-level security"):
        await count(screening, [result(campaign, instrument)], own)


async def test_a_result_of_somebody_who_does_not_carry_the_campaign_out_is_refused(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign = await open_campaign(screening, protocol)
    with pytest.raises(Exception, match="fk_campaign_counts_implementer"):
        await count(screening, [result(campaign, instrument, implementer="nobody")], EVERYWHERE)
