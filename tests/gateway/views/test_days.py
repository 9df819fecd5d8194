"""A person's day."""

from tests.casework.referrals.made import case_with_basis, sent
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.gateway.views.conftest import Screens
from tests.support.callers import call_as
from tests.support.records import change


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
