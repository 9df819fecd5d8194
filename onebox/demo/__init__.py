"""The small demo: three real counties, and invented institutions, bodies and families
in them, sent by the public API.

Each part is sent only where the platform has nothing of its kind: a second start changes
nothing, and data or corrections of others are not touched.
"""

import httpx

from onebox.access import TokenRequest, mint_for
from onebox.demo.api import Api
from onebox.demo.bodies import send_bodies, send_region
from onebox.demo.campaign import Staff, send_campaign
from onebox.demo.children import COUNTIES
from onebox.demo.clubs import send_clubs
from onebox.demo.county import send_county
from onebox.demo.families import send_families
from onebox.demo.institutions import find_own, send_institutions, send_territories
from onebox.demo.locations import send_locations
from onebox.demo.programmes import send_programmes
from onebox.demo.trainings import send_trainings
from onebox.failures import Failure
from onebox.instance import Instance, running_url

WRITER = TokenRequest(scopes=("registry:read", "registry:write"), subject="demo-registry-writer")
COORDINATOR = TokenRequest(("county_coordinator",), counties=("2414",), subject="demo-county-coordinator-2414")
MANAGER = TokenRequest(("programme_manager",))
SCREENING_STAFF = (
    MANAGER,
    TokenRequest(("early_screening_coordinator",), counties=tuple(COUNTIES), subject="demo-screening-sender"),
    TokenRequest(("early_screening_coordinator",), counties=tuple(COUNTIES)),
    TokenRequest(("screener",)),
    TokenRequest(("researcher",)),
)
TRAINING_STAFF = (TokenRequest(("training_manager",)), MANAGER)
TRAINED_BY = (TokenRequest(("training_manager",)), TokenRequest(("trainer",)), TokenRequest(("authority_member",)))
CASEWORK_STAFF = {
    "manager": MANAGER,
    "coordinator": TokenRequest(("county_coordinator",)),
    "specialist": TokenRequest(("specialist",)),
    "guardian": TokenRequest(("guardian",)),
}


async def load_small_demo(instance: Instance, transport: httpx.AsyncBaseTransport | None = None) -> None:
    """Sends the missing parts. Raises a Failure when the platform refuses one."""
    url = running_url(instance)
    async with httpx.AsyncClient(base_url=url, transport=transport, timeout=30, trust_env=False) as client:
        writer, coordinator, manager = [
            Api(client, mint_for(instance, request)) for request in (WRITER, COORDINATOR, MANAGER)
        ]
        try:
            await send_territories(writer)
            await send_institutions(writer, instance.folder)
            await _send_katowice(writer)
            await send_region(manager)
            await send_locations(writer, coordinator, manager)
            await send_clubs(writer)
            staff = [Api(client, mint_for(instance, request), "screening") for request in SCREENING_STAFF]
            await send_campaign(Staff(*staff), await find_own(writer))
            cast = {
                name: Api(client, mint_for(instance, request), "casework") for name, request in CASEWORK_STAFF.items()
            }
            planners = [Api(client, mint_for(instance, request), "training") for request in TRAINING_STAFF]
            await send_programmes(*planners)
            callers = [Api(client, mint_for(instance, request), "training") for request in TRAINED_BY]
            await send_trainings(writer, *callers)
            await send_families(cast, await find_own(writer))
        except (httpx.TransportError, TimeoutError) as error:
            raise Failure(f"The demo data could not be sent: {type(error).__name__}") from error


async def _send_katowice(writer: Api) -> None:
    """The parts that need the demo's own institutions; nothing where these are missing."""
    own = await find_own(writer)
    if own:
        await send_county(writer, own)
        await send_bodies(writer, own)
