"""What "Try it out" begins with on the documentation page: things that are there, for whoever asks."""

from pathlib import Path

import httpx

from onebox.callers import DEMO_CALLERS, institution_of
from onebox.instance import Instance
from tests.onebox.demo import called
from tests.onebox.example_exceptions import NOT_SENT
from tests.onebox.example_order import BEFORE
from tests.onebox.filled import behind, caller, filled
from tests.support.services import SERVICES

COUNTIES = ("2469", "2408", "2414")
EVERYWHERE = ("county_coordinator", "early_screening_coordinator", "screener", "specialist", "institution_coordinator")
THEIR_OWN = (
    *("training_manager", "trainer", "trainee", "adviser", "authority_member", "programme_manager"),
    *("researcher", "operator", "guardian", "auditor", "service_provider"),
)
OF_A_DRAFT = {"get_screening_document": "the newest screening of the demo is a draft, which has no document"}


async def test_every_read_of_what_the_demo_has_is_filled_in_and_answered(
    instance: Instance, services: dict[str, httpx.AsyncClient], tmp_path: Path
) -> None:
    own = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    coordinator = caller(called(instance, "county_coordinator"))
    callers = [caller(called(instance, role, *COUNTIES)) for role in EVERYWHERE]
    callers += [caller(called(instance, role)) for role in THEIR_OWN]
    writes = {
        "create_screening": caller(called(instance, "screener"), own),
        "close_case": coordinator,
        "begin_guardianship": coordinator,
    }
    async with behind(services, tmp_path) as platform:
        found = await filled(platform=platform, services=SERVICES, callers=callers, writes=writes)
    reads = found["reads"]
    refused = {name: status for name, status in reads.items() if status != 200}
    assert len(reads) - len(refused) > 150
    assert refused.keys() - NOT_SENT.keys() - BEFORE.keys() - OF_A_DRAFT.keys() == set()

    assert found["writes"]["create_screening"]["body"]["institution_id"] == own
    closing = found["writes"]["close_case"]["values"]
    assert closing["if-match"].strip('"').partition(":")[0] == closing["case_id"]
    family = found["writes"]["begin_guardianship"]["body"]
    async with httpx.AsyncClient(transport=services["casework"]._transport, base_url="http://casework") as client:
        for who in ("child_id", "guardian_id"):
            path = f"/v1/casework/people/{family[who]}"
            assert (await client.get(path, headers=called(instance, "county_coordinator"))).status_code == 200
    assert family["child_id"] != family["guardian_id"]
