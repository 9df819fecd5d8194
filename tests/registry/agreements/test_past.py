"""What is entered of an agreement after it has ended."""

import httpx

from tests.registry.agreements.asks import TEXT
from tests.registry.agreements.stories import join, seen, signed
from tests.support.records import add_territory


async def test_what_happened_before_a_pact_ended_is_entered_after_it_with_who_entered_it(
    registry: httpx.AsyncClient,
) -> None:
    await add_territory(registry)
    path = await signed(registry)
    end = {"terminated_on": "2026-05-01", "reason": "wypowiedzenie"}
    ended = await registry.post(f"{path}/terminate", json=end, headers=await seen(registry, path))
    entered = ended.json()["recorded"]
    assert entered.keys() == {"signed_on", "terminated_on"}
    assert {each["recorded_by"] for each in entered.values()} == {"registry_editor"}
    assert all(each["recorded_at"] > "2026-05-01" for each in entered.values())
    joined = await join(registry, path, party_name="Gmina", signed_on="2026-04-30")
    assert (joined.status_code, [*joined.json()["recorded"]]) == (201, ["signed_on"])
    annex = await registry.post(f"{path}/versions", json=TEXT | {"valid_from": "2026-04-30"})
    assert (annex.status_code, annex.json()["number"]) == (201, 2)
    leaving = {"withdrawn_on": "2026-04-30", "reason": "x"}
    party, tag = joined.headers["location"], {"if-match": joined.headers["etag"]}
    left = await registry.post(f"{party}/withdraw", json=leaving, headers=tag)
    assert (left.status_code, {*left.json()["recorded"]}) == (200, {"signed_on", "withdrawn_on"})
