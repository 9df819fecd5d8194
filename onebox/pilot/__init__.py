"""The pilot of the sources at full size, as individual records: everything about a person is invented.

It is the same each time, and sent by the public API: what an operator would have in a file comes as a file, or many
at once, the rest one by one. Nothing is sent where the platform holds institutions of others.

A load that was broken off goes on: it sends everything again, each request with the key that it had, and what was
done before is answered as it was then. Keys are kept for seven days.
"""

import asyncio

import httpx

from onebox.access import Wanted, mint_for
from onebox.callers import KATOWICE, remember_institution
from onebox.demo.api import Api
from onebox.failures import Failure
from onebox.instance import Instance, running_url
from onebox.pilot.cases import cases_of
from onebox.pilot.counties import County, in_project
from onebox.pilot.institutions import COUNSELLING
from onebox.pilot.registering import send_counties, send_locations, send_places
from onebox.pilot.screening import send_screenings
from onebox.pilot.screenings import Places
from onebox.pilot.sending import Counting, Staff, spread
from onebox.pilot.training import TRAINER, VALIDATOR, send_fers, send_meetings, send_programmes_of_training, send_tmw

EVERYWHERE = ("*",)
_STAFF = {
    "registry": Wanted(scopes=("registry:read", "registry:write"), subject="pilot-registry"),
    "screening": Wanted(("early_screening_coordinator",), counties=EVERYWHERE, subject="pilot-screening"),
    "pupils": Wanted(("pupil_screening_coordinator",), counties=EVERYWHERE, subject="pilot-pupils"),
    "planning": Wanted(("programme_manager",), counties=EVERYWHERE, subject="pilot-manager"),
    "watching": Wanted(("operator",), counties=EVERYWHERE, subject="pilot-operator"),
    "casework": Wanted(("county_coordinator",), counties=EVERYWHERE, subject="pilot-casework"),
    "training": Wanted(("training_manager",), counties=EVERYWHERE, subject="pilot-training"),
    "client": Wanted(("programme_manager",), counties=EVERYWHERE, subject="pilot-client"),
    "trainer": Wanted(("trainer",), subject=TRAINER),
    "validator": Wanted(("trainer",), subject=VALIDATOR),
}
_SERVICES = {"planning": "screening", "pupils": "screening", "watching": "screening", "client": "training"}
_SERVICES |= {"trainer": "training", "validator": "training"}


async def load_pilot(instance: Instance, counting: Counting, transport: httpx.AsyncBaseTransport | None = None) -> None:
    """Sends all of it, or what is left of it, unless there is any institution of others.

    Raises a Failure when the platform refuses.
    """
    begun, sent = instance.folder / "pilot-begun", instance.folder / "pilot-sent"
    if sent.exists():
        return
    if transport is None:
        from httpx_aiohttp import AiohttpTransport  # noqa: PLC0415 - only who loads the pilot waits for it

        # Of thousands of requests plain httpx would spend more time than the platform.
        transport = AiohttpTransport()
    url = running_url(instance)
    async with httpx.AsyncClient(base_url=url, transport=transport, timeout=120, trust_env=False) as client:
        staff = Staff(
            **{
                name: Api(client, mint_for(instance, wanted), _SERVICES.get(name, name), resumes=True)
                for name, wanted in _STAFF.items()
            }
        )
        try:
            if begun.exists() or not await staff.registry.first("institutions"):
                begun.touch()
                await _send(instance, staff, counting)
                begun.rename(sent)
        except* (httpx.TransportError, TimeoutError) as errors:
            raise Failure(f"The pilot could not be sent: {type(errors.exceptions[0]).__name__}") from errors


async def _send(instance: Instance, staff: Staff, counting: Counting) -> None:
    """Places first, and then all services at once."""
    places = await send_places(staff, counting)
    remember_institution(instance.folder, places[KATOWICE, COUNSELLING])
    async with asyncio.TaskGroup() as parts:
        parts.create_task(send_counties(staff, places, counting))
        parts.create_task(send_screenings(staff, places, counting))
        parts.create_task(_send_cases(staff, places, counting))
        parts.create_task(_send_trainings(staff, counting))


async def _send_cases(staff: Staff, places: Places, counting: Counting) -> None:
    async def send(county: County) -> None:
        await staff.casework.judge("cases:batch", cases_of(county, places))

    with counting("Pilot: cases of 36 counties", len(in_project())) as done:
        # Two at once: one is written while the other is read.
        await spread(in_project(), send, done, at_once=2)


async def _send_trainings(staff: Staff, counting: Counting) -> None:
    async with asyncio.TaskGroup() as parts:
        sites = parts.create_task(send_locations(staff, counting))
        await send_programmes_of_training(staff, counting)
        parts.create_task(send_meetings(staff, counting))
        parts.create_task(send_fers(staff, counting))
        await send_tmw(staff, dict(await sites), counting)
