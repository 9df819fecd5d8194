"""A person's day."""

import pytest

from services.screening.campaign_coverage import queries
from tests.casework.referrals.made import case_with_basis, sent
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.gateway.views.conftest import Screens
from tests.screening.campaign_releases.released import screened_campaign
from tests.screening.screenings.made import add_screening
from tests.support.callers import call_as
from tests.support.records import change

_CONFIRMED = """
UPDATE screenings SET state = 'confirmed', confirmed_by = 'somebody', confirmed_at = now()
WHERE id = CAST(:id AS uuid)
"""


async def test_a_coordinators_day_holds_what_waits_in_every_service(screens: Screens) -> None:
    registry, casework = screens.services["registry"], screens.services["casework"]
    body = {"name": "Poradnia nr 1", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    host = await screens.make("registry", "/institutions", body)
    offer = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic"}
    service = await screens.make("registry", "/support-services", offer)
    await change(registry, "UPDATE support_services SET verified_at = verified_at - interval '2 years'")
    case, _ = await case_with_basis(casework)
    async with playing(FakeRegistry()):
        referral = await sent(casework, case)
    await change(casework, "UPDATE referrals SET due_on = due_on - 60, sent_on = sent_on - 60")
    # Nobody waits for this one too long.
    async with playing(FakeRegistry()):
        await sent(casework, case)
    coordinator = call_as("county_coordinator", institution=host["id"])
    day = await screens.view("/me", coordinator)
    assert day["me"] == {
        "subject": "county_coordinator",
        "roles": ["county_coordinator"],
        "counties": ["2469"],
        "institution_id": host["id"],
    }
    assert (day["institution"]["name"], day["partial"]) == ("Poradnia nr 1", [])
    assert [each["id"] for each in day["overdue_referrals"]["items"]] == [referral["id"]]
    assert referral["id"] in {each["link"].rsplit("/", 1)[1] for each in day["due_steps"]["items"]}
    assert [each["id"] for each in day["stale_offers"]["items"]] == [service["id"]]
    assert not any(day[part]["has_more"] for part in ("overdue_referrals", "due_steps", "stale_offers"))
    assert "unconfirmed_results" not in day
    screens.gates["casework"].is_broken = True
    day = await screens.view("/me", coordinator)
    assert [each["part"] for each in day["partial"]] == ["due_steps", "overdue_referrals"]
    assert day["stale_offers"]["items"]


async def test_children_wait_for_stage_two_in_own_counties_until_they_complete_it(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    screening, who = screens.services["screening"], call_as("early_screening_coordinator")
    # Campaigns of others, opened later, fill more than one page.
    monkeypatch.setattr(queries, "MOST_CAMPAIGNS", 1)
    campaign, _ = await screened_campaign(screening, "2469", "2401")
    await screened_campaign(screening, "2401")
    await change(screening, "UPDATE campaign_counts SET stage_two = 'not_started' WHERE stage_one = 'positive'")
    scored, confirmed = await add_screening(screening), await add_screening(screening)
    await change(screening, _CONFIRMED, id=confirmed["id"])
    day = await screens.view("/me", who)
    assert [each["id"] for each in day["unconfirmed_results"]["items"]] == [scored["id"]]
    [waiting] = day["selections"]
    assert (waiting["campaign_id"], waiting["county_terc"]) == (campaign, "2469")
    assert (waiting["selected"], waiting["stage_two_complete"]) == (20, 0)
    screens.gates["screening"].broken_below = "/v1/screening/screenings"
    day = await screens.view("/me", who)
    assert [each["part"] for each in day["partial"]] == ["selections", "unconfirmed_results"]
    screens.gates["screening"].broken_below = ""
    await change(screening, "UPDATE campaign_counts SET stage_two = 'negative' WHERE stage_one = 'positive'")
    assert (await screens.view("/me", who))["selections"] == []
