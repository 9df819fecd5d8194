"""The pilot of the sources at full size, as individual records: everything about a
person is invented.

It is the same each time, and sent by the public API: as files or batches where an operator would
have a file, else one by one. Nothing is sent where the platform has institutions of others.

A load that was broken off can go on: it sends everything again, each request with its former
idempotency key, and requests that were done before get their former answers. Keys are kept
for seven days.
"""

import asyncio

import httpx

from onebox.access import TokenRequest, mint_for
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
    "registry": TokenRequest(scopes=("registry:read", "registry:write"), subject="pilot-registry"),
    "screening": TokenRequest(("early_screening_coordinator",), counties=EVERYWHERE, subject="pilot-screening"),
    "pupils": TokenRequest(("pupil_screening_coordinator",), counties=EVERYWHERE, subject="pilot-pupils"),
    "planning": TokenRequest(("programme_manager",), counties=EVERYWHERE, subject="pilot-manager"),
    "watching": TokenRequest(("operator",), counties=EVERYWHERE, subject="pilot-operator"),
    "casework": TokenRequest(("county_coordinator",), counties=EVERYWHERE, subject="pilot-casework"),
    "training": TokenRequest(("training_manager",), counties=EVERYWHERE, subject="pilot-training"),
    "client": TokenRequest(("programme_manager",), counties=EVERYWHERE, subject="pilot-client"),
    "trainer": TokenRequest(("trainer",), subject=TRAINER),
    "validator": TokenRequest(("trainer",), subject=VALIDATOR),
}
_SERVICES = {"planning": "screening", "pupils": "screening", "watching": "screening", "client": "training"}
_SERVICES |= {"trainer": "training", "validator": "training"}


async def load_pilot(instance: Instance, counting: Counting, transport: httpx.AsyncBaseTransport | None = None) -> None:
    """Sends the pilot, or the rest of it, unless the platform has institutions of others.

    Raises a Failure when the platform refuses a request.
    """
    begun, sent = instance.folder / "pilot-begun", instance.folder / "pilot-sent"
    if sent.exists():
        return
    if transport is None:
        from httpx_aiohttp import AiohttpTransport  # noqa: PLC0415 - so that only the pilot waits for it

        # For thousands of requests plain httpx would take more time than the platform.
        transport = AiohttpTransport()
    url = running_url(instance)
    async with httpx.AsyncClient(base_url=url, transport=transport, timeout=120, trust_env=False) as client:
        staff = Staff(
            **{
                name: Api(client, mint_for(instance, request), _SERVICES.get(name, name), resumes=True)
                for name, request in _STAFF.items()
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

    with counting("Pilot: cases of 36 counties", len(in_project())) as advance:
        # Two batches at once: one is parsed while the other is written.
        await spread(in_project(), send, advance, at_once=2)


async def _send_trainings(staff: Staff, counting: Counting) -> None:
    async with asyncio.TaskGroup() as parts:
        sites = parts.create_task(send_locations(staff, counting))
        await send_programmes_of_training(staff, counting)
        parts.create_task(send_meetings(staff, counting))
        parts.create_task(send_fers(staff, counting))
        await send_tmw(staff, dict(await sites), counting)
